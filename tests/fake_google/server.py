"""The fake on a port: HTTP around it, the consent page, the calendar's page, and controls."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from typing_extensions import override

from tests.fake_google import pages
from tests.fake_google.answers import Answer, Json, Refusal, ok
from tests.fake_google.faults import Dropped, Fault
from tests.fake_google.google import Google, Request, request_of
from tests.fake_google.people import People

AUTH_PATH = "/o/oauth2/v2/auth"
BODY_BYTES_MAX = 1024 * 1024
PUSH_ATTEMPTS = 3
PUSH_TIMEOUT_S = 5.0
PUSH_PAUSE_S = 0.05
_RETRIED = (500, 502, 503, 504)


class FakeServer(ThreadingHTTPServer):
    """One lock around the fake: it is a small machine, and its answers are quick."""

    daemon_threads = True

    def __init__(
        self, google: Google, address: tuple[str, int], ways: Mapping[str, str] | None = None
    ) -> None:
        """`ways`: where messages for such an address really go, by how it begins.

        Google insists on https and a name of the Internet; a machine for itself has neither.
        """
        super().__init__(address, _Handler)
        self.people = People(google)
        self.ways = dict(ways or {})
        self.lock = threading.Lock()
        self._is_closed = threading.Event()
        threading.Thread(target=self._deliver, name="push", daemon=True).start()

    @property
    def google(self) -> Google:
        """The account of a test that needs only one."""
        return self.people.owner

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_address[1]}"

    def settings(self) -> dict[str, str]:
        """What a client that knows of Google's four addresses has to be told."""
        return {
            "GOOGLE_CLIENT_ID": self.google.client_id,
            "GOOGLE_CLIENT_SECRET": self.google.client_secret,
            "GOOGLE_AUTH_URL": self.url + AUTH_PATH,
            "GOOGLE_TOKEN_URL": self.url + "/token",
            "GOOGLE_REVOKE_URL": self.url + "/revoke",
            "GOOGLE_API_URL": self.url + "/calendar/v3",
        }

    def _deliver(self) -> None:
        while not self._is_closed.wait(PUSH_PAUSE_S):
            with self.lock:
                messages = [one for google in self.people for one in google.channels.taken()]
            for message in messages:
                _push(self._way_to(message.address), message.headers)

    def _way_to(self, address: str) -> str:
        for begins, really in self.ways.items():
            if address.startswith(begins):
                return really + address.removeprefix(begins)
        return address

    @override
    def server_close(self) -> None:
        self._is_closed.set()
        super().server_close()


def _push(address: str, headers: dict[str, str]) -> None:
    """Tried again after the answers that Google tries again after, and after no other."""
    for _ in range(PUSH_ATTEMPTS):
        request = urllib.request.Request(address, b"", headers, method="POST")  # noqa: S310
        try:
            urllib.request.urlopen(request, timeout=PUSH_TIMEOUT_S).close()  # noqa: S310 - loopback
        except urllib.error.HTTPError as error:
            error.close()
            if error.code not in _RETRIED:
                return
        except OSError:
            return
        else:
            return


class _Handler(BaseHTTPRequestHandler):
    server: FakeServer
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        length = min(int(self.headers.get("Content-Length", "0")), BODY_BYTES_MAX)
        body = self.rfile.read(length) if length else b""
        request = request_of(self.command, self.path, dict(self.headers.items()), body)
        try:
            with self.server.lock:
                answer = self._answer(request)
        except Dropped:
            self.close_connection = True
            return
        self._send(answer)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _handle  # noqa: N815 - http.server's names

    def _answer(self, request: Request) -> Answer:
        people = self.server.people
        try:
            if request.path == AUTH_PATH:
                return _consent(people, request)
            if request.path == "/":
                return pages.calendar_page()
            if request.path == "/__fake/totals":
                return _show_totals(people)
            if request.path.startswith("/__fake/"):
                return _control(people.named(request.query.get("account", "")), request)
        except Refusal as refused:
            return refused.answer
        return people.behind(request).handle(request)

    def _send(self, answer: Answer) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass  # what came is in the fake's own log


