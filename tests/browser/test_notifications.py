"""What the server has to say: as a toast, under the bell, as a push; read once for all devices."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.person import Person
from tests.browser.window import Window
from tests.product.running import Product

# From the moment a reminder is due: the tick of beat, the worker, and a busy machine.
REMINDED_WITHIN_MS = 60_000


def test_a_reminder_comes_to_both_windows_is_read_in_one_and_gone_from_the_other(
    window: Window, other_window: Window, open_window: OpenWindow, ada: Person, stranger: Person
) -> None:
    theirs = open_window()
    theirs.enter_as(stranger)
    ada.add("Call the plumber", reminders=[_soon()])
    for one in (window, other_window):
        expect(one.toast("Reminder: ")).to_contain_text(
            "Call the plumber", timeout=REMINDED_WITHIN_MS
        )
        expect(one.by("bell-count")).to_have_text("1")

    window.by("bell").click()
    window.by("notification-read").click()
    for one in (window, other_window):
        expect(one.by("bell-count")).to_have_count(0)
        expect(one.toast("Reminder: ")).to_have_count(0)

    # What is theirs comes by the same road after it; hers would have come as well.
    stranger.add("Mallory's own", reminders=[_soon()])
    expect(theirs.by("bell-count")).to_have_text("1", timeout=REMINDED_WITHIN_MS)
    theirs.by("bell").click()
    expect(theirs.by("notification")).to_have_count(1)
    expect(theirs.by("notification")).to_contain_text("Mallory's own")


def test_a_toast_leads_to_its_task_and_is_read_by_it(window: Window, ada: Person) -> None:
    task = ada.add("Water the basil", reminders=[_soon()])
    action = window.toast("Water the basil").get_by_test_id("toast-action")
    action.click(timeout=REMINDED_WITHIN_MS)
    expect(window.page).to_have_url(re.compile(rf"task={task}$"))
    expect(window.by("bell-count")).to_have_count(0)


def test_a_push_is_shown_in_its_language_and_a_press_on_it_opens_the_task(
    window: Window, ada: Person, product: Product
) -> None:
    """From the browser's half on: Chromium subscribes over the internet only, and not in a test."""
    window.troubles.expect("Push API in incognito mode")
    task = ada.add("Call the plumber")
    window.context.grant_permissions(["notifications"], origin=product.url)
    window.open("/?view=settings")
    with window.context.expect_event("serviceworker") as started:
        window.by("push-switch").click()
    expect(window.by("push-switch")).to_have_attribute("data-state", "failed")

    _push(window, product, {"task_id": task, "title": "Call the plumber", "language": "he"})
    assert _shown_pushes(window) == [["Call the plumber", "תזכורת", "rtl"]]
    window.open()
    window.expect_live()
    started.value.evaluate(
        """async () => {
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
        }"""
    )
    expect(window.by("detail-title")).to_have_value("Call the plumber")
    assert _shown_pushes(window, count=0) == []


def _soon() -> dict[str, str]:
    return {"at": (datetime.now(UTC) + timedelta(seconds=1)).isoformat()}


def _push(window: Window, product: Product, fields: dict[str, Any]) -> None:
    payload = {"id": 5, "kind": "reminder_due", "body": "A task is due.", **fields}
    tools = window.context.new_cdp_session(window.page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    window.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    while not found:
        window.page.evaluate("new Promise(requestAnimationFrame)")
    message = {"origin": product.url, "registrationId": found[-1], "data": json.dumps(payload)}
    tools.send("ServiceWorker.deliverPushMessage", message)


def _shown_pushes(window: Window, count: int = 1) -> list[list[str]]:
    """What stands on the screen, once it is so many."""
    shown: list[list[str]] = window.page.evaluate(
        """async (count) => {
          const worker = await navigator.serviceWorker.ready;
          for (;;) {
            const shown = await worker.getNotifications();
            if (shown.length === count) return shown.map((one) => [one.title, one.body, one.dir]);
            await new Promise(requestAnimationFrame);
          }
        }""",
        count,
    )
    return shown
