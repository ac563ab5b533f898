"""The page by https, through the nginx that we ship: its policy, its cookie and its sockets."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.conftest import WITHIN_MS
from tests.browser.person import PASSWORD, unused_email
from tests.browser.window import Window
from tests.product.proxied import Proxied, proxied
from tests.product.serving import Deployment
from tests.services.browser import LaunchOptions
from tests.services.databases import SqliteDatabases
from tests.services.redis import redis_server

PROTOCOL = "performance.getEntriesByType('navigation')[0].nextHopProtocol"


@pytest.fixture(scope="module")
def public(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("deployment")
    settings = {"PUBLIC_URL": "https://localhost"}
    with (
        redis_server() as redis,
        proxied(Deployment(folder, sqlite_databases.fresh(folder), redis, settings)) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def trusting_browser(playwright: Playwright, chromium_options: LaunchOptions) -> Iterator[Browser]:
    """It takes a certificate that a person made, as they tell their browser to."""
    options = {
        **chromium_options,
        "args": [*chromium_options["args"], "--ignore-certificate-errors"],
    }
    browser = playwright.chromium.launch(**options)  # type: ignore[arg-type]
    yield browser
    browser.close()


def test_a_person_signs_in_and_sees_a_change_made_in_another_window(
    public: Proxied, trusting_browser: Browser
) -> None:
    email = unused_email()
    windows = [_window(trusting_browser, public) for _ in range(2)]
    opened: list[str] = []
    for window in windows:
        window.page.on("websocket", lambda socket: opened.append(socket.url.partition("?")[0]))
    body = {"email": email, "name": "Ada", "password": PASSWORD}
    assert windows[0].context.request.post("/api/auth/register", data=body).ok
    for window in windows:
        window.open()
    windows[0].expect_live()
    windows[1].sign_in_with(email, PASSWORD)
    windows[1].expect_live()

    windows[0].add("Buy milk")
    windows[1].expect_titles("Buy milk")
    windows[1].edit_title("Buy milk", "Buy oat milk")
    windows[0].expect_titles("Buy oat milk")

    assert f"{public.socket_url}/ws/tasks" in opened
    assert all(address.startswith("wss:") for address in opened)
    assert windows[0].page.evaluate(PROTOCOL) == "h2"
    cookies = windows[1].context.cookies()
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies), cookies
    for window in windows:
        assert window.troubles.unexpected() == []
        window.context.close()


def _window(browser: Browser, public: Proxied) -> Window:
    context = browser.new_context(base_url=public.url, locale="en-GB", ignore_https_errors=True)
    context.set_default_timeout(WITHIN_MS)
    return Window(context)
