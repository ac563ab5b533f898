"""What was done without a line outlives the page it was done in, and overwrites nobody unasked."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.person import Person
from tests.browser.window import Window

NO_LINE = r"net::ERR_|WebSocket connection to"
REFUSED_ONCE = r"status of (404|412) "
WITHIN_S = 20.0

READ_STORE = """name => new Promise((done, fail) => {
    const opening = indexedDB.open("taskwire")
    opening.onerror = () => fail(opening.error)
    opening.onsuccess = () => {
        const asking = opening.result.transaction(name).objectStore(name).getAll()
        asking.onsuccess = () => { opening.result.close(); done(asking.result) }
    }
})"""
"""All records of one store of the page's database."""


@pytest.fixture(autouse=True)
def _lines_break_here(window: Window) -> None:
    window.troubles.expect(NO_LINE)
    window.troubles.expect(REFUSED_ONCE)


def _go_offline(window: Window) -> None:
    window.context.set_offline(offline=True)
    expect(window.indicator).to_have_attribute("data-state", "offline")


def _come_back(window: Window) -> None:
    window.context.set_offline(offline=False)
    window.expect_live()


def _wait_for(window: Window, store: str, holds: Callable[[list[Any]], bool]) -> None:
    """Until the page has written down what `holds` looks for."""
    until = time.monotonic() + WITHIN_S
    while not holds(window.page.evaluate(READ_STORE, store)):
        assert time.monotonic() < until, f"the store of {store} never held it"
        window.page.wait_for_timeout(50)


def _wait_for_edits(window: Window, count: int) -> None:
    def holds(records: list[Any]) -> bool:
        return sum(len(record["items"]) for record in records) == count

    _wait_for(window, "edits", holds)


def _wait_for_list(window: Window, *titles: str) -> None:
    def holds(records: list[Any]) -> bool:
        stored = {item["title"] for record in records for item in record["items"]}
        return stored == set(titles)

    _wait_for(window, "snapshots", holds)


def _open_anew(window: Window) -> None:
    """Another page in the same browser, as after closing the tab or a crash."""
    window.page = window.context.new_page()
    window.troubles.watch(window.page)
    window.open()


def test_edits_made_offline_outlive_their_tab_and_are_sent_once(
    window: Window, other_window: Window, ada: Person
) -> None:
    for title in ("Milk", "Bread", "Rent"):
        ada.add(title)
    window.expect_titles("Rent", "Bread", "Milk")
    before = len(ada.history())
    _go_offline(window)
    window.edit_title("Milk", "Oat milk")
    window.complete("Bread")
    window.delete("Rent")
    window.add("Eggs")
    expect(window.indicator).to_have_text(re.compile(r"^Offline since .*, 4 edits waiting$"))
    _wait_for_edits(window, 4)
    window.page.close()

    window.context.set_offline(offline=False)
    _open_anew(window)
    for one in (window, other_window):
        one.expect_titles("Eggs", "Oat milk", "Bread")
        one.expect_live()
    assert ada.history()[before:] == [
        ("task_update", "Oat milk"),
        ("task_update", "Bread"),
        ("task_deleted", None),
        ("task_created", "Eggs"),
    ]
    _wait_for_edits(window, 0)


def test_a_tab_that_stays_sends_what_a_closed_one_left_behind(window: Window, ada: Person) -> None:
    ada.add("Milk")
    closed = window.page
    _open_anew(window)
    window.expect_titles("Milk")
    stays, window.page = window.page, closed
    _go_offline(window)
    window.edit_title("Milk", "Oat milk")
    window.add("Eggs")
    _wait_for_edits(window, 2)
    closed.close()
    window.page = stays
    _come_back(window)
    window.expect_titles("Eggs", "Oat milk")
    window.id_of("Eggs")
    assert ada.history() == [
        ("task_created", "Milk"),
        ("task_update", "Oat milk"),
        ("task_created", "Eggs"),
    ]