def _consent(people: People, request: Request) -> Answer:
    """GET shows the page; POST is its form: whose account, which boxes, and which button."""
    fault = people.owner.accounts.check_consent(request.query)
    if fault is not None:
        return pages.refused(fault)
    if request.method == "GET":
        return pages.consent_page(request.query)
    form = parse_qsl(request.body.decode())
    ticked = " ".join(value for name, value in form if name == "scope")
    is_allowed = ("answer", "allow") in form
    google = people.named(dict(form).get("account", ""))
    target = google.accounts.consent(request.query, ticked if is_allowed else None)
    return Answer(303, b"", {"Location": target})


def _control(google: Google, request: Request) -> Answer:
    """What a test, or a person at the page, does to an account."""
    match = re.fullmatch(r"/__fake/([a-z-]+)", request.path)
    control = _CONTROLS.get(match[1]) if match else None
    return ok({"error": "unknown"}) if control is None else control(google, request)


def _show_totals(people: People) -> Answer:
    """Of everybody: who they are, how many events live, and how many requests came."""
    living = sum(len(google.living(name)) for google in people for name in google.calendars)
    requests = sum(len(google.log) for google in people)
    return ok({"accounts": people.names, "events": living, "requests": requests})


def _show_events(google: Google, _request: Request) -> Answer:
    return ok(pages.listed(google))


def _move(google: Google, request: Request) -> Answer:
    asked = request.json
    calendar_id, event_id = str(asked["calendar"]), str(asked["event"])
    google.drag(calendar_id, event_id, timedelta(minutes=int(asked["minutes"])))
    return ok({})


def _edit(google: Google, request: Request) -> Answer:
    asked = request.json
    google.events(str(asked["calendar"])).patch(str(asked["event"]), asked["fields"], None)
    return ok({})


def _delete(google: Google, request: Request) -> Answer:
    asked = request.json
    google.events(str(asked["calendar"])).delete(str(asked["event"]), None)
    return ok({})


def _restore(google: Google, request: Request) -> Answer:
    asked = request.json
    google.events(str(asked["calendar"])).restore(str(asked["event"]))
    return ok({})


def _expire(google: Google, request: Request) -> Answer:
    """`what`: accesses, grant, or tokens (with `purges`, deleted events are forgotten too)."""
    asked = request.json
    match asked.get("what"):
        case "accesses":
            google.accounts.expire_accesses()
        case "grant":
            google.accounts.end_grant()
        case _:
            for name in google.calendars:
                google.events(name).touch_all_tokens(purges=bool(asked.get("purges")))
    return ok({})


def _advance(google: Google, request: Request) -> Answer:
    google.clock.advance(float(request.json["seconds"]))
    return ok({})


def _plan_faults(google: Google, request: Request) -> Answer:
    asked = request.json
    if "rate" in asked:
        google.faults.by_chance(float(asked["rate"]), int(asked.get("seed", 0)))
    else:
        fault, method = Fault(asked["fault"]), str(asked.get("method", ""))
        google.faults.plan(fault, method=method, count=int(asked.get("count", 1)))
    return ok({})


def _show_log(google: Google, _request: Request) -> Answer:
    """Without headers and bodies: they hold secrets, fake as they are."""
    return ok({"items": [_logged(one) for one in google.log]})


def _logged(request: Request) -> Json:
    came_at = request.came_at.timestamp() if request.came_at else None
    return {"method": request.method, "path": request.path, "came_at": came_at}


def _show_issued(google: Google, _request: Request) -> Answer:
    """Every code and token, for whoever looks where they must not be. None opens anything real."""
    return ok({"items": sorted(google.accounts.issued)})


_CONTROLS: dict[str, Callable[[Google, Request], Answer]] = {
    "events": _show_events,
    "move": _move,
    "edit": _edit,
    "delete": _delete,
    "restore": _restore,
    "expire": _expire,
    "advance": _advance,
    "faults": _plan_faults,
    "log": _show_log,
    "issued": _show_issued,
}
