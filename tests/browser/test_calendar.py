"""A task gets a time and stands in Google; dragged there it moves here; deleted there it stays."""

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.window import Window
from tests.fake_google.accounts import OWNER
from tests.fake_google.running import running_fake
from tests.fake_google.server import FakeServer
from tests.integration.process_trial import wait_until
from tests.product.running import Product, running_product

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeServer]:
    with running_fake() as server:
        yield server


@pytest.fixture(scope="module")
def product(fake: FakeServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One that knows the fake Google; its address is known before, for the way back."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    quick = {"CALENDAR_RESCAN_INTERVAL_S": "0.5", "CALENDAR_POLL_INTERVAL_S": "1"}
    folder = tmp_path_factory.mktemp("calendar")
    with running_product(folder, PORT=port, **fake.settings(), **quick) as running:
        yield running


def test_a_task_stands_in_google_moves_with_it_and_outlives_its_event(
    window: Window, ada: Person, fake: FakeServer
) -> None:
    _connect(window)
    window.page.get_by_role("link", name="Inbox").click()
    window.expect_live()
    task_id = ada.add("Dentist", due_at="2026-12-01T09:00:00Z")
    shown = window.row_of(task_id).locator("time")
    expect(shown).to_be_visible()
    before = shown.inner_text()

    google = window.context.new_page()
    google.goto(f"{fake.url}/?week=2026-12-01")
    event = google.locator(".event", has_text="Dentist")
    expect(event).to_be_visible(timeout=PATIENCE_MS)

    event.drag_to(google.locator("[data-day='2026-12-03']"))
    expect(shown).not_to_have_text(before, timeout=PATIENCE_MS)
    assert ada.tasks()[0]["due_at"] == "2026-12-03T09:00:00Z"

    google.get_by_role("button", name="Delete Dentist").click()
    told = window.toast("Dentist: its event was deleted in Google. The task stays.")
    expect(told).to_be_visible(timeout=PATIENCE_MS)
    told.get_by_role("button", name="Show").click()
    said = window.by("calendar-notes").locator("[data-kind=removed_there]")
    expect(said).to_contain_text("The task stays")
    assert ada.titles() == ["Dentist"]


def test_a_conflict_shows_both_values_and_the_other_one_is_a_click_away(
    window: Window, ada: Person, fake: FakeServer
) -> None:
    account = "conflicts@example.test"
    _connect(window, account)
    task_id = ada.add("Rent", due_at="2026-12-01T09:00:00Z")
    google = fake.people.named(account)
    wait_until(lambda: any(google.living(name) for name in list(google.calendars)))
    (event,) = google.living(google.made_calendar.id)
    with fake.lock:  # nobody syncs meanwhile
        ada.change(task_id, title="Rent, here")
        google.events(google.made_calendar.id).patch(event.id, {"summary": "Rent, there"}, None)

    expect(window.by("calendar-conflicts")).to_contain_text("Rent, there", timeout=PATIENCE_MS)
    expect(window.by("calendar-keep")).to_have_text("Keep “Rent, here”")
    expect(window.by("calendar-attention")).to_be_visible()
    window.by("calendar-take-other").click()
    expect(window.by("calendar-conflicts")).to_be_empty()
    expect(window.by("calendar-attention")).to_have_count(0)
    assert ada.titles() == ["Rent, there"]


def _connect(window: Window, account: str = OWNER) -> None:
    """In the settings, over Google's question, and back into the settings."""
    window.by("open-settings").click()
    window.by("calendar-connect").click()
    window.page.get_by_label("Account").fill(account)
    window.page.get_by_role("button", name="Continue").click()
    expect(window.toast("Google Calendar is connected.")).to_be_visible()
    expect(window.by("calendar-state")).to_have_attribute("data-state", "active")
    expect(window.by("calendar-state")).to_be_in_viewport()
