"""Makes the pictures of the docs anew: `.venv/bin/python -m tests.browser.screenshots`.

The real page of the real product, with tasks that somebody might have. The page has to be built.
"""

import base64
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser.person import Person, registered
from tests.browser.window import Window
from tests.product.running import running_product
from tests.services.browser import launch_options, use_own_node
from tooling.places import ROOT
from tooling.servers import chromium

FOLDER = ROOT / "docs" / "screenshots"
BYTES_MAX = 200_000
DESKTOP = {"width": 1280, "height": 760}
PHONE = {"width": 390, "height": 760}
HALF = {"width": 560, "height": 660}
STAGE = {"width": 1240, "height": 770}

# Title, priority, due in so many days (None: no date), done.
Described = tuple[str, int, int | None, bool]
ENGLISH: tuple[Described, ...] = (
    ("Return the library books", 0, None, True),
    ("Order coffee beans", 0, None, True),
    ("Fix the bicycle light", 0, None, False),
    ("Book train tickets to Vienna", 0, 9, False),
    ("Renew the passport", 1, 30, False),
    ("Send Noa the photos", 0, None, False),
    ("Water the basil", 0, 0, False),
    ("Prepare the talk for Thursday", 2, 2, False),
    ("Call the plumber about the kitchen", 3, 0, False),
    ("Pay the rent", 3, 1, False),
)
HEBREW: tuple[Described, ...] = (
    ("להחזיר ספרים לספרייה", 0, None, True),
    ("לקנות קפה", 0, None, True),
    ("לתקן את הפנס של האופניים", 0, None, False),
    ("להזמין כרטיסי רכבת לחיפה", 0, 9, False),
    ("לחדש דרכון", 1, 30, False),
    ("לשלוח לנועה את התמונות מ־Vienna", 0, None, False),
    ("להשקות את הבזיליקום", 0, 0, False),
    ("להכין את ההרצאה ליום חמישי", 2, 2, False),
    ("להתקשר לאינסטלטור", 3, 0, False),
    ("לשלם שכר דירה", 3, 1, False),
)

OpenWindow = Callable[..., Window]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _stage() as (playwright, url, open_window):
        with registered(playwright, url, "Ada") as ada:
            _draw_empty(open_window, ada)
            _fill(ada, ENGLISH)
            _draw_views(open_window, ada)
            _draw_two_windows(open_window, ada)
        with registered(playwright, url, "עדה") as ada:
            _fill(ada, HEBREW)
            _draw_hebrew(open_window, ada)
        with registered(playwright, url, "Ada") as ada:
            _draw_import(open_window, ada)
        with registered(playwright, url, "Ada") as ada:
            _draw_bell(open_window, ada)
    for picture in sorted(FOLDER.glob("*.png")):
        size = picture.stat().st_size
        assert size < BYTES_MAX, f"{picture.name} has {size} bytes"


@contextmanager
def _stage() -> Iterator[tuple[Playwright, str, OpenWindow]]:
    use_own_node(os.environ)
    binary = Path(os.environ.get("TEST_CHROMIUM") or chromium.find_binary() or "chromium")
    expect.set_options(timeout=15_000)
    with (
        tempfile.TemporaryDirectory(prefix="taskwire-screenshots-") as folder,
        running_product(Path(folder)) as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options(binary))
        yield playwright, product.url, _opener(browser, product.url)
        browser.close()


def _opener(browser: Browser, url: str) -> OpenWindow:
    def open_window(person: Person, address: str = "/", **options: object) -> Window:
        described = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(base_url=url, **{**described, **options})  # type: ignore[arg-type]
        window = Window(context)
        window.enter_as(person, address)
        return window

    return open_window


def _fill(person: Person, tasks: tuple[Described, ...]) -> None:
    today = date.today()  # noqa: DTZ011 - the browser's day is this machine's day
    for title, priority, days, is_completed in tasks:
        due = {} if days is None else {"due_on": (today + timedelta(days)).isoformat()}
        task = person.add(title, priority=priority, **due)
        if is_completed:
            person.change(task, is_completed=True)


def _draw_empty(open_window: OpenWindow, ada: Person) -> None:
    window = open_window(ada)
    expect(window.by("empty")).to_be_visible()
    _draw(window, "empty")


def _draw_views(open_window: OpenWindow, ada: Person) -> None:
    _repeat(ada, "Water the basil", "FREQ=DAILY;INTERVAL=3")
    window = open_window(ada)
    window.open_detail("Prepare the talk for Thursday")
    window.by("remind-1440").click()
    window.by("detail-description").fill(
        "Twenty minutes, then questions.\nAsk Noa for the chart of the spring."
    )
    window.page.get_by_role("heading", name="Inbox").click()
    _draw(window, "desktop")
    dark = open_window(ada, "/?view=upcoming", color_scheme="dark")
    dark.title("Pay the rent").hover()
    _draw(dark, "dark")
    _draw(_on_a_phone(open_window, ada), "phone")


