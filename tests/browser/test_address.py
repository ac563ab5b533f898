"""The address is the state: it can be kept, sent, reloaded, and gone back to."""

import re

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.window import Window


def test_back_and_forward_walk_through_views_and_panels(window: Window, ada: Person) -> None:
    ada.add("Water the basil", due_on="2020-01-01")
    window.by("view-today").click()
    window.open_detail("Water the basil")
    expect(window.page).to_have_url(re.compile(r"/\?view=today&task=\d+$"))

    window.page.go_back()
    expect(window.by("detail")).to_have_count(0)
    expect(window.page.get_by_role("heading", name="Today")).to_be_visible()
    window.page.go_back()
    expect(window.page.get_by_role("heading", name="Inbox")).to_be_visible()
    window.page.go_forward()
    window.page.go_forward()
    expect(window.by("detail-title")).to_have_value("Water the basil")


def test_a_reload_lands_where_one_was(window: Window, ada: Person) -> None:
    task = ada.add("Water the basil", due_on="2031-05-04")
    window.by("view-upcoming").click()
    window.open_detail("Water the basil")
    window.page.reload()
    window.expect_live()
    expect(window.page.get_by_role("heading", name="Upcoming")).to_be_visible()
    expect(window.by("detail-title")).to_have_value("Water the basil")
    expect(window.row_of(task)).to_have_attribute("data-open", "true")


def test_a_search_is_in_the_address_but_not_one_step_for_each_letter(
    window: Window, ada: Person
) -> None:
    for title in ("Water the basil", "Call the plumber"):
        ada.add(title)
    window.by("view-upcoming").click()
    window.by("view-inbox").click()
    window.by("search").press_sequentially("basil")
    expect(window.page).to_have_url(re.compile(r"/\?search=basil$"))
    window.expect_titles("Water the basil")
    window.page.reload()
    window.expect_titles("Water the basil")
    window.page.go_back()
    expect(window.page.get_by_role("heading", name="Upcoming")).to_be_visible()


def test_a_new_task_that_is_opened_gets_its_lasting_address(window: Window) -> None:
    window.add("Brand new")
    window.open_detail("Brand new")
    expect(window.page).to_have_url(re.compile(r"/\?task=\d+$"))
    window.page.reload()
    expect(window.by("detail-title")).to_have_value("Brand new")


def test_an_address_of_a_task_that_is_gone_says_so(window: Window, ada: Person) -> None:
    task = ada.add("Gone soon")
    ada.delete(task)
    window.open(f"/?task={task}")
    expect(window.by("detail")).to_contain_text("This task is no longer here.")
    window.by("detail-close").click()
    expect(window.page).to_have_url(re.compile(r"/$"))


def test_the_page_is_named_after_its_view(window: Window) -> None:
    expect(window.page).to_have_title("Inbox · Taskwire")
    window.by("view-today").click()
    expect(window.page).to_have_title("Today · Taskwire")


def test_nonsense_in_the_address_is_the_inbox(window: Window) -> None:
    for address in ("/?view=nowhere", "/?task=seven", "/some/where", "/?task=99999999999999999999"):
        window.open(address)
        window.expect_live()
        expect(window.page.get_by_role("heading", name="Inbox")).to_be_visible()
        expect(window.by("detail")).to_have_count(0)
