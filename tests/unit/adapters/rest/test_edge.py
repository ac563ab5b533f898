"""The outermost layer of a request, without a server around it."""

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from taskwire.adapters.rest.edge import Edge

SCOPE = {"type": "http", "path": "/api/tasks", "method": "POST", "headers": []}


async def _read_body(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()


async def _fail(scope: Scope, receive: Receive, send: Send) -> None:
    raise LookupError


async def _gone() -> Message:
    return {"type": "http.disconnect"}


class _Sent:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)


async def test_a_client_that_goes_in_the_middle_of_its_body_is_no_failure_of_ours() -> None:
    """Found by the torture run: each line that broke left an error and a traceback in the log."""
    sent = _Sent()
    with capture_logs() as logs:
        await Edge(_read_body, body_bytes_max=9, import_bytes_max=9)({**SCOPE}, _gone, sent)
    assert (logs, sent.messages) == ([], [])


async def test_what_nobody_expected_is_answered_500_and_written_down() -> None:
    sent = _Sent()
    with capture_logs() as logs:
        await Edge(_fail, body_bytes_max=9, import_bytes_max=9)({**SCOPE}, _gone, sent)
    assert [entry["event"] for entry in logs] == ["request_failed"]
    assert sent.messages[0]["status"] == 500
