"""Everybody who has an account at this Google; each has calendars, grants and a log of their own."""

from collections.abc import Iterator

from tests.fake_google.accounts import OWNER
from tests.fake_google.google import Google, Request


class People:
    def __init__(self, owner: Google) -> None:
        self.owner = owner
        self._by_name = {OWNER: owner}

    def __iter__(self) -> Iterator[Google]:
        return iter(list(self._by_name.values()))

    @property
    def names(self) -> list[str]:
        return list(self._by_name)

    def named(self, name: str) -> Google:
        """Whoever is asked for has an account; nobody named is the owner."""
        if not name:
            return self.owner
        if name not in self._by_name:
            first = self.owner
            self._by_name[name] = Google(
                clock=first.clock,
                client_id=first.client_id,
                client_secret=first.client_secret,
                zone=first.zone,
            )
        return self._by_name[name]

    def behind(self, request: Request) -> Google:
        """Whose code or token it is; a stranger's is the owner's to refuse."""
        shown = set(request.form.values()) if request.path in ("/token", "/revoke") else set()
        shown.add(request.query.get("token", ""))
        shown.add(request.headers.get("authorization", "").removeprefix("Bearer "))
        for google in self._by_name.values():
            if not google.accounts.issued.isdisjoint(shown):
                return google
        return self.owner
