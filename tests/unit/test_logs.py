"""A token that reaches a log is a token that reaches backups, mails and screenshots."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from typing_extensions import override

from taskwire.logs import REDACTED, configure_logs, redact

CANARY = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LXNpZ25hdHVyZQ"
OPAQUE = "canary-0123456789abcdef"


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture(params=[io.StringIO, Terminal], ids=["program", "person"])
def out(request: pytest.FixtureRequest) -> io.StringIO:
    stream: io.StringIO = request.param()
    configure_logs("serve", "DEBUG", stream=stream)
    return stream


@pytest.mark.parametrize("token", [CANARY, OPAQUE])
@pytest.mark.parametrize(
    "line",
    [
        "GET /ws/tasks?token={} HTTP/1.1",
        "GET /ws/tasks?since=a.1&token={}&x=1",
        "/ws/tasks%3Ftoken%3D{}",
        "Authorization: Bearer {}",
        "authorization: bearer {}",
        "Sec-WebSocket-Protocol: bearer.{}",
        '{{"access_token": "{}", "expires_in": 900}}',
        "{{'refresh_token': '{}'}}",
        '{{\\"password\\": \\"{}\\"}}',
        "redis://:{}@host:6379/0",
        "postgresql://taskwire:{}@db/taskwire",
        '127.0.0.1 - "GET /api/feed/{}.ics HTTP/1.1" 200',
        "https://tasks.example.org/api/feed/{}.ics",
        "path=%2Fapi%2Ffeed%2F{}.ics",
        "{{'path': '/api/feed/{}.ics'}}",
    ],
)
def test_no_way_of_writing_a_token_lets_it_through(line: str, token: str) -> None:
    written = redact(line.format(token))
    assert token not in written
    assert REDACTED in written


def test_a_bare_jwt_is_known_by_its_looks() -> None:
    assert CANARY not in redact(f"got {CANARY} from somewhere")


@pytest.mark.parametrize(
    "line",
    [
        "GET /ws/tasks?token=x&since=e1.128",
        'closed with close_code=4401 for user:42:tasks "token ended"',
        "https://tasks.example.org:8443/api/tasks",
        "GET https://tasks.example.org:8443/api/feed 200",
    ],
)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    for word in ("since=e1.128", "close_code=4401", "tasks.example.org:8443"):
        assert (word in redact(line)) == (word in line)


@pytest.mark.parametrize("name", ["uvicorn.error", "uvicorn.access", "celery.worker", "taskwire.x"])
def test_a_token_in_a_librarys_line_is_redacted(out: io.StringIO, name: str) -> None:
    logging.getLogger(name).warning('%s - "%s"', "127.0.0.1", f"GET /ws/tasks?token={CANARY}")
    assert REDACTED in out.getvalue()
    assert CANARY not in out.getvalue()


def test_a_token_in_an_exception_is_redacted_and_locals_are_not_shown(out: io.StringIO) -> None:
    hidden = OPAQUE
    try:
        raise ValueError("token=" + hidden)  # noqa: TRY301 - it needs a traceback
    except ValueError:
        structlog.get_logger("taskwire").exception("failed", header=f"Bearer {CANARY}")
    assert "ValueError" in out.getvalue()
    assert OPAQUE not in out.getvalue()
    assert CANARY.partition(".")[0] not in out.getvalue()


def test_a_logger_that_uvicorn_set_up_for_itself_is_taken_over() -> None:
    logger = logging.getLogger("uvicorn.error")
    own = io.StringIO()
    logger.addHandler(logging.StreamHandler(own))
    logger.propagate = False
    ours = io.StringIO()
    configure_logs("serve", "INFO", stream=ours)
    logger.warning("token=%s", CANARY)
    assert own.getvalue() == ""
    assert REDACTED in ours.getvalue()


def test_a_line_is_one_object_with_time_level_process_and_request() -> None:
    out = io.StringIO()
    configure_logs("serve", "INFO", stream=out)
    structlog.contextvars.bind_contextvars(request_id="r-1")
    structlog.get_logger("taskwire").info("drained", sockets=3)
    logging.getLogger("uvicorn.error").error("two\nlines")
    own, foreign = [json.loads(line) for line in out.getvalue().splitlines()]
    assert own["event"] == "drained"
    assert own["sockets"] == 3
    assert foreign["event"] == "two\nlines"
    for entry in (own, foreign):
        assert entry["request_id"] == "r-1"
        assert entry["process"] == "serve"
        assert entry["time"].endswith("Z")
    assert (own["level"], foreign["level"]) == ("info", "error")


def test_libraries_are_quiet_at_info_and_speak_at_debug() -> None:
    quiet, loud = io.StringIO(), io.StringIO()
    configure_logs("worker", "INFO", stream=quiet)
    logging.getLogger("celery.beat").info("Sending due task")
    configure_logs("worker", "DEBUG", stream=loud)
    logging.getLogger("celery.beat").info("Sending due task")
    assert quiet.getvalue() == ""
    assert "Sending due task" in loud.getvalue()
