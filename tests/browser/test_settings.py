"""Settings: known to the server at once, the same on the next device."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.window import Window


def test_who_never_said_is_introduced_by_their_browser(window: Window, ada: Person) -> None:
    window.open("/?view=settings")
    expect(window.by("settings-zone")).to_have_value("Asia/Jerusalem")
    expect(window.by("no-email")).to_be_visible()
    expect(window.by("channel-reminder_due-email")).to_be_disabled()
    assert _preferences(ada)["time_zone"] == "Asia/Jerusalem"


def test_what_is_set_here_stands_there(window: Window, other_window: Window, ada: Person) -> None:
    other_window.press("g", "s")
    expect(other_window.by("channel-import_finished-push")).to_be_checked()
    window.press("g", "s")
    with window.page.expect_response("**/api/preferences"):
        window.by("quiet-switch").check()
    with window.page.expect_response("**/api/preferences"):
        window.by("channel-import_finished-push").uncheck()
    with window.page.expect_response("**/api/preferences"):
        window.choose("settings-language", "he")
    expect(window.page.get_by_role("heading", name="הגדרות")).to_be_visible()

    expect(other_window.by("quiet-from")).to_have_value("22:00")
    expect(other_window.by("channel-import_finished-push")).not_to_be_checked()
    saved = _preferences(ada)
    assert (saved["language"], saved["quiet_hours"]) == ("he", {"from": "22:00", "to": "07:00"})

    window.press("Escape")
    expect(window.by("quick-add")).to_be_visible()


def test_everything_can_be_taken_along(window: Window, ada: Person, tmp_path: Path) -> None:
    ada.add("Call the plumber")
    window.open("/?view=settings")
    with window.page.expect_download() as begun:
        window.by("export-json").click()
    file = tmp_path / begun.value.suggested_filename
    begun.value.save_as(file)
    assert file.suffix == ".json"
    assert "Call the plumber" in json.dumps(json.loads(file.read_text()))


def test_a_calendar_address_is_made_and_revoked(window: Window, ada: Person) -> None:
    ada.add("Call the plumber", due_on="2031-05-04")
    window.open("/?view=settings")
    window.by("feed-make").click()
    address = window.by("feed-address").input_value()
    assert "Call the plumber" in window.context.request.get(address).text()
    window.by("feed-revoke").click()
    expect(window.by("feed-address")).to_have_count(0)
    assert window.context.request.get(address).status == 404


def _preferences(person: Person) -> dict[str, Any]:
    answer: dict[str, Any] = person.api.get("/api/preferences").json()
    return answer
