"""What one window does, the other one shows, without a reload."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.person import Person
from tests.browser.window import Window


def test_a_task_added_here_appears_there(window: Window, other_window: Window) -> None:
    window.add("Call the plumber")
    window.expect_titles("Call the plumber")
    other_window.expect_titles("Call the plumber")


def test_a_title_edited_in_place_here_is_new_there(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("Buy milk")
    window.edit_title("Buy milk", "Buy oat milk")
    window.expect_titles("Buy oat milk")
    other_window.expect_titles("Buy oat milk")


def test_a_task_completed_here_is_complete_there(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("Return the books")
    window.complete("Return the books")
    for one in (window, other_window):
        expect(one.row("Return the books")).to_have_attribute("data-completed", "true")
        expect(one.page.get_by_role("heading", name="Completed")).to_be_visible()


def test_a_due_date_set_here_stands_there(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("File the taxes")
    window.open_detail("File the taxes")
    tomorrow = date.fromisoformat(_today(window)) + timedelta(days=1)
    window.by("detail-due").fill(tomorrow.isoformat())
    expect(other_window.row("File the taxes").locator("time")).to_have_text("Tomorrow")

    window.by("detail-due-time").fill("09:30")
    expect(other_window.row("File the taxes").locator("time")).to_have_text("Tomorrow 09:30")

    window.page.get_by_role("button", name="No date").click()
    expect(other_window.row("File the taxes").locator("time")).to_have_count(0)


def test_a_priority_set_here_is_flagged_there(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("Renew the passport")
    window.open_detail("Renew the passport")
    window.by("detail-priority").get_by_text("High").click()
    flag = other_window.row("Renew the passport").get_by_role("img", name="Priority: High")
    expect(flag).to_be_visible()


def test_notes_written_here_are_read_there(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("Plan the trip")
    other_window.open_detail("Plan the trip")
    window.open_detail("Plan the trip")
    window.by("detail-description").fill("Trains, not planes.\nSeats by the window.")
    window.by("detail-title").focus()
    expect(other_window.by("detail-description")).to_have_value(
        "Trains, not planes.\nSeats by the window."
    )


def test_a_delete_and_its_undo_reach_both_windows(
    window: Window, other_window: Window, ada: Person
) -> None:
    for title in ("First", "Second", "Third"):
        ada.add(title)
    window.expect_titles("Third", "Second", "First")
    window.delete("Second")
    for one in (window, other_window):
        one.expect_titles("Third", "First")

    window.toast("Deleted").get_by_test_id("toast-undo").click()
    for one in (window, other_window):
        one.expect_titles("Third", "Second", "First")
    assert ada.titles() == ["First", "Second", "Third"]


def test_both_windows_show_the_same_after_both_have_worked(
    window: Window, other_window: Window, ada: Person
) -> None:
    window.add("From here")
    other_window.add("From there")
    window.edit_title("From there", "From there, seen here")
    other_window.complete("From here")
    for one in (window, other_window):
        expect(one.row("From there, seen here")).to_have_attribute("data-completed", "false")
        expect(one.row("From here")).to_have_attribute("data-completed", "true")


def test_a_change_from_elsewhere_is_tinted_and_announced(window: Window, ada: Person) -> None:
    task = ada.add("Water the basil")
    expect(window.row_of(task)).to_be_visible()
    announced = window.page.locator("[aria-live=polite]")
    expect(announced).to_have_text(re.compile("changed on another screen"))


def test_another_person_sees_nothing_of_it(
    window: Window, open_window: OpenWindow, stranger: Person, ada: Person
) -> None:
    theirs = open_window()
    theirs.enter_as(stranger)
    window.add("A secret of Ada")
    window.id_of("A secret of Ada")
    # What comes after it on the same road has come, so it would have come as well.
    stranger.add("Mallory's own")
    theirs.expect_titles("Mallory's own")
    window.expect_titles("A secret of Ada")


def test_another_person_is_told_that_the_address_of_a_foreign_task_leads_nowhere(
    open_window: OpenWindow, stranger: Person, ada: Person
) -> None:
    task = ada.add("A secret of Ada")
    theirs = open_window()
    theirs.enter_as(stranger, f"/?task={task}")
    expect(theirs.by("detail")).to_contain_text("This task is no longer here.")


def _today(window: Window) -> str:
    """The day in the window's own time zone."""
    today: str = window.page.evaluate("new Intl.DateTimeFormat('sv').format(new Date())")
    return today
