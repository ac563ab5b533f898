"""What a person is working on is never taken from under them by what comes from elsewhere."""

import re

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.window import Window


def test_a_title_being_typed_survives_changes_of_everything_else(
    window: Window, ada: Person
) -> None:
    task = ada.add("Draft")
    window.title("Draft").click()
    window.by("task-title-input").fill("A better dr")
    ada.change(task, priority=3)
    other = ada.add("News from elsewhere")
    expect(window.row_of(other)).to_be_visible()
    expect(window.row_of(task).get_by_role("img", name="Priority: High")).to_be_visible()
    window.page.keyboard.type("aft")
    window.press("Enter")
    window.expect_titles("News from elsewhere", "A better draft")


def test_the_same_title_changed_elsewhere_waits_beside(window: Window, ada: Person) -> None:
    task = ada.add("Draft")
    window.title("Draft").click()
    window.by("task-title-input").fill("Mine")
    ada.change(task, title="Theirs")
    beside = window.row_of(task).get_by_role("status")
    expect(beside).to_contain_text("Theirs")
    expect(window.by("task-title-input")).to_have_value("Mine")
    expect(window.by("task-title-input")).to_be_focused()

    window.page.get_by_role("button", name="Use that").click()
    expect(window.by("task-title-input")).to_have_value("Theirs")
    window.press("Enter")
    window.expect_titles("Theirs")


def test_an_untouched_title_follows_the_change(window: Window, ada: Person) -> None:
    task = ada.add("Draft")
    window.title("Draft").click()
    ada.change(task, title="Theirs")
    expect(window.by("task-title-input")).to_have_value("Theirs")
    window.press("Escape")
    window.expect_titles("Theirs")


def test_a_task_deleted_elsewhere_while_it_is_edited_can_be_brought_back(
    window: Window, other_window: Window, ada: Person
) -> None:
    window.troubles.expect("status of 412 ")  # the edit began before the task was deleted
    task = ada.add("Draft")
    window.title("Draft").click()
    window.by("task-title-input").fill("Not yet")
    ada.delete(task)
    expect(window.page.get_by_text("Deleted on another screen.")).to_be_visible()
    expect(window.by("task-title-input")).to_be_focused()
    window.press("Enter")
    for one in (window, other_window):
        one.expect_titles("Not yet")
    assert [item["id"] for item in ada.tasks()] == [task]


def test_what_is_being_typed_survives_a_reload(window: Window, ada: Person) -> None:
    ada.add("Draft")
    window.by("quick-add").fill("Half a new ta")
    window.title("Draft").click()
    window.by("task-title-input").fill("A better dr")
    window.page.reload()
    expect(window.by("task-title-input")).to_have_value("A better dr")
    expect(window.by("task-title-input")).to_be_focused()
    expect(window.by("quick-add")).to_have_value("Half a new ta")
    window.page.keyboard.type("aft")
    window.press("Enter")
    window.expect_titles("A better draft")


def test_escape_throws_away_and_a_click_elsewhere_keeps(window: Window, ada: Person) -> None:
    ada.add("Draft")
    window.title("Draft").click()
    window.by("task-title-input").fill("Thrown away")
    window.press("Escape")
    window.expect_titles("Draft")
    window.title("Draft").click()
    window.by("task-title-input").fill("Kept")
    window.page.get_by_role("heading", name="Inbox").click()
    window.expect_titles("Kept")


def test_the_row_that_is_edited_stays_where_it_is_while_the_list_is_scrolled(
    window: Window, ada: Person
) -> None:
    for number in range(40):
        ada.add(f"Task {number}")
    expect(window.rows.first).to_have_attribute("aria-setsize", "40")
    window.title("Task 15").scroll_into_view_if_needed()
    window.title("Task 15").click()
    before = window.by("task-title-input").bounding_box()
    news = [ada.add(f"News {number}") for number in range(5)]
    expect(window.rows.first).to_have_attribute("aria-setsize", "45")
    ada.delete(news[0])
    expect(window.rows.first).to_have_attribute("aria-setsize", "44")
    expect(window.by("task-title-input")).to_be_focused()
    assert window.by("task-title-input").bounding_box() == before


def test_the_focus_survives_what_arrives(window: Window, ada: Person) -> None:
    tasks = [ada.add(title) for title in ("One", "Two", "Three")]
    window.expect_titles("Three", "Two", "One")
    window.row("Two").focus()
    ada.add("Four")
    ada.change(tasks[1], title="Two, renamed")
    window.expect_titles("Four", "Three", "Two, renamed", "One")
    expect(window.row("Two, renamed")).to_be_focused()


def test_a_focused_row_that_vanishes_hands_the_focus_to_its_neighbour(
    window: Window, ada: Person
) -> None:
    tasks = [ada.add(title) for title in ("One", "Two", "Three")]
    window.expect_titles("Three", "Two", "One")
    window.row("Two").focus()
    ada.delete(tasks[1])
    window.expect_titles("Three", "One")
    expect(window.row("One")).to_be_focused()


def test_what_is_typed_into_the_adding_field_survives_what_arrives(
    window: Window, ada: Person
) -> None:
    window.by("quick-add").press_sequentially("Half a ")
    ada.add("News from elsewhere")
    window.expect_titles("News from elsewhere")
    expect(window.by("quick-add")).to_be_focused()
    window.page.keyboard.type("thought")
    expect(window.by("quick-add")).to_have_value("Half a thought")


def test_notes_being_written_are_not_overwritten(window: Window, ada: Person) -> None:
    task = ada.add("Plan the trip", description="By train.")
    window.open_detail("Plan the trip")
    window.by("detail-description").press_sequentially(" And")
    ada.change(task, description="By ship.")
    expect(window.by("detail")).to_contain_text("By ship.")
    expect(window.by("detail-description")).to_have_value(re.compile("And"))


def test_notes_are_saved_when_the_panel_is_closed_by_a_key(window: Window, ada: Person) -> None:
    ada.add("Plan the trip")
    window.open_detail("Plan the trip")
    window.by("detail-description").fill("By train.")
    window.press("Escape")
    expect(window.by("detail")).to_have_count(0)
    window.open_detail("Plan the trip")
    expect(window.by("detail-description")).to_have_value("By train.")
