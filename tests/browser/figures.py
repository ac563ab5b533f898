"""Measures what somebody sees who waits: `.venv/bin/python -m tests.browser.figures`.

From the moment a reminder is due to its toast in the page, and how smoothly a page draws while
5,000 rows are imported into it; on both databases, by `taskwire up`. Writes docs/page.md. The page
has to be built, and the machine should have nothing else to do.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.drawing import (
    Frames,
    frames_of,
    note_frames,
    note_toasts,
    toasts_of,
)
from tests.browser.person import Person, registered
from tests.browser.window import Window
from tests.product.running import running_product
from tests.services.browser import launch_options, use_own_node
from tests.services.databases import PostgresqlDatabases
from tests.services.postgresql import postgresql_server
from tooling.places import ROOT
from tooling.servers import chromium

PAPER = ROOT / "docs" / "page.md"
REMINDERS = 60
# Longer than the page joins toasts for, and no multiple of beat's second: each comes at another
# moment of it.
APART_S = 2.37
ROWS = 5000
MARK = "reminder number "
TODOIST = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE"
IMPORTED_WITHIN_MS = 180_000


@dataclass(frozen=True)
class Figures:
    database: str
    load: float
    delays_s: Sequence[float]
    import_s: float
    frames: Frames


def main() -> None:
    use_own_node(os.environ)
    binary = Path(os.environ.get("TEST_CHROMIUM") or chromium.find_binary() or "chromium")
    found: list[Figures] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(binary))
        for database in ("SQLite", "PostgreSQL"):
            load = os.getloadavg()[0]
            with _product(database) as url, _window(playwright, browser, url) as (window, ada):
                delays_s = _remind(window, ada)
                import_s, frames = _import(window)
            found.append(Figures(database, load, delays_s, import_s, frames))
            print(_table(found[-1:]))  # noqa: T201 - whoever measures reads it here
        browser.close()
    PAPER.write_text(f"{_HEAD}\n{_table(found)}\n", encoding="utf-8")


@contextmanager
def _product(database: str) -> Iterator[str]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="taskwire-figures-"))
        settings = {}
        if database == "PostgreSQL":
            server = stack.enter_context(postgresql_server({"listen_addresses": "127.0.0.1"}))
            settings["DATABASE_URL"] = stack.enter_context(PostgresqlDatabases(server).fresh())
        yield stack.enter_context(running_product(Path(folder), **settings)).url


@contextmanager
def _window(playwright: Playwright, browser: Browser, url: str) -> Iterator[tuple[Window, Person]]:
    with registered(playwright, url, "Ada") as ada:
        context = browser.new_context(base_url=url, locale="en-GB")
        window = Window(context)
        window.enter_as(ada)
        yield window, ada
        context.close()


def _remind(window: Window, ada: Person) -> Sequence[float]:
    """The seconds from due to toast, of each; the reminders are all set before the first is due."""
    note_toasts(window, MARK)
    begin = datetime.now(UTC) + timedelta(seconds=15)
    due = [begin + timedelta(seconds=number * APART_S) for number in range(REMINDERS)]
    for number, at in enumerate(due):
        ada.add(f"{MARK}{number}", reminders=[{"at": at.isoformat()}])
    while len(shown := toasts_of(window)) < REMINDERS:
        assert datetime.now(UTC) < due[-1] + timedelta(seconds=60), f"{len(shown)} toasts came"
        window.page.wait_for_timeout(500)
    return [shown[number] / 1000 - due[number].timestamp() for number in range(REMINDERS)]


def _import(window: Window) -> tuple[float, Frames]:
    rows = [f"task,Task {number},,4,1,,,,en,UTC" for number in range(ROWS)]
    content = "\n".join([TODOIST, *rows]).encode()
    window.by("open-import").click()
    window.by("import-file").set_input_files(
        {"name": "Inbox.csv", "mimeType": "text/plain", "buffer": content}
    )
    expect(window.by("import-preview")).to_contain_text("5,000", timeout=60_000)
    note_frames(window)
    began_s = time.monotonic()
    window.by("import-start").click()
    window.by("import-close").click()  # the list is in sight, and grows
    inbox = window.by("view-inbox")
    expect(inbox).to_contain_text(f"{ROWS + REMINDERS:,}", timeout=IMPORTED_WITHIN_MS)
    return time.monotonic() - began_s, frames_of(window)


def _table(found: Sequence[Figures]) -> str:
    columns = [" | ".join(["", *(one.database for one in found)]), "|---|" + "---:|" * len(found)]
    lines = [f"| {name} | " + " | ".join(cell(one) for one in found) + " |" for name, cell in _ROWS]
    return "\n".join([f"|{columns[0]} |", columns[1], *lines])


def _share(values: Sequence[float], share: float) -> float:
    """The value that so many of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


_ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("load of the machine before", lambda one: f"{one.load:.2f}"),
    ("reminders", lambda one: f"{len(one.delays_s)}"),
    ("due to toast, median", lambda one: f"{median(one.delays_s):.2f} s"),
    ("due to toast, p95", lambda one: f"{_share(one.delays_s, 0.95):.2f} s"),
    ("due to toast, longest", lambda one: f"{max(one.delays_s):.2f} s"),
    ("import of 5,000 rows, until the last is in the page", lambda one: f"{one.import_s:.1f} s"),
    ("frames drawn meanwhile", lambda one: f"{len(one.frames.gaps_ms):,}"),
    ("between two frames, p99", lambda one: f"{_share(one.frames.gaps_ms, 0.99):.0f} ms"),
    ("between two frames, longest", lambda one: f"{max(one.frames.gaps_ms):.0f} ms"),
    ("tasks of the main thread over 50 ms", lambda one: f"{len(one.frames.tasks_ms)}"),
    ("the longest of them", lambda one: f"{max(one.frames.tasks_ms, default=0):.0f} ms"),
)
_HEAD = """# What somebody sees who waits

What `python -m tests.browser.figures` measured, its last run: the page in Chromium, `taskwire up`,
both databases (PostgreSQL with its fsync), all on one machine of 2 cores.

*Due to toast*: from the time that a reminder has to the moment at which its toast stands in the
page, one every 2.4 s. Promised is a p95 under 2 s. *Import*: a Todoist CSV, its list in sight.
Promised are frames under 100 ms.
"""


if __name__ == "__main__":
    main()
