"""Who may open a socket: paths, origins, tokens, and what everybody else is told."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import cast

import pytest
from websockets.asyncio.client import connect

from taskwire.adapters.websocket.protocol import PicowsProtocol
from tests.fakes.installation import Installation, Options, installed
from tests.fakes.raw_socket import RawSocket
from tests.fakes.waiting import wait_until

OPTIONS = Options(allowed_origins=("https://tasks.example",), proxies="127.0.0.1")


@pytest.fixture
async def house(redis_url: str) -> AsyncIterator[Installation]:
    async with installed(redis_url, OPTIONS) as installation:
        installation.authenticator.issue("ann", "1")
        installation.authenticator.issue("once", "1", once=True)
        yield installation


@pytest.fixture
async def raw(house: Installation) -> AsyncIterator[RawSocket]:
    raw = await RawSocket.connect(house.port)
    yield raw
    await raw.end()


@pytest.mark.parametrize(
    ("target", "lines", "status", "code"),
    [
        ("/ws/tasks", [], 401, "unauthorized"),
        ("/ws/tasks?token=", [], 401, "unauthorized"),
        ("/ws/tasks?token=wrong", [], 401, "unauthorized"),
        ("/ws/tasks?token=ann&token=ann", [], 401, "unauthorized"),
        ("/ws/tasks?token=" + "x" * 5000, [], 401, "unauthorized"),
        ("/ws/tasks", ["Cookie: token=ann"], 401, "unauthorized"),
        ("/ws/tasks", ["Sec-WebSocket-Protocol: bearer.wrong"], 401, "unauthorized"),
        ("/ws/tasks", ["Sec-WebSocket-Protocol: bearer.ann, bearer.ann"], 401, "unauthorized"),
        ("/ws/other?token=ann", [], 404, "not_found"),
        ("/ws/tasks/?token=ann", [], 404, "not_found"),
        ("/api/tasks", [], 404, "not_found"),
        ("/ws/tasks?token=ann", ["Origin: https://evil.example"], 403, "forbidden_origin"),
        ("/ws/tasks?token=ann", ["Origin: null"], 403, "forbidden_origin"),
        ("/ws/tasks?token=ann", ["Origin: https://127.0.0.1"], 403, "forbidden_origin"),
        ("/ws/tasks?token=ann", ["Origin: http://127.0.0.1:1"], 403, "forbidden_origin"),
        ("/ws/tasks?token=ann", ["Origin: https://tasks.example.evil"], 403, "forbidden_origin"),
        ("/ws/tasks?token=ann", ["Sec-WebSocket-Version: 8"], 426, "upgrade_required"),
        ("/ws/tasks?token=ann", ["Sec-WebSocket-Key: short"], 400, "bad_handshake"),
        ("/ws/tasks?token=ann", ["X-Padding: " + "x" * 20_000], 431, "head_too_large"),
    ],
)
async def test_a_refusal_is_an_answer_in_json_before_the_upgrade(
    house: Installation, raw: RawSocket, target: str, lines: list[str], status: int, code: str
) -> None:
    answer = await raw.upgrade(target, *lines)
    error = json.loads(answer.body)["error"]
    assert (answer.status, error["code"]) == (status, code)
    assert error["message"]
    assert error["request_id"]
    assert answer.headers["content-type"] == "application/json"
    assert house.gateway.counters.sockets_opened == 0


async def test_another_method_is_405(raw: RawSocket) -> None:
    assert (await raw.upgrade("/ws/tasks?token=ann", method="POST")).status == 405


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Connection: keep-alive, Upgrade"],
        ["Upgrade: WebSocket"],
        ["Origin: http://127.0.0.1"],
        ["Origin: http://127.0.0.1:80"],
        ["Origin: https://tasks.example"],
        ["Origin: https://here.example", "Host: here.example", "X-Forwarded-Proto: https"],
        ["Sec-WebSocket-Extensions: permessage-deflate"],
        ["X-Padding: " + "x" * 8000],
    ],
    ids=lambda lines: ", ".join(lines)[:60] or "plain",
)
async def test_ours_may_come(raw: RawSocket, lines: list[str]) -> None:
    """Firefox says `keep-alive, Upgrade`, which picows alone refuses."""
    answer = await raw.upgrade("/ws/tasks?token=ann", *lines)
    assert answer.status == 101
    assert "sec-websocket-extensions" not in answer.headers


@pytest.mark.parametrize(
    ("offered", "selected"),
    [
        ("bearer.ann", "bearer.ann"),
        ("taskwire, bearer.ann", "taskwire"),
        ("bearer.ann, taskwire", "taskwire"),
    ],
)
async def test_a_token_may_come_as_a_subprotocol_and_one_that_was_offered_is_selected(
    raw: RawSocket, offered: str, selected: str
) -> None:
    answer = await raw.upgrade("/ws/tasks", f"Sec-WebSocket-Protocol: {offered}")
    assert (answer.status, answer.headers["sec-websocket-protocol"]) == (101, selected)


async def test_a_subprotocol_that_is_not_spoken_is_not_selected(raw: RawSocket) -> None:
    answer = await raw.upgrade("/ws/tasks?token=ann", "Sec-WebSocket-Protocol: graphql-ws")
    assert answer.status == 101
    assert "sec-websocket-protocol" not in answer.headers


async def test_a_ticket_is_good_once(house: Installation, raw: RawSocket) -> None:
    assert (await raw.upgrade("/ws/tasks?token=once")).status == 101
    again = await RawSocket.connect(house.port)
    assert (await again.upgrade("/ws/tasks?token=once")).status == 401
    await again.end()


async def test_a_foreign_page_cannot_spend_a_ticket(house: Installation, raw: RawSocket) -> None:
    await raw.upgrade("/ws/tasks?token=once", "Origin: https://evil.example")
    assert house.authenticator.asked == []


async def test_the_address_is_the_peers_unless_our_proxy_says_otherwise(
    house: Installation, raw: RawSocket
) -> None:
    await raw.upgrade("/ws/tasks?token=ann", "X-Forwarded-For: 6.6.6.6, 9.9.9.9, 127.0.0.1")
    await raw.receive()
    (connection,) = house.gateway.connections
    assert connection.address == "9.9.9.9"


async def test_nobody_comes_in_while_nobody_can_judge_a_token(
    house: Installation, raw: RawSocket
) -> None:
    house.authenticator.is_available = False
    answer = await raw.upgrade("/ws/tasks?token=ann")
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


async def test_a_draining_process_refuses_before_the_upgrade(
    house: Installation, raw: RawSocket
) -> None:
    house.gateway.stop_taking()
    assert (await raw.upgrade("/ws/tasks?token=ann")).status == 503


async def test_a_failure_of_ours_tells_nothing(
    house: Installation, raw: RawSocket, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_token: str) -> None:
        raise ValueError("the password is 1234")

    house.gateway.authenticate = fail  # type: ignore[method-assign, assignment]
    with caplog.at_level(logging.CRITICAL):
        answer = await raw.upgrade("/ws/tasks?token=ann")
    assert answer.status == 500
    assert b"1234" not in answer.body


async def test_a_client_that_goes_during_its_check_leaves_nothing_behind(
    house: Installation,
) -> None:
    asked = asyncio.Event()

    async def never(_token: str) -> None:
        asked.set()
        await asyncio.Event().wait()

    house.gateway.authenticate = never  # type: ignore[method-assign, assignment]
    raw = await RawSocket.connect(house.port)
    upgrading = asyncio.create_task(raw.upgrade("/ws/tasks?token=ann"))
    await asked.wait()
    connections = house.server.server_state.connections
    for protocol in list(connections):
        cast("PicowsProtocol", protocol).transport.disconnect(graceful=False)
    await asyncio.wait((upgrading,))
    assert upgrading.exception() is not None
    await wait_until(lambda: not connections)
    await raw.end()


async def test_no_log_line_holds_a_token(
    house: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    canary = house.authenticator.issue("canary-token", "1")
    with caplog.at_level(logging.DEBUG):
        async with connect(house.url(token=canary)) as socket:
            await socket.recv()
            await socket.send("garbage")
            await socket.wait_closed()
        for line in (b"GET /ws/tasks?token=canary-token HTTP/1.1\r\nHost: h\r\n\r\n",):
            raw = await RawSocket.connect(house.port)
            raw.send(line)
            await raw.answer()
            await raw.end()
    ours = [record for record in caplog.records if not record.name.startswith("websockets")]
    assert [record.getMessage() for record in ours if "canary" in record.getMessage()] == []


async def test_a_head_without_end_is_refused_before_it_fills_the_memory(raw: RawSocket) -> None:
    raw.send(b"GET /ws/tasks HTTP/1.1\r\n" + b"X-Padding: " + b"x" * 80_000)
    assert (await raw.answer()).status == 431


async def test_a_body_is_no_part_of_the_head(raw: RawSocket) -> None:
    body = b"x" * 200_000
    raw.send(b"POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + body)
    assert (await raw.answer()).status == 404
