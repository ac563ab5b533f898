"""A title is text, whatever somebody has put into it, and it stays in its row."""

import pytest
from playwright.sync_api import Dialog, FloatRect, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenWindow
from tests.browser.person import Person
from tests.browser.window import Window

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    '" onmouseover="alert(1)',
    "{{count}} $t(tasks.delete) ${1} %s",
    "\u202eevil\u2066 then",
    "&lt;b&gt; & &amp;",
    "Z" + "\u0310" * 200 + " done",
    "W" * 500,
)


def test_a_hostile_title_is_shown_as_text(window: Window, ada: Person) -> None:
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    window.page.on("dialog", note)
    for title in HOSTILE:
        task = ada.add(title, description=title)
        shown = window.row_of(task).get_by_test_id("task-title")
        assert shown.text_content() == title
        assert shown.locator("*").count() == 0

        window.row_of(task).hover()
        window.row_of(task).get_by_test_id("open-detail").click()
        expect(window.by("detail-title")).to_have_value(title)
        expect(window.by("detail-description")).to_have_value(title)
        window.by("detail-complete").click()
        expect(window.toast(title[:20]).last).to_be_visible()
    assert dialogs == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_title_breaks_the_layout(
    open_window: OpenWindow, ada: Person, size: dict[str, int]
) -> None:
    tasks = [ada.add(title, priority=3, due_on="2031-05-04") for title in HOSTILE]
    window = open_window(viewport=size)
    window.enter_as(ada)
    expect(window.rows).to_have_count(len(HOSTILE))
    heights = {_box(window, task)["height"] for task in tasks}
    assert len(heights) == 1, f"every row is as high as the others: {heights}"
    for task in tasks:
        box = _box(window, task)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        expect(window.row_of(task).locator("time")).to_be_in_viewport(ratio=1)
    window.open(f"/?task={tasks[-1]}")
    expect(window.by("detail-title")).to_be_visible()
    assert window.page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_a_hostile_name_is_shown_as_text(open_window: OpenWindow) -> None:
    window = open_window()
    window.open()
    window.by("switch-to-register").click()
    window.by("name").fill("<img src=x onerror=alert(1)>")
    window.sign_in_with("hostile@example.org", "correct horse battery")
    window.expect_live()
    expect(window.page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()


def _box(window: Window, task: int) -> FloatRect:
    box = window.row_of(task).bounding_box()
    assert box is not None, f"task {task} has no row"
    return box
