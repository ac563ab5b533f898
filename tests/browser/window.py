"""One browser window, in the words of the product instead of those of its markup."""

import re

from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.person import PASSWORD, Person
from tests.browser.troubles import Troubles


class Window:
    """A page in a context of its own: nothing is shared with another window but the server."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.troubles = Troubles()
        self.page = context.new_page()
        self.troubles.watch(self.page)

    # The account

    def open(self, address: str = "/") -> None:
        self.page.goto(address)

    def enter_as(self, person: Person, address: str = "/") -> None:
        """Sign in by the cookie, as after a restart of the browser, and wait for the list."""
        body = {"email": person.email, "password": PASSWORD}
        answer = self.context.request.post("/api/auth/login", data=body)
        assert answer.ok, f"no session: {answer.text()}"
        self.open(address)
        self.expect_live()

    def sign_in_with(self, email: str, password: str) -> None:
        self.by("email").fill(email)
        self.by("password").fill(password)
        self.by("submit").click()

    # What stands on the page

    def by(self, hook: str) -> Locator:
        return self.page.get_by_test_id(hook)

    @property
    def rows(self) -> Locator:
        return self.by("task-row")

    def row(self, title: str) -> Locator:
        """The row that shows exactly this title."""
        return self.rows.filter(has=self.title(title))

    def title(self, title: str) -> Locator:
        exactly = re.compile(rf"^{re.escape(title)}$")
        return self.page.get_by_test_id("task-title").filter(has_text=exactly)

    def row_of(self, task_id: int) -> Locator:
        """The row of this task, whatever it shows at the moment."""
        return self.page.locator(f"[data-testid=task-row][data-task-id='{task_id}']")

    def id_of(self, title: str) -> int:
        """The number that the server gave, waited for."""
        row = self.row(title)
        expect(row).to_have_attribute("data-task-id", re.compile(r"^\d+$"))
        return int(row.get_attribute("data-task-id") or "0")

    def toast(self, text: str) -> Locator:
        return self.page.locator(".toast").filter(has_text=text)

    @property
    def indicator(self) -> Locator:
        return self.by("connection-indicator")

    # What a person does

    def add(self, title: str) -> None:
        self.by("quick-add").fill(title)
        self.by("quick-add").press("Enter")

    def edit_title(self, title: str, new_title: str) -> None:
        self.title(title).click()
        self.by("task-title-input").fill(new_title)
        self.by("task-title-input").press("Enter")

    def complete(self, title: str) -> None:
        self.row(title).get_by_test_id("task-complete").click()

    def delete(self, title: str) -> None:
        self.row(title).hover()
        self.row(title).get_by_test_id("task-delete").click()

    def open_detail(self, title: str) -> None:
        self.row(title).hover()
        self.row(title).get_by_test_id("open-detail").click()
        expect(self.by("detail")).to_be_visible()

    def choose(self, hook: str, value: str) -> None:
        self.by(hook).select_option(value)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    # What a person expects

    def expect_live(self) -> None:
        expect(self.indicator).to_have_attribute("data-state", "live")

    def expect_titles(self, *titles: str) -> None:
        """Exactly these rows, from the top."""
        expect(self.by("task-title")).to_have_text(list(titles))

    def wait_until_still(self, hook: str) -> None:
        """What slides in has arrived."""
        self.by(hook).evaluate(
            "one => Promise.all(one.getAnimations().map((motion) => motion.finished))"
        )

    def focused(self) -> str:
        """The test hook of what has the focus, or that of the nearest thing around it."""
        hook: str = self.page.evaluate(
            "document.activeElement?.closest('[data-testid]')?.dataset.testid ?? ''"
        )
        return hook
