"""RFC 6455 by the byte: what a client may send, and what each fault is answered with."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.installation import Installation, Options, installed
from tests.fakes.raw_socket import RawSocket, frame
from tests.fakes.waiting import wait_until
from tests.services.redis import RedisServer

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA
HARMLESS = b'{"type":"typing"}'
LIMIT = 1024


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(own_redis: RedisServer) -> AsyncIterator[Installation]:
    async with installed(own_redis.url, Options(message_bytes_max=LIMIT)) as installation:
        installation.authenticator.issue("ann", "1")
        yield installation


@pytest_asyncio.fixture(loop_scope="module")
async def raw(house: Installation) -> AsyncIterator[RawSocket]:
    raw = await RawSocket.connect(house.port)
    assert (await raw.upgrade("/ws/tasks?token=ann")).status == 101
    assert b"hello" in await raw.receive_until(TEXT)
    yield raw
    await raw.end()


def padded(size: int) -> bytes:
    """A harmless message of so many bytes."""
    return b'{"type":"typing","x":"' + b"x" * (size - 24) + b'"}'


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(frame(TEXT, HARMLESS), id="a text"),
        pytest.param(frame(TEXT, padded(125)), id="125 bytes"),
        pytest.param(frame(TEXT, padded(126)), id="126 bytes"),
        pytest.param(frame(TEXT, padded(LIMIT)), id="the largest frame"),
        pytest.param(frame(TEXT, '{"type":"שלום"}'.encode()), id="Hebrew"),
        pytest.param(frame(PING), id="an empty ping"),
        pytest.param(frame(PING, b"x" * 125), id="the largest ping"),
        pytest.param(frame(PONG, b"nobody asked"), id="an unasked pong"),
        pytest.param(
            frame(TEXT, HARMLESS[:5], fin=False) + frame(CONTINUATION, HARMLESS[5:]),
            id="two fragments",
        ),
        pytest.param(
            frame(TEXT, HARMLESS[:5], fin=False)
            + frame(PING, b"between")
            + frame(CONTINUATION, b"", fin=False)
            + frame(CONTINUATION, HARMLESS[5:]),
            id="a ping between fragments",
        ),
        pytest.param(
            frame(TEXT, '{"type":"ש'.encode()[:-1], fin=False)
            + frame(CONTINUATION, 'ש"}'.encode()[1:]),
            id="a character cut in two",
        ),
        pytest.param(
            b"".join(
                frame(
                    TEXT if i == 0 else CONTINUATION, padded(LIMIT)[i : i + 1], fin=i == LIMIT - 1
                )
                for i in range(LIMIT)
            ),
            id="the largest message in fragments of one byte",
        ),
    ],
)
@pytest.mark.parametrize("chop", [0, 1], ids=["at once", "byte by byte"])
async def test_what_is_allowed_is_taken(raw: RawSocket, data: bytes, chop: int) -> None:
    for piece in (data[i : i + chop] for i in range(0, len(data), chop)) if chop else (data,):
        raw.send(piece)
        await raw.writer.drain()
    raw.send(frame(PING, b"still there"))
    while await raw.receive_until(PONG) != b"still there":
        continue


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(TEXT, HARMLESS, rsv=4), 1002, id="RSV1"),
        pytest.param(frame(TEXT, HARMLESS, rsv=2), 1002, id="RSV2"),
        pytest.param(frame(PING, rsv=1), 1002, id="RSV3 on a ping"),
        *(pytest.param(frame(code), 1002, id=f"opcode {code}") for code in (3, 7, 11, 15)),
        pytest.param(b"\x81\x11" + HARMLESS, 1002, id="unmasked"),
        pytest.param(frame(PING, b"x" * 126), 1002, id="a ping of 126 bytes"),
        pytest.param(frame(PING, fin=False), 1002, id="a ping in fragments"),
        pytest.param(frame(CLOSE, fin=False), 1002, id="a close in fragments"),
        pytest.param(frame(CONTINUATION, b"x"), 1002, id="a continuation of nothing"),
        pytest.param(
            frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002, id="a text between fragments"
        ),
        pytest.param(b"\x81\xfe\x00\x05" + b"\0" * 9, 1002, id="a length in a needless form"),
        pytest.param(b"\x81\xff" + b"\xff" * 8, 1002, id="a negative length"),
        pytest.param(frame(BINARY, b"\0"), 1003, id="binary"),
        pytest.param(frame(BINARY, b"\0", fin=False), 1003, id="binary in fragments"),
        pytest.param(frame(TEXT, b"\xff\xfe"), 1007, id="no UTF-8"),
        pytest.param(frame(TEXT, b"\xed\xa0\x80"), 1007, id="a lone surrogate"),
        pytest.param(
            frame(TEXT, b"\xce", fin=False) + frame(CONTINUATION, b"\x28"),
            1007,
            id="no UTF-8 over fragments",
        ),
        pytest.param(frame(TEXT, padded(LIMIT + 1)), 1009, id="a frame too large"),
        pytest.param(
            frame(TEXT, b"x" * LIMIT, fin=False) + frame(CONTINUATION, b"x"),
            1009,
            id="a message too large",
        ),
        pytest.param(
            frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * (LIMIT + 1),
            1009,
            id="empty fragments without end",
        ),
        pytest.param(frame(TEXT, b"garbage"), 4400, id="no JSON"),
        pytest.param(frame(TEXT, b"[]"), 4400, id="no object"),
        pytest.param(frame(TEXT, b"{}"), 4400, id="no type"),
        pytest.param(frame(TEXT, b""), 4400, id="an empty text"),
        pytest.param(frame(TEXT, HARMLESS) * 100, 4429, id="too many messages"),
        pytest.param(frame(PING) * 100, 4429, id="too many pings"),
    ],
)
async def test_what_is_not_allowed_is_answered_with_its_code(
    house: Installation, raw: RawSocket, data: bytes, code: int
) -> None:
    raw.send(data)
    assert await raw.close_code() == code
    assert house.gateway.counters.failures == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        *(pytest.param(close(code), code, id=str(code)) for code in (1000, 1001, 1011, 3000, 4999)),
        pytest.param(frame(CLOSE), 1000, id="no code"),
        pytest.param(close(1000, "ברוך".encode()), 1000, id="with a reason"),
        pytest.param(close(1000, b"x" * 123), 1000, id="the longest reason"),
        *(
            pytest.param(close(code), 1002, id=f"{code} is forbidden")
            for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
        ),
        pytest.param(frame(CLOSE, b"\x03"), 1002, id="half a code"),
        pytest.param(close(1000, b"\xff"), 1007, id="a reason that is no UTF-8"),
    ],
)
async def test_a_close_is_answered_and_the_line_ends(
    raw: RawSocket, data: bytes, code: int
) -> None:
    raw.send(data)
    assert await raw.close_code() == code


async def test_the_engine_forgets_a_socket_that_broke_a_rule(
    house: Installation, raw: RawSocket
) -> None:
    counters = house.gateway.counters
    before = counters.closes["PROTOCOL_ERROR"]
    raw.send(frame(3))
    await raw.close_code()
    await wait_until(lambda: not counters.sockets)
    assert counters.closes["PROTOCOL_ERROR"] == before + 1


async def test_a_client_that_does_not_answer_our_close_is_cut_off(raw: RawSocket) -> None:
    raw.send(frame(TEXT, b"garbage"))
    assert await raw.close_code(answers=False) == 4400


async def test_a_client_that_vanishes_is_noticed(house: Installation, raw: RawSocket) -> None:
    counters = house.gateway.counters
    before = counters.closes["CLIENT"]
    raw.writer.transport.abort()
    await wait_until(lambda: not counters.sockets)
    assert counters.closes["CLIENT"] == before + 1
