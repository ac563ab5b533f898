"""What a page complains of that nobody sees: it fails the test all the same."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page

# The page asks, before anybody signed in, whether there is a session; a no is an answer.
_NOBODY_IS_SIGNED_IN = re.compile(r"status of 401 .* at \S+/api/auth/refresh$")


@dataclass
class Troubles:
    """Errors of a page, those of its Content-Security-Policy among them (Chromium logs them)."""

    _found: list[str] = field(default_factory=list)
    _expected: list[re.Pattern[str]] = field(default_factory=lambda: [_NOBODY_IS_SIGNED_IN])

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._found.append(f"uncaught: {error}"))
        page.on("console", self._hear)

    def expect(self, pattern: str) -> None:
        """Say that this one belongs to the test; `pattern` is searched for in the message."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        return [
            trouble
            for trouble in self._found
            if not any(pattern.search(trouble) for pattern in self._expected)
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            address = message.location.get("url", "")
            self._found.append(f"{message.type}: {message.text} at {address}")
