"""The page in Hebrew is the page mirrored, not the page with other words."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenWindow
from tests.browser.person import Person
from tests.browser.window import Window

LONG = "A title that is much longer than a telephone is wide, and then goes on for a while"


@pytest.fixture
def hebrew_window(open_window: OpenWindow, ada: Person) -> Window:
    window = open_window(locale="he-IL")
    window.enter_as(ada)
    return window


def test_a_hebrew_browser_gets_a_hebrew_page_from_right_to_left(hebrew_window: Window) -> None:
    root = hebrew_window.page.locator("html")
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_attribute("lang", "he")
    expect(hebrew_window.indicator).to_have_text("מחובר")
    expect(hebrew_window.page.get_by_role("heading", name="נכנסים")).to_be_visible()


def test_the_layout_is_mirrored(window: Window, hebrew_window: Window, ada: Person) -> None:
    ada.add("Water the basil")
    for one in (window, hebrew_window):
        one.expect_titles("Water the basil")
    assert _is_start(window.page.locator(".sidebar"), "left")
    assert _is_start(hebrew_window.page.locator(".sidebar"), "right")
    for hook in ("task-complete", "quick-add"):
        here, there = _middle(window.by(hook)), _middle(hebrew_window.by(hook))
        assert here + there == pytest.approx(DESKTOP["width"], abs=2), hook


def test_the_arrow_that_opens_points_to_where_the_panel_comes_from(
    hebrew_window: Window, ada: Person
) -> None:
    ada.add("Water the basil")
    arrow = hebrew_window.row("Water the basil").get_by_test_id("open-detail").locator("svg")
    assert arrow.evaluate("one => new DOMMatrix(getComputedStyle(one).transform).a") == -1
    hebrew_window.open_detail("Water the basil")
    hebrew_window.wait_until_still("detail")
    assert _is_start(hebrew_window.by("detail"), "left")


@pytest.mark.parametrize("locale", ["en-GB", "he-IL"])
def test_nothing_can_be_scrolled_sideways_on_a_phone(
    open_window: OpenWindow, ada: Person, locale: str
) -> None:
    ada.add(LONG, priority=3, due_on="2031-05-04", description="אחת שתיים three")
    task = ada.add("א" * 400)
    window = open_window(locale=locale, viewport=PHONE, has_touch=True, is_mobile=True)
    window.open()
    expect(window.by("email")).to_be_visible()
    _expect_no_sideways_scroll(window)
    window.enter_as(ada)
    expect(window.rows).to_have_count(2)
    _expect_no_sideways_scroll(window)
    for address in ("/?view=today", "/?view=upcoming", f"/?task={task}"):
        window.open(address)
        window.expect_live()
        _expect_no_sideways_scroll(window)
    window.open()
    window.by("open-more").click()
    window.by("open-import").click()
    _expect_no_sideways_scroll(window)


def test_the_choice_of_language_and_theme_survives_a_reload(window: Window) -> None:
    window.choose("language", "he")
    window.choose("theme", "dark")
    root = window.page.locator("html")
    expect(root).to_have_attribute("dir", "rtl")
    light = _background(window)
    window.page.reload()
    window.expect_live()
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_attribute("data-theme", "dark")
    assert _background(window) == light

    window.choose("language", "en")
    expect(root).to_have_attribute("dir", "ltr")
    expect(window.indicator).to_have_text("Live")


def test_the_theme_of_the_system_is_followed_until_somebody_chooses(
    open_window: OpenWindow, ada: Person
) -> None:
    window = open_window(color_scheme="dark")
    window.enter_as(ada)
    dark = _background(window)
    window.page.emulate_media(color_scheme="light")
    light = _background(window)
    assert light != dark
    window.choose("theme", "dark")
    assert _background(window) == dark


def test_what_people_typed_has_its_own_direction(
    window: Window, hebrew_window: Window, ada: Person
) -> None:
    ada.add("לקנות חלב")
    ada.add("Buy milk")
    for one in (window, hebrew_window):
        one.expect_titles("Buy milk", "לקנות חלב")
        assert _direction(one.title("Buy milk")) == "ltr"
        assert _direction(one.title("לקנות חלב")) == "rtl"
        one.open_detail("Buy milk")
        for hook in ("quick-add", "search", "detail-title", "detail-description"):
            expect(one.by(hook)).to_have_attribute("dir", "auto")


def test_offline_is_said_in_hebrew(hebrew_window: Window) -> None:
    hebrew_window.troubles.expect("net::ERR_|WebSocket connection to")
    hebrew_window.context.set_offline(offline=True)
    expect(hebrew_window.indicator).to_have_text(re.compile(r"^לא מקוון מ־\d{1,2}:\d\d$"))
    hebrew_window.context.set_offline(offline=False)
    expect(hebrew_window.indicator).to_have_text("מחובר")


def _box(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None, f"{locator} is not on the page"
    return box["x"], box["width"]


def _middle(locator: Locator) -> float:
    x, width = _box(locator)
    return x + width / 2


def _is_start(locator: Locator, side: str) -> bool:
    x, width = _box(locator)
    return x == 0 if side == "left" else x + width == DESKTOP["width"]


def _direction(locator: Locator) -> str:
    direction: str = locator.evaluate("one => getComputedStyle(one).direction")
    return direction


def _background(window: Window) -> str:
    color: str = window.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return color


def _expect_no_sideways_scroll(window: Window) -> None:
    """Of the page, or of anything on it that a finger could push."""
    wide: list[str] = window.page.evaluate(
        """() => [...document.querySelectorAll('*')]
          .filter((one) => one.scrollWidth > one.clientWidth + 1)
          .filter((one) => one === document.documentElement
            || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
          .map((one) => `${one.tagName}.${one.className}: ${one.scrollWidth}`)"""
    )
    assert wide == []
    assert window.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
