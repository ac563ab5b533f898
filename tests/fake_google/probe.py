"""Asks the real Google what nobody could verify, and sets it beside what the fake says.

    .venv/bin/python -m tests.fake_google.probe

with GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and GOOGLE_REFRESH_TOKEN in the environment.

It makes a calendar of its own in that account, works in it alone, and deletes it at the end. One
line for each point: what the fake says, which is what Taskwire expects, and what was seen. Ends
with 0 when all is as expected, 1 when something differs, 2 when it could not begin.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from tests.fake_google.google import APP_CREATED, Google
from tests.fake_google.probe_points import POINTS, Scratch
from tests.fake_google.transport import FakeTransport

NEEDED = ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "GOOGLE_REFRESH_TOKEN")
TOKEN_URL = "https://oauth2.googleapis.com/token"
API_URL = "https://www.googleapis.com/calendar/v3"
TIMEOUT_S = 30.0
BY_HAND = (
    "does “Duplicate” in Google's page copy private extended properties?",
    "does the scope calendar.app.created escape the verification of sensitive scopes?",
    "is the id of a deleted event free again once it has left the trash, after 30 days?",
    "which quotas does the project have, under APIs & Services, Quotas?",
)
"""What only a person at Google's own pages can see."""


@dataclass(frozen=True)
class Account:
    """Whose calendar is asked, and where."""

    client_id: str
    client_secret: str
    refresh_token: str
    token_url: str
    api_url: str


def account_of(environment: Mapping[str, str]) -> Account | str:
    """Or a sentence that says what is missing."""
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        return (
            f"{', '.join(missing)} not set. This asks the real Google, with an account of yours;"
            " docs/google-calendar.md says where the three come from. Nothing was asked."
        )
    return Account(
        client_id=environment["GOOGLE_CLIENT_ID"],
        client_secret=environment["GOOGLE_CLIENT_SECRET"],
        refresh_token=environment["GOOGLE_REFRESH_TOKEN"],
        token_url=environment.get("GOOGLE_TOKEN_URL", TOKEN_URL),
        api_url=environment.get("GOOGLE_API_URL", API_URL),
    )


async def probe(account: Account, say: Callable[[str], object]) -> int:
    expected = await _answers_of_the_fake()
    async with httpx2.AsyncClient(timeout=TIMEOUT_S) as http:
        try:
            seen = await _answers(http, account)
        except (httpx2.HTTPError, PermissionError) as error:
            say(f"It could not begin: {error}")
            return 2
    for point, said in seen.items():
        as_expected = said == expected[point]
        word = "as expected" if as_expected else "DIFFERENT  "
        more = "" if as_expected else f"; expected: {expected[point]}"
        say(f"{word}  {point}: {said}{more}")
    for point in BY_HAND:
        say(f"by hand      {point}")
    return 0 if seen == expected else 1


async def _answers_of_the_fake() -> Mapping[str, str]:
    google = Google()
    async with httpx2.AsyncClient(transport=FakeTransport(google)) as http:
        return await _answers(http, account_at(google))


def account_at(google: Google, token_url: str = TOKEN_URL, api_url: str = API_URL) -> Account:
    """An account at the fake, whose owner has said yes."""
    consent = {"redirect_uri": "http://localhost/", "access_type": "offline"}
    back = httpx2.URL(google.accounts.consent(consent, APP_CREATED))
    form = {"grant_type": "authorization_code", "code": back.params["code"], **consent}
    client = {"client_id": google.client_id, "client_secret": google.client_secret}
    google.accounts.token(form | client, None)
    assert google.accounts.grant is not None, "just given"
    refresh_token = google.accounts.grant.refresh_token
    return Account(google.client_id, google.client_secret, refresh_token, token_url, api_url)


async def _answers(http: httpx2.AsyncClient, account: Account) -> Mapping[str, str]:
    async with _scratch(http, account) as scratch:
        return {point: await ask(scratch) for point, ask in POINTS.items()}


@asynccontextmanager
async def _scratch(http: httpx2.AsyncClient, account: Account) -> AsyncIterator[Scratch]:
    """A calendar for this run, which is gone afterwards."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": account.refresh_token,
        "client_id": account.client_id,
        "client_secret": account.client_secret,
    }
    granted = await http.post(account.token_url, data=form)
    if not granted.is_success:
        raise PermissionError(f"no access token, {granted.status_code} {granted.text}")
    headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    fields = {"summary": "Taskwire probe, may be deleted", "timeZone": "Europe/Berlin"}
    made = await http.post(f"{account.api_url}/calendars", json=fields, headers=headers)
    if not made.is_success:
        raise PermissionError(f"no calendar, {made.status_code} {made.text}")
    url = f"{account.api_url}/calendars/{made.json()['id']}"
    try:
        yield Scratch(http, account.api_url, url, headers, secrets.token_hex(8))
    finally:
        await http.delete(url, headers=headers)


def main() -> int:
    account = account_of(os.environ)
    if isinstance(account, str):
        sys.stderr.write(f"{account}\n")
        return 2
    return asyncio.run(probe(account, lambda line: sys.stdout.write(f"{line}\n")))


if __name__ == "__main__":
    sys.exit(main())
