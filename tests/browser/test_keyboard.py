"""Everything can be done without a mouse, on an English and on a Hebrew keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.person import Person
from tests.browser.window import Window

# What the keys print on a Hebrew layout. They are known by where they are, not by this.
HEBREW = {
    "KeyQ": "/",
    "KeyE": "ק",
    "KeyJ": "ח",
    "KeyK": "ל",
    "KeyX": "\N{HEBREW LETTER SAMEKH}",
    "KeyD": "ג",
    "KeyG": "ע",
    "KeyT": "א",
    "Slash": ".",
}


def test_a_list_is_worked_through_by_keys_alone(window: Window, ada: Person) -> None:
    window.press("q")
    window.page.keyboard.type("One\nTwo\nThree\n")
    window.expect_titles("Three", "Two", "One")

    window.press("Escape", "j")
    expect(window.row("Three")).to_be_focused()
    window.press("j", "j", "k")
    expect(window.row("Two")).to_be_focused()

    window.press("e")
    expect(window.by("task-title-input")).to_be_focused()
    window.page.keyboard.type("Two, renamed\n")
    expect(window.row("Two, renamed")).to_be_focused()

    window.press("Enter")
    expect(window.by("detail")).to_be_visible()
    window.press("Escape")
    expect(window.by("detail")).to_have_count(0)


@pytest.mark.parametrize("key", ["x", "Space"])
def test_a_key_completes_and_ctrl_z_takes_it_back(window: Window, ada: Person, key: str) -> None:
    ada.add("Water the basil")
    window.row("Water the basil").focus()
    window.press(key)
    expect(window.row("Water the basil")).to_have_attribute("data-completed", "true")
    window.press("Control+z")
    expect(window.row("Water the basil")).to_have_attribute("data-completed", "false")


def test_delete_and_ctrl_z(window: Window, ada: Person) -> None:
    for title in ("One", "Two"):
        ada.add(title)
    window.row("Two").focus()
    window.press("Delete")
    window.expect_titles("One")
    expect(window.row("One")).to_be_focused()
    window.press("Control+z")
    window.expect_titles("Two", "One")


def test_digits_set_the_priority(window: Window, ada: Person) -> None:
    ada.add("Water the basil")
    row = window.row("Water the basil")
    row.focus()
    for key, word in (("1", "High"), ("2", "Medium"), ("3", "Low")):
        window.press(key)
        expect(row.get_by_role("img", name=f"Priority: {word}")).to_be_visible()
    window.press("4")
    expect(row.get_by_role("img")).to_have_count(0)


def test_slash_searches_and_escape_comes_back(window: Window, ada: Person) -> None:
    for title in ("Water the basil", "Call the plumber"):
        ada.add(title)
    window.expect_titles("Call the plumber", "Water the basil")
    window.press("/")
    window.page.keyboard.type("basil")
    window.expect_titles("Water the basil")
    window.press("Escape", "Escape")
    window.expect_titles("Call the plumber", "Water the basil")


def test_question_mark_shows_the_sheet_and_escape_gives_the_focus_back(
    window: Window, ada: Person
) -> None:
    ada.add("Water the basil")
    window.row("Water the basil").focus()
    window.press("Shift+Slash")
    expect(window.by("shortcut-sheet")).to_be_visible()
    window.press("x")  # means nothing behind a dialog
    window.press("Escape")
    expect(window.by("shortcut-sheet")).to_have_count(0)
    expect(window.row("Water the basil")).to_be_focused()
    expect(window.row("Water the basil")).to_have_attribute("data-completed", "false")


def test_d_opens_the_date_and_g_goes_to_views(window: Window, ada: Person) -> None:
    ada.add("Water the basil")
    window.row("Water the basil").focus()
    window.press("d")
    expect(window.by("detail-due")).to_be_focused()
    window.press("Escape", "g", "t")
    expect(window.page.get_by_role("heading", name="Today")).to_be_visible()
    window.press("g", "u")
    expect(window.page.get_by_role("heading", name="Upcoming")).to_be_visible()
    window.press("g", "i")
    expect(window.page.get_by_role("heading", name="Inbox")).to_be_visible()


def test_keys_are_letters_while_somebody_types(window: Window) -> None:
    window.by("quick-add").press_sequentially("quick jobs exist / 1234?")
    expect(window.by("quick-add")).to_have_value("quick jobs exist / 1234?")
    expect(window.by("shortcut-sheet")).to_have_count(0)


def test_single_keys_can_be_turned_off(window: Window) -> None:
    window.press("Shift+Slash")
    window.page.get_by_label("Single-key shortcuts").uncheck()
    window.press("Escape", "q")
    expect(window.by("quick-add")).not_to_be_focused()
    window.page.reload()
    window.expect_live()
    window.press("q")
    expect(window.by("quick-add")).not_to_be_focused()


def test_tab_reaches_everything_in_the_order_of_the_page(window: Window, ada: Person) -> None:
    ada.add("Water the basil")
    window.expect_titles("Water the basil")
    window.by("quick-add").focus()
    hooks = []
    for _ in range(5):
        window.press("Tab")
        hooks.append(window.focused())
    assert hooks == ["task-row", "task-complete", "task-title", "task-delete", "open-detail"]


def test_the_keys_work_on_a_hebrew_keyboard(open_window: OpenWindow, ada: Person) -> None:
    for title in ("אחת", "שתיים"):
        ada.add(title)
    window = open_window(locale="he-IL")
    window.enter_as(ada)
    window.expect_titles("שתיים", "אחת")
    _press_hebrew(window, "KeyQ")
    expect(window.by("quick-add")).to_be_focused()
    expect(window.by("quick-add")).to_have_value("")
    window.press("Escape")

    window.row("שתיים").focus()
    _press_hebrew(window, "KeyJ")
    expect(window.row("אחת")).to_be_focused()
    _press_hebrew(window, "KeyK", "KeyX")
    expect(window.row("שתיים")).to_have_attribute("data-completed", "true")
    window.row("אחת").focus()
    _press_hebrew(window, "KeyE")
    expect(window.by("task-title-input")).to_have_value("אחת")
    window.press("Escape")
    _press_hebrew(window, "Slash")
    expect(window.by("search")).to_be_focused()
    expect(window.by("search")).to_have_value("")
    window.press("Escape")
    _press_hebrew(window, "KeyG", "KeyT")
    expect(window.page.get_by_role("heading", name="היום")).to_be_visible()


def _press_hebrew(window: Window, *codes: str) -> None:
    """As the browser reports it when the system's layout is Hebrew."""
    keyboard = window.context.new_cdp_session(window.page)
    for code in codes:
        letter = HEBREW[code]
        shared = {"code": code, "key": letter}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": letter, **shared})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **shared})
    keyboard.detach()
