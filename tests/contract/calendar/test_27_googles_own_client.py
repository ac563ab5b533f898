"""The fake speaks Google's dialect: Google's own client works with it, each call that we make too."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from tests.calendar_world.world import consent_query
from tests.fake_google.faults import Fault
from tests.fake_google.google import APP_CREATED, CALENDAR, request_of
from tests.fake_google.running import running_fake
from tests.fake_google.server import FakeServer

# Google's client makes its methods while it runs.
Service: TypeAlias = Any

TIMED = {
    "start": {"dateTime": "2026-12-01T09:00:00-05:00", "timeZone": "America/New_York"},
    "end": {"dateTime": "2026-12-01T09:30:00-05:00", "timeZone": "America/New_York"},
}


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with running_fake() as server:
        yield server


@pytest.fixture
def service(fake: FakeServer) -> Iterator[Service]:
    token = _token(fake, f"{CALENDAR} {APP_CREATED}")
    made = build(
        "calendar",
        "v3",
        credentials=Credentials(token),  # type: ignore[no-untyped-call]
        static_discovery=True,
        client_options={"api_endpoint": f"{fake.url}/calendar/v3/"},
    )
    yield made
    made.close()


def _token(fake: FakeServer, scopes: str) -> str:
    accounts = fake.google.accounts
    query = {"client_id": fake.google.client_id, "redirect_uri": "http://localhost/back"}
    query |= {"response_type": "code", "scope": scopes, "access_type": "offline"}
    code = consent_query(accounts.consent(query, scopes))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": query["redirect_uri"]}
    client = {"client_id": fake.google.client_id, "client_secret": fake.google.client_secret}
    token: str = json.loads(accounts.token(form | client, None).body)["access_token"]
    return token


def _refused(call: Service) -> tuple[int, str]:
    with pytest.raises(HttpError) as refused:
        call.execute()
    detail = json.loads(refused.value.content)["error"]["errors"][0]
    return int(refused.value.resp.status), detail["reason"]


def test_27_an_event_lives_and_dies_as_at_google(service: Service) -> None:
    events = service.events()
    made = events.insert(calendarId="primary", body={"id": "t0000", "summary": "s", **TIMED})
    event = made.execute()
    assert event["start"]["dateTime"] == "2026-12-01T15:00:00+01:00", "in the calendar's zone"
    assert _refused(made) == (409, "duplicate")

    patch = events.patch(calendarId="primary", eventId="t0000", body={"summary": "t"})
    assert patch.execute()["etag"] != event["etag"]
    patch.headers["If-Match"] = event["etag"]
    assert _refused(patch) == (412, "conditionNotMet")

    remove = events.delete(calendarId="primary", eventId="t0000")
    remove.execute()
    assert _refused(remove) == (410, "deleted")
    assert events.get(calendarId="primary", eventId="t0000").execute()["status"] == "cancelled"
    assert _refused(made) == (409, "duplicate")
    assert _refused(events.get(calendarId="primary", eventId="never")) == (404, "notFound")


def test_27_what_google_refuses_the_fake_refuses(service: Service) -> None:
    events = service.events()
    assert _refused(events.insert(calendarId="primary", body={"id": "UPPER", **TIMED})) == (
        400,
        "invalid",
    )
    assert _refused(events.insert(calendarId="primary", body={"summary": "x"})) == (400, "required")
    empty = {"start": TIMED["start"], "end": TIMED["start"]}
    assert _refused(events.insert(calendarId="primary", body=empty)) == (400, "timeRangeEmpty")
    made = events.insert(calendarId="primary", body=TIMED).execute()
    both = {"start": {"date": "2026-12-01"}, "end": {"date": "2026-12-02"}}
    changing = events.patch(calendarId="primary", eventId=made["id"], body=both)
    assert _refused(changing) == (400, "invalid"), "the other kind of time has to be nulled"


def test_27_a_token_brings_changes_and_tombstones_and_can_grow_too_old(
    service: Service, fake: FakeServer
) -> None:
    events = service.events()
    fake.google.switches.page_size = 2
    ids = [events.insert(calendarId="primary", body=TIMED).execute()["id"] for _ in range(5)]
    page, tokens, seen = None, [], []
    while True:
        answer = events.list(calendarId="primary", pageToken=page).execute()
        seen += [item["id"] for item in answer["items"]]
        tokens.append(answer.get("nextSyncToken"))
        page = answer.get("nextPageToken")
        if page is None:
            break
    assert seen == ids
    assert tokens[:-1] == [None] * (len(tokens) - 1), "the token is on the last page alone"

    events.delete(calendarId="primary", eventId=ids[0]).execute()
    changed = events.list(calendarId="primary", syncToken=tokens[-1]).execute()
    assert [(item["id"], item["status"]) for item in changed["items"]] == [(ids[0], "cancelled")]

    filtered = events.list(calendarId="primary", syncToken=tokens[-1], q="x")
    assert _refused(filtered) == (400, "invalid")
    fake.google.events("primary").touch_all_tokens(purges=True)
    old = events.list(calendarId="primary", syncToken=tokens[-1])
    assert _refused(old) == (410, "fullSyncRequired")


def test_27_calendars_and_channels(service: Service) -> None:
    made = service.calendars().insert(body={"summary": "Taskwire"}).execute()
    assert service.calendars().get(calendarId=made["id"]).execute()["summary"] == "Taskwire"
    plain = {"id": "c1", "type": "web_hook", "address": "http://localhost/knock"}
    watch = service.events().watch(calendarId=made["id"], body=plain)
    assert _refused(watch) == (400, "push.webhookUrlNotHttps")
    secure = {"id": "c2", "type": "web_hook", "address": "https://localhost:1/knock"}
    channel = service.events().watch(calendarId=made["id"], body=secure).execute()
    assert channel["kind"] == "api#channel"
    stop = {"id": "c2", "resourceId": channel["resourceId"]}
    service.channels().stop(body=stop).execute()
    assert _refused(service.channels().stop(body=stop)) == (404, "notFound")


def test_27_faults_look_like_googles(service: Service, fake: FakeServer) -> None:
    listing = service.calendarList().list()
    for fault, expected in [
        (Fault.RATE_LIMIT, (403, "rateLimitExceeded")),
        (Fault.USER_RATE_LIMIT, (403, "userRateLimitExceeded")),
        (Fault.QUOTA, (403, "quotaExceeded")),
        (Fault.TOO_MANY, (429, "rateLimitExceeded")),
        (Fault.BACKEND, (500, "backendError")),
    ]:
        fake.google.faults.plan(fault)
        assert _refused(listing) == expected


def test_27_too_little_scope_is_refused_with_both_shapes_of_reason(fake: FakeServer) -> None:
    headers = {"Authorization": f"Bearer {_token(fake, APP_CREATED)}"}
    listing = request_of("GET", "/calendar/v3/users/me/calendarList", headers)
    answer = fake.google.handle(listing)
    error = json.loads(answer.body)["error"]
    assert (answer.status, error["errors"][0]["reason"]) == (403, "insufficientPermissions")
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
