"""The probe of the real Google works: it is led to the fake, and sees what that one is made to say."""

from dataclasses import replace

import httpx2
import pytest

from tests.fake_google.google import Google
from tests.fake_google.probe import BY_HAND, NEEDED, Account, account_at, account_of, probe
from tests.fake_google.probe_points import POINTS
from tests.fake_google.running import running_fake


async def _probed(google: Google | None = None, **changes: str) -> tuple[int, list[str]]:
    lines: list[str] = []
    with running_fake(google) as fake:
        account = account_at(fake.google, f"{fake.url}/token", f"{fake.url}/calendar/v3")
        return await probe(replace(account, **changes), lines.append), lines


async def test_each_point_is_one_line_and_the_fake_is_as_expected() -> None:
    code, lines = await _probed()
    assert [line for line in lines if line.startswith("DIFFERENT")] == []
    assert len(lines) == len(POINTS) + len(BY_HAND)
    assert code == 0


async def test_what_differs_is_said_with_both_answers() -> None:
    google = Google()
    google.switches.no_op_keeps_etag = False
    google.switches.patch_of_deleted_is_forbidden = False
    code, lines = await _probed(google)
    assert [line for line in lines if line.startswith("DIFFERENT")] == [
        "DIFFERENT    a PATCH that changes nothing: etag changed; expected: etag kept",
        "DIFFERENT    PATCH of a deleted event: 200; expected: 403 forbidden",
    ]
    assert code == 1


async def test_it_leaves_nothing_behind() -> None:
    google = Google()
    await _probed(google)
    assert list(google.calendars) == ["owner@example.test"]
    assert google.channels.channels == {}


async def test_a_dead_token_is_said() -> None:
    code, lines = await _probed(refresh_token="nonsense")
    assert code == 2
    assert "invalid_grant" in lines[0]


@pytest.mark.parametrize("missing", NEEDED)
def test_without_all_three_it_asks_nobody_and_says_what_is_missing(missing: str) -> None:
    said = account_of({name: "x" for name in NEEDED if name != missing})
    assert isinstance(said, str)
    assert missing in said


def test_with_all_three_it_asks_google_itself() -> None:
    account = account_of(dict.fromkeys(NEEDED, "x"))
    assert isinstance(account, Account)
    assert httpx2.URL(account.api_url).host == "www.googleapis.com"