def test_other_fields_changed_elsewhere_are_merged(
    window: Window, other_window: Window, ada: Person
) -> None:
    task = ada.add("Milk")
    window.expect_titles("Milk")
    _go_offline(window)
    window.edit_title("Milk", "Oat milk")
    ada.change(task, priority=3, description="two bottles")
    _come_back(window)
    for one in (window, other_window):
        one.expect_titles("Oat milk")
        expect(one.row_of(task).get_by_role("img", name="Priority: High")).to_be_visible()
    expect(window.by("conflict")).to_have_count(0)
    assert ada.tasks()[0]["description"] == "two bottles"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Oat milk"), ("theirs", "Soy milk")])
def test_the_same_field_changed_elsewhere_is_asked_about_and_never_dropped(
    window: Window, other_window: Window, ada: Person, choice: str, kept: str
) -> None:
    task = ada.add("Milk")
    window.expect_titles("Milk")
    _go_offline(window)
    window.edit_title("Milk", "Oat milk")
    ada.change(task, title="Soy milk")
    _come_back(window)
    conflict = window.by("conflict")
    expect(conflict).to_contain_text(re.compile(r"Changed on another device at .*\. Keep which\?"))
    expect(conflict.get_by_test_id("conflict-mine")).to_contain_text("Oat milk")
    expect(conflict.get_by_test_id("conflict-theirs")).to_contain_text("Soy milk")
    window.expect_titles("Soy milk")

    _wait_for_edits(window, 1)
    window.page.reload()
    expect(conflict.get_by_test_id("conflict-mine")).to_contain_text("Oat milk")
    conflict.get_by_test_id(f"conflict-{choice}").click()
    expect(conflict).to_have_count(0)
    for one in (window, other_window):
        one.expect_titles(kept)
    _wait_for_edits(window, 0)


def test_the_list_of_yesterday_paints_before_the_server_is_asked_for_it(
    window: Window, ada: Person
) -> None:
    ada.add("Milk")
    window.expect_titles("Milk")
    _wait_for_list(window, "Milk")
    asked: list[str] = []

    def hold(route: Route) -> None:
        """Never answered: a list that shows was not taken from here."""
        asked.append(route.request.url)

    window.page.close()
    ada.add("Bread, while nobody looked")
    window.page = window.context.new_page()
    window.troubles.watch(window.page)
    window.page.route("**/api/tasks", hold)
    window.open()
    window.expect_titles("Bread, while nobody looked", "Milk")
    window.expect_live()
    assert asked == []


def test_a_store_of_nonsense_leads_to_the_list_of_the_server(window: Window, ada: Person) -> None:
    ada.add("Milk")
    window.expect_titles("Milk")
    _wait_for_list(window, "Milk")
    window.page.evaluate("""() => new Promise((done) => {
        const opening = indexedDB.open("taskwire")
        opening.onsuccess = () => {
            const store = opening.result.transaction("snapshots", "readwrite").objectStore("snapshots")
            const asking = store.getAll()
            asking.onsuccess = () => {
                for (const record of asking.result) store.put({ ...record, items: [{ id: "?" }] })
                store.transaction.oncomplete = () => { opening.result.close(); done() }
            }
        }
    })""")
    window.page.reload()
    window.expect_titles("Milk")
    window.expect_live()


def test_a_list_stays_with_its_person_and_goes_when_they_sign_out(
    window: Window, ada: Person
) -> None:
    ada.add("Ada's secret")
    window.expect_titles("Ada's secret")
    _wait_for_list(window, "Ada's secret")
    window.by("sign-out").click()
    expect(window.by("email")).to_be_visible()
    _wait_for(window, "snapshots", lambda records: records == [])


def test_a_browser_that_keeps_nothing_is_said_to(window: Window) -> None:
    window.page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }"
    )
    window.page.reload()
    window.expect_live()
    _go_offline(window)
    window.add("Kept in this tab alone")
    expect(window.by("banner")).to_contain_text("this browser keeps nothing for us")
    _come_back(window)
    window.id_of("Kept in this tab alone")
