from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.person import PASSWORD, Person, unused_email
from tests.browser.window import Window


def test_a_new_person_signs_up_and_is_in(open_window: OpenWindow) -> None:
    window = open_window()
    window.open()
    window.by("switch-to-register").click()
    window.by("name").fill("Grace")
    window.sign_in_with(unused_email(), PASSWORD)
    window.expect_live()
    expect(window.page.get_by_text("Grace", exact=True)).to_be_visible()
    expect(window.by("empty")).to_be_visible()


def test_who_signs_out_sees_no_task_and_can_come_back(window: Window, ada: Person) -> None:
    window.add("Water the basil")
    window.id_of("Water the basil")
    window.by("sign-out").click()
    expect(window.by("email")).to_be_visible()
    expect(window.rows).to_have_count(0)

    window.sign_in_with(ada.email, PASSWORD)
    window.expect_live()
    window.expect_titles("Water the basil")


def test_signing_out_ends_the_session_for_good(window: Window) -> None:
    with window.page.expect_response("**/api/auth/logout"):
        window.by("sign-out").click()
    window.page.reload()
    expect(window.by("email")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_what_was_typed(
    open_window: OpenWindow, ada: Person
) -> None:
    window = open_window()
    window.troubles.expect(r"status of 401 .* at \S+/api/auth/login$")
    window.open()
    window.sign_in_with(ada.email, "not the password")
    expect(window.by("account-error")).to_have_text(
        "Email and password do not match. Check both and try again."
    )
    expect(window.by("email")).to_have_value(ada.email)

    window.by("password").fill(PASSWORD)
    window.by("submit").click()
    window.expect_live()


def test_an_email_that_is_taken_says_so(open_window: OpenWindow, ada: Person) -> None:
    window = open_window()
    window.troubles.expect(r"status of 409 .* at \S+/api/auth/register$")
    window.open()
    window.by("switch-to-register").click()
    window.by("name").fill("Ada again")
    window.sign_in_with(ada.email, PASSWORD)
    expect(window.by("account-error")).to_contain_text("already an account")


def test_a_reload_stays_signed_in(window: Window) -> None:
    window.page.reload()
    window.expect_live()
    expect(window.by("sign-out")).to_be_visible()


def test_signing_out_in_one_tab_signs_out_the_other(window: Window) -> None:
    other = window.context.new_page()
    window.troubles.watch(other)
    other.goto("/")
    expect(other.get_by_test_id("connection-indicator")).to_have_attribute("data-state", "live")
    window.by("sign-out").click()
    expect(other.get_by_test_id("email")).to_be_visible()