def _draw_hebrew(open_window: OpenWindow, ada: Person) -> None:
    _repeat(ada, "להשקות את הבזיליקום", "FREQ=DAILY;INTERVAL=3")
    window = open_window(ada, locale="he-IL")
    window.open_detail("להכין את ההרצאה ליום חמישי")
    _draw(window, "hebrew")
    _draw(_on_a_phone(open_window, ada, locale="he-IL"), "hebrew-phone")


def _repeat(person: Person, title: str, rule: str) -> None:
    task = next(task for task in person.tasks() if task["title"] == title)
    person.change(task["id"], recurrence=rule, recurrence_from="completion")


def _draw_bell(open_window: OpenWindow, ada: Person) -> None:
    window = open_window(ada)
    at = [{"at": (datetime.now(UTC) + timedelta(seconds=1)).isoformat()}]
    for title, priority in (("Pay the rent", 3), ("Call the plumber about the kitchen", 2)):
        ada.add(title, priority=priority, reminders=at)
    ada.add("Water the basil")
    expect(window.by("bell-count")).to_have_text("2", timeout=60_000)
    window.by("bell").click()
    _draw(window, "notifications")
    window.open("/?view=settings")
    expect(window.by("settings-zone")).to_be_visible()
    _draw(window, "settings")


def _on_a_phone(open_window: OpenWindow, ada: Person, **options: object) -> Window:
    size = {"viewport": PHONE, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
    return open_window(ada, **size, **options)


def _draw_import(open_window: OpenWindow, ada: Person) -> None:
    window = open_window(ada)
    lines = "\n".join(f"{title} ({number})" for number in range(1, 601) for title, *_ in ENGLISH)
    window.by("open-import").click()
    window.by("import-file").set_input_files(
        {"name": "everything.txt", "mimeType": "text/plain", "buffer": lines.encode()}
    )
    window.by("import-start").click()
    expect(window.by("import-progress")).to_contain_text(re.compile(r"[2-5],\d{3} of 6,000"))
    _draw(window, "import")
    window.by("import-cancel").click()


def _draw_two_windows(open_window: OpenWindow, ada: Person) -> None:
    """The left one is where somebody types; the right one has just been told."""
    options = {"viewport": HALF, "device_scale_factor": 1.5, "reduced_motion": "no-preference"}
    left, right = (open_window(ada, **options) for _ in range(2))
    _stop_the_clock_of_motions(right.page)
    left.title("Book train tickets to Vienna").click()
    left.by("detail-title").fill("Book night train tickets to Vienna")
    left.by("detail-title").press("Enter")
    expect(right.title("Book night train tickets to Vienna")).to_be_visible()
    left.wait_until_still("detail")
    pictures = [window.page.screenshot() for window in (left, right)]
    _compose(left.context.browser, pictures, "two-windows")


def _stop_the_clock_of_motions(page: Page) -> None:
    """What is tinted stays tinted until its picture is taken."""
    tools = page.context.new_cdp_session(page)
    tools.send("Animation.enable")
    tools.send("Animation.setPlaybackRate", {"playbackRate": 0})


def _compose(browser: Browser | None, pictures: list[bytes], name: str) -> None:
    assert browser is not None, "a context that was launched has a browser"
    page = browser.new_page(viewport=STAGE, device_scale_factor=1.5)  # type: ignore[arg-type]
    frames = "".join(_frame(picture) for picture in pictures)
    page.set_content(f"<style>{_FRAME_STYLE}</style>{frames}")
    page.screenshot(path=FOLDER / f"{name}.png")


def _frame(picture: bytes) -> str:
    encoded = base64.b64encode(picture).decode()
    return f'<div><p><i></i><i></i><i></i></p><img src="data:image/png;base64,{encoded}"></div>'


_FRAME_STYLE = """
body { display: flex; justify-content: space-evenly; align-items: center; margin: 0; height: 100vh;
  background: #e7e9ee; }
div { border-radius: 10px; overflow: hidden; background: #fff; box-shadow: 0 0 0 1px #0002, 0 18px 40px #1b20351f; }
p { display: flex; gap: 7px; margin: 0; padding: 11px 13px; background: #f4f5f7; }
i { width: 11px; height: 11px; border-radius: 50%; background: #cdd1d9; }
img { display: block; width: 560px; }
"""


def _draw(window: Window, name: str) -> None:
    window.page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
