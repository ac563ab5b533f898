"""One product and one Chromium for the whole folder; a person and a window for each test."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.person import Person, registered
from tests.browser.window import Window
from tests.product.running import Product, running_product
from tests.services.browser import LaunchOptions

# A machine that runs everything at once is slow; a test that passes does not wait.
WITHIN_MS = 15_000

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

# `package`: Playwright's sync API holds an event loop, which the async tests elsewhere need.


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    # A line is called dead after two heartbeats that did not come.
    with running_product(folder, HEARTBEAT_INTERVAL_S="1") as product:
        yield product


@pytest.fixture(scope="package")
def playwright(chromium_options: LaunchOptions) -> Iterator[Playwright]:
    expect.set_options(timeout=WITHIN_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium_options: LaunchOptions) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**chromium_options)
    yield browser
    browser.close()


OpenWindow = Callable[..., Window]


@pytest.fixture
def open_window(browser: Browser, product: Product) -> Iterator[OpenWindow]:
    """Opens windows; keywords are those of Playwright's `new_context`."""
    windows: list[Window] = []

    def open_one(**options: object) -> Window:
        described = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Asia/Jerusalem"}
        context = browser.new_context(base_url=product.url, **{**described, **options})  # type: ignore[arg-type]
        context.set_default_timeout(WITHIN_MS)
        windows.append(Window(context))
        return windows[-1]

    yield open_one
    troubles = [trouble for window in windows for trouble in window.troubles.unexpected()]
    for window in windows:
        window.context.close()
    assert troubles == [], "the page complained"


@pytest.fixture
def stranger(playwright: Playwright, product: Product) -> Iterator[Person]:
    """Somebody else."""
    with registered(playwright, product.url, "Mallory") as person:
        yield person


@pytest.fixture
def ada(playwright: Playwright, product: Product) -> Iterator[Person]:
    """Somebody with an account and no task."""
    with registered(playwright, product.url, "Ada") as person:
        yield person


@pytest.fixture
def window(open_window: OpenWindow, ada: Person) -> Window:
    """Ada's window, signed in and live."""
    window = open_window()
    window.enter_as(ada)
    return window


@pytest.fixture
def other_window(open_window: OpenWindow, ada: Person) -> Window:
    """Ada's other window, of another browser."""
    window = open_window()
    window.enter_as(ada)
    return window
