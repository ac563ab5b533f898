"""An edit is on the screen before the server has heard of it, and goes when the server says no."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.person import Person
from tests.browser.window import Window

ONE_TASK = re.compile(r"/api/tasks/\d+$")
ALL_TASKS = re.compile(r"/api/tasks$")


class Held:
    """Requests that stand still on their way until they are let go."""

    def __init__(self, window: Window, address: re.Pattern[str], method: str) -> None:
        self._routes: list[Route] = []
        self._method = method
        self._is_holding = True
        window.page.route(address, self._meet)

    def let_go(self) -> None:
        assert self._routes, "nothing was sent"
        self._is_holding = False
        for route in self._routes:
            route.continue_()

    def _meet(self, route: Route) -> None:
        if self._is_holding and route.request.method == self._method:
            self._routes.append(route)
        else:
            route.continue_()


def test_an_edit_shows_before_the_answer_and_stays(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("Buy milk")
    window.expect_titles("Buy milk")
    held = Held(window, ONE_TASK, "PATCH")
    with window.page.expect_request(ONE_TASK):
        window.edit_title("Buy milk", "Buy oat milk")
    window.expect_titles("Buy oat milk")
    other_window.expect_titles("Buy milk")

    held.let_go()
    other_window.expect_titles("Buy oat milk")
    window.expect_titles("Buy oat milk")


def test_a_new_task_can_be_worked_on_before_the_server_has_named_it(
    window: Window, other_window: Window, ada: Person
) -> None:
    held = Held(window, ALL_TASKS, "POST")
    with window.page.expect_request(ALL_TASKS):
        window.add("Brand new")
    window.edit_title("Brand new", "Brand new, renamed")
    window.complete("Brand new, renamed")
    expect(window.row("Brand new, renamed")).to_have_attribute("data-completed", "true")

    held.let_go()
    task = window.id_of("Brand new, renamed")
    expect(other_window.row_of(task)).to_have_attribute("data-completed", "true")
    assert ada.titles() == ["Brand new, renamed"]


@pytest.mark.parametrize("status", [412, 422, 403])
def test_a_refused_edit_rolls_back_with_a_sentence(
    window: Window, ada: Person, status: int
) -> None:
    ada.add("Buy milk")
    window.troubles.expect(f"status of {status} ")
    _refuse(window, "PATCH", status)
    window.edit_title("Buy milk", "Buy gold")
    expect(window.toast("The server did not accept the change to “\u2068Buy milk")).to_be_visible()
    window.expect_titles("Buy milk")


def test_a_refused_task_goes_with_a_sentence(window: Window) -> None:
    window.troubles.expect("status of 422 ")
    _refuse(window, "POST", 422)
    window.add("Not to be")
    expect(window.toast("it was not added")).to_be_visible()
    expect(window.rows).to_have_count(0)


def test_a_refused_delete_brings_the_row_back_with_a_sentence(window: Window, ada: Person) -> None:
    ada.add("Here to stay")
    window.troubles.expect("status of 403 ")
    _refuse(window, "DELETE", 403)
    window.delete("Here to stay")
    expect(window.toast("The task is still here.")).to_be_visible()
    window.expect_titles("Here to stay")


def test_a_server_in_trouble_is_asked_again_and_the_edit_stays(
    window: Window, other_window: Window, ada: Person
) -> None:
    ada.add("Buy milk")
    window.troubles.expect("status of 500 ")
    _refuse(window, "PATCH", 500, times=2)
    window.edit_title("Buy milk", "Buy oat milk")
    window.expect_titles("Buy oat milk")
    other_window.expect_titles("Buy oat milk")
    window.expect_live()


def test_an_edit_of_a_task_deleted_elsewhere_is_kept_and_can_bring_it_back(
    window: Window, other_window: Window, ada: Person
) -> None:
    task = ada.add("Buy milk")
    window.troubles.expect("status of (404|412) ")
    held = Held(window, ONE_TASK, "PATCH")
    with window.page.expect_request(ONE_TASK):
        window.edit_title("Buy milk", "Buy oat milk")
    ada.delete(task)
    held.let_go()
    expect(window.by("gone")).to_contain_text("Your change is kept")
    expect(window.rows).to_have_count(0)
    window.by("gone-restore").click()
    for one in (window, other_window):
        one.expect_titles("Buy oat milk")
    expect(window.by("gone")).to_have_count(0)


def _refuse(window: Window, method: str, status: int, times: int | None = None) -> None:
    body = {"error": {"code": "refused", "message": "No.", "request_id": "test"}}

    def answer(route: Route) -> None:
        if route.request.method == method:
            route.fulfill(status=status, json=body)
        else:
            route.continue_()

    window.page.route(re.compile(r"/api/tasks(/\d+)?$"), answer, times=times)
