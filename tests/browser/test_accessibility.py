"""axe finds nothing serious in any view, in light and dark, in both languages, wide and narrow."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, OpenWindow
from tests.browser.person import Person
from tests.browser.window import Window
from tooling.places import FRONTEND

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [
    pytest.param("en-GB", "light", DESKTOP, id="english, light"),
    pytest.param("en-GB", "dark", PHONE, id="english, dark, phone"),
    pytest.param("he-IL", "dark", DESKTOP, id="hebrew, dark"),
    pytest.param("he-IL", "light", PHONE, id="hebrew, light, phone"),
]


@pytest.mark.parametrize(("locale", "scheme", "size"), LOOKS)
def test_axe_finds_nothing_in_any_view(
    open_window: OpenWindow, ada: Person, locale: str, scheme: str, size: dict[str, int]
) -> None:
    # axe is read by the page's own engine; no rule of the page's is bent for it.
    window = open_window(locale=locale, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    window.context.add_init_script(path=AXE)
    found = {"sign in": _look_at_sign_in(window)}
    window.enter_as(ada)
    found["empty"] = _faults(window)
    task = _fill(ada)
    expect(window.row_of(task)).to_be_visible()
    found["list"] = _faults(window)
    window.open("/?view=upcoming")
    expect(window.row_of(task)).to_be_visible()
    found["upcoming"] = _faults(window)
    window.open(f"/?task={task}")
    expect(window.by("detail-description")).to_be_visible()
    found["detail"] = _faults(window)
    window.open("/?view=settings")
    expect(window.by("settings-zone")).to_be_visible()
    found["settings"] = _faults(window)
    window.open()
    window.expect_live()
    found |= _look_at_dialogs(window, is_phone=size == PHONE)
    found["toast"] = _look_at_a_toast(window, task)
    assert {view: faults for view, faults in found.items() if faults} == {}


def test_axe_finds_nothing_while_offline_with_the_banner(window: Window, ada: Person) -> None:
    window.troubles.expect("net::ERR_|WebSocket connection to")
    window.page.evaluate(AXE.read_text(encoding="utf-8"))
    window.context.set_offline(offline=True)
    window.add("Waits")
    expect(window.by("banner")).to_be_visible()
    assert _faults(window) == []


def test_axe_finds_nothing_while_a_title_is_edited_by_two(window: Window, ada: Person) -> None:
    window.page.evaluate(AXE.read_text(encoding="utf-8"))
    task = ada.add("Draft")
    window.title("Draft").click()
    window.by("task-title-input").fill("Mine")
    ada.change(task, title="Theirs")
    expect(window.page.get_by_role("button", name="Use that")).to_be_visible()
    assert _faults(window) == []


def test_what_arrives_is_announced_in_batches_and_not_row_by_row(
    window: Window, ada: Person
) -> None:
    for number in range(5):
        ada.add(f"Task {number}")
    expect(window.page.locator("[aria-live=polite]")).to_have_text(
        "5 tasks changed on another screen"
    )


def _fill(ada: Person) -> int:
    ada.change(ada.add("Return the books"), is_completed=True)
    ada.add("Call the plumber", due_on="2020-01-01", priority=1)
    ada.add("Pay the rent", priority=2)
    return ada.add("Water the basil", due_on="2020-01-02", priority=3)


def _look_at_sign_in(window: Window) -> list[str]:
    window.open()
    expect(window.by("email")).to_be_visible()
    faults = _faults(window)
    window.by("switch-to-register").click()
    return faults + _faults(window)


def _look_at_dialogs(window: Window, *, is_phone: bool) -> dict[str, list[str]]:
    window.by("bell").click()
    expect(window.by("notifications-empty")).to_be_visible()
    found = {"bell": _faults(window)}
    window.press("Escape")
    if is_phone:
        window.by("open-more").click()
        found["more"] = _faults(window)
    window.by("open-jobs").click()
    found["jobs"] = _faults(window)
    window.by("jobs-close").click()
    if is_phone:
        window.by("open-more").click()
    window.by("open-import").click()
    found["import"] = _faults(window)
    window.press("Escape")
    expect(window.by("import-file")).to_have_count(0)
    window.press("Shift+Slash")
    expect(window.by("shortcut-sheet")).to_be_visible()
    found["shortcuts"] = _faults(window)
    window.press("Escape")
    return found


def _look_at_a_toast(window: Window, task: int) -> list[str]:
    window.row_of(task).get_by_test_id("task-complete").click()
    expect(window.by("toast-undo")).to_be_visible()
    return _faults(window)


def _faults(window: Window) -> list[str]:
    result: dict[str, Any] = window.page.evaluate(
        "axe.run(document, {resultTypes: ['violations']})"
    )
    return [
        f"{fault['impact']}: {fault['id']}: {node['html'][:200]}"
        for fault in result["violations"]
        if fault["impact"] in {"serious", "critical", "moderate"}
        for node in fault["nodes"]
    ]
