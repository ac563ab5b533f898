"""The line breaks, the server dies: the indicator tells the truth, and nothing is lost or doubled."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Route, expect

from tests.browser.person import Person
from tests.browser.window import Window
from tests.product.running import Product

OFFLINE = re.compile(r"^Offline since \d{1,2}:\d\d")
NO_LINE = r"net::ERR_|WebSocket connection to"


@pytest.fixture(autouse=True)
def _lines_break_here(window: Window) -> None:
    window.troubles.expect(NO_LINE)


@contextmanager
def _offline(window: Window) -> Iterator[None]:
    window.context.set_offline(offline=True)
    expect(window.indicator).to_have_attribute("data-state", "offline")
    yield
    window.context.set_offline(offline=False)


def test_the_indicator_says_since_when_and_how_much_waits(window: Window) -> None:
    expect(window.indicator).to_have_text("Live")
    with _offline(window):
        expect(window.indicator).to_have_text(OFFLINE)
        window.add("One")
        expect(window.indicator).to_have_text(re.compile(r", 1 edit waiting$"))
        window.add("Two")
        expect(window.indicator).to_have_text(re.compile(r", 2 edits waiting$"))
    expect(window.indicator).to_have_text("Live")


def test_a_banner_comes_after_five_seconds_and_goes_with_the_trouble(window: Window) -> None:
    with _offline(window):
        expect(window.by("banner")).to_have_count(0)
        expect(window.by("banner")).to_contain_text("You can go on working")
    window.expect_live()
    expect(window.by("banner")).to_have_count(0)


def test_what_was_missed_appears(window: Window, ada: Person) -> None:
    bought, renamed = ada.add("To be bought"), ada.add("To be renamed")
    window.expect_titles("To be renamed", "To be bought")
    with _offline(window):
        ada.delete(bought)
        ada.change(renamed, title="Renamed")
        ada.add("Added")
    window.expect_live()
    window.expect_titles("Added", "Renamed")


def test_edits_made_offline_arrive_once_each_and_in_order(
    window: Window, other_window: Window, ada: Person
) -> None:
    with _offline(window):
        for title in ("A", "B", "C"):
            window.add(title)
        window.edit_title("A", "A, renamed")
        window.complete("B")
        window.delete("C")
        window.add("D")
    for one in (window, other_window):
        one.expect_live()
        one.expect_titles("D", "A, renamed", "B")
    assert ada.history() == [
        ("task_created", "A"),
        ("task_created", "B"),
        ("task_created", "C"),
        ("task_update", "A, renamed"),
        ("task_update", "B"),
        ("task_deleted", None),
        ("task_created", "D"),
    ]


def test_a_killed_server_comes_back_and_what_was_done_meanwhile_with_it(
    window: Window, product: Product, ada: Person
) -> None:
    window.add("Before")
    window.id_of("Before")
    product.kill_serve()
    expect(window.indicator).not_to_have_attribute("data-state", "live")
    window.add("Meanwhile, first")
    window.add("Meanwhile, second")
    # `up` starts another serve, and a machine that runs everything else as well is slow.
    expect(window.indicator).to_have_attribute("data-state", "live", timeout=60_000)
    window.expect_titles("Meanwhile, second", "Meanwhile, first", "Before")
    window.id_of("Meanwhile, second")
    assert ada.titles() == ["Before", "Meanwhile, first", "Meanwhile, second"]


def test_a_server_that_is_silent_is_not_called_live(window: Window, product: Product) -> None:
    """A frozen process keeps its sockets open and says nothing: only heartbeats tell."""
    with product.frozen_serve():
        expect(window.indicator).to_have_text(OFFLINE)
    window.expect_live()


def test_an_answer_that_got_lost_does_not_double_the_edit(window: Window, ada: Person) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    window.page.route("**/api/tasks", lose_the_answer, times=1)
    window.add("Once and only once")
    window.id_of("Once and only once")
    window.add("After it")
    window.id_of("After it")
    window.expect_titles("After it", "Once and only once")
    assert ada.titles() == ["Once and only once", "After it"]
