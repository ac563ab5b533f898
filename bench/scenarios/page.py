"""The page with 10,000 tasks: first paint, scrolling, and what a change costs it.

Not shown: a phone, a GPU, a network. Chromium draws by software here, on the cores that also serve.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FilePayload, Page, expect, sync_playwright
from redis import Redis

from bench.peers import Place
from taskwire.adapters.processes.completion import REDIS_PASSWORD_FILE
from taskwire.adapters.processes.data_folder import DataFolder
from tests.browser.person import Person, registered
from tests.browser.window import Window
from tests.product.running import Product, running_product
from tests.services.browser import launch_options, use_own_node
from tooling.servers import chromium

TASKS = 10_000
EVENTS = 1_000
IMPORT_WAIT_S = 300.0
FIRST_ROW_WAIT_S = 60.0
APPLIED_WAIT_MS = 60_000.0

NOTE_FIRST_ROW = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-testid=task-row]')) return;
  observer.disconnect();
  requestAnimationFrame(() => { window.firstRowMs = performance.now(); });
}).observe(document, { subtree: true, childList: true });
"""
SCROLL = """async () => {
  const list = document.querySelector('.list');
  const frames = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < 180; frame += 1) {
    list.scrollTop += 120;
    const began = await new Promise(requestAnimationFrame);
    frames.push(began - last);
    last = began;
  }
  return frames.sort((one, other) => one - other);
}"""


@dataclass(frozen=True)
class Painted:
    first_paint_ms: float
    """A browser that has never seen the list."""
    again_ms: float
    """The same after a reload: the stored list first."""
    frame_p50_ms: float
    """From the beginning of one frame to that of the next, as the browser says it."""
    frame_p95_ms: float
    event_ms: float
    """All work of the page's main thread, painting included, per change that arrived."""


def run(place: Place) -> Painted:
    with running_product(place.folder) as product, _page(product) as (window, ada):
        _import(ada)
        window.page.add_init_script(NOTE_FIRST_ROW)
        window.enter_as(ada)
        first_ms = _first_row_ms(window.page)
        expect(window.rows.first).to_have_attribute("aria-setsize", str(TASKS))
        window.page.wait_for_timeout(2_000)  # the list is stored when the page is idle
        window.page.reload()
        again_ms = _first_row_ms(window.page)
        window.expect_live()
        frames: list[float] = window.page.evaluate(SCROLL)
        event_ms = _cost_of_events(window, product, ada)
    middle, late = frames[len(frames) // 2], frames[int(len(frames) * 0.95)]
    return Painted(first_ms, again_ms, middle, late, event_ms)


@contextmanager
def _page(product: Product) -> Iterator[tuple[Window, Person]]:
    path = chromium.find_binary()
    assert path is not None, "there is no Chromium; `make test` installs one"
    use_own_node(os.environ)
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(**launch_options(path))) as browser,
        registered(playwright, product.url, "Ada") as ada,
    ):
        yield Window(browser.new_context(base_url=product.url)), ada


def _import(ada: Person) -> None:
    """All of them as one list, through the worker; then wait for it."""
    titles = "".join(f"Task {number}\n" for number in range(TASKS)).encode()
    file: FilePayload = {"name": "list.txt", "mimeType": "text/plain", "buffer": titles}
    job = ada.api.post("/api/imports", multipart={"file": file, "format": "text"}).json()
    until_s = time.monotonic() + IMPORT_WAIT_S
    while ada.api.get(f"/api/jobs/{job['id']}").json()["status"] != "done":
        assert time.monotonic() < until_s, "the import did not end"
        time.sleep(0.5)


def _first_row_ms(page: Page) -> float:
    """Asked again and again: the page's policy forbids what `wait_for_function` is made of."""
    until_s = time.monotonic() + FIRST_ROW_WAIT_S
    while (shown_ms := page.evaluate("window.firstRowMs ?? null")) is None:
        assert time.monotonic() < until_s, "the list did not appear"
        page.wait_for_timeout(50)
    return float(shown_ms)


def _cost_of_events(window: Window, product: Product, ada: Person) -> float:
    """A thousand changes within a second, as a foreign publisher says them.

    The last one is of a row on the screen: when it shows, all have been applied.
    """
    page = window.page
    seen = int(window.rows.first.get_attribute("data-task-id") or "0")
    tasks = sorted(ada.tasks(), key=lambda task: task["id"] == seen)[-EVENTS:]
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before_s = _task_duration_s(session.send("Performance.getMetrics"))
    _publish(product, ada.id, [{**task, "title": f"{task['title']} again"} for task in tasks])
    expect(window.title(f"{tasks[-1]['title']} again")).to_be_attached(timeout=APPLIED_WAIT_MS)
    return (_task_duration_s(session.send("Performance.getMetrics")) - before_s) * 1000 / EVENTS


def _publish(product: Product, person_id: int, tasks: list[dict[str, object]]) -> None:
    folder = DataFolder(product.folder)
    address, password = str(folder.redis_socket), folder.secret(REDIS_PASSWORD_FILE)
    with closing(Redis(unix_socket_path=address, password=password)) as client:
        for task in tasks:
            frame = json.dumps({"type": "task_update", "data": task})
            client.publish(f"user:{person_id}:tasks", frame)
            time.sleep(1 / EVENTS)  # so many a second are what is measured


def _task_duration_s(told: dict[str, list[dict[str, Any]]]) -> float:
    return next(float(one["value"]) for one in told["metrics"] if one["name"] == "TaskDuration")
