"""Bad upgrades and bad frames: each gets its answer, and the next good socket works."""

import random
from collections.abc import AsyncIterator

import pytest

from tests.fakes.raw_socket import RawSocket, frame
from tests.product.metrics import metric
from tests.product.person import Person, registered

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
PROTOCOL_ERROR, NOT_TEXT, NOT_UTF8, TOO_LARGE, BAD_MESSAGE, TOO_MANY = (
    1002,
    1003,
    1007,
    1009,
    4400,
    4429,
)
MESSAGE_BYTES_MAX = 64 * 1024
UNKNOWN = b'{"type":"unknown"}'


@pytest.fixture
async def raw(ann: Person) -> AsyncIterator[RawSocket]:
    raw = await RawSocket.connect(ann.product.port)
    yield raw
    await raw.end()


@pytest.fixture(autouse=True)
async def next_good_socket_works(ann: Person) -> AsyncIterator[None]:
    yield
    assert ann.product.process.poll() is None
    async with registered(ann.product, "Next") as somebody, somebody.line() as line:
        await somebody.add()
        assert (await line.frame())["seq"] == 1
    assert await metric(ann.product, "taskwire_realtime_failures_total") == 0


UPGRADES: dict[str, tuple[str, list[str], int]] = {
    "no token": ("/ws/tasks", [], 401),
    "an empty token": ("/ws/tasks?token=", [], 401),
    "two tokens": ("/ws/tasks?token={token}&token={token}", [], 401),
    "a token in the cookie alone": ("/ws/tasks", ["Cookie: token={token}"], 401),
    "a token in the header alone": ("/ws/tasks", ["Authorization: Bearer {token}"], 401),
    "a token in the fragment": ("/ws/tasks#token={token}", [], 401),
    "a foreign Origin": ("/ws/tasks?token={token}", ["Origin: https://evil.example"], 403),
    "no Origin's Origin": ("/ws/tasks?token={token}", ["Origin: null"], 403),
    "an empty Origin": ("/ws/tasks?token={token}", ["Origin: "], 403),
    "our Origin by another scheme": ("/ws/tasks?token={token}", ["Origin: https://{host}"], 403),
    "our Origin and a foreign one": (
        "/ws/tasks?token={token}",
        ["Origin: http://{host}, https://evil.example"],
        403,
    ),
    "another path": ("/ws/other?token={token}", [], 404),
    "a longer path": ("/ws/tasks/1?token={token}", [], 404),
    "a path that climbs": ("/ws/../ws/tasks?token={token}", [], 404),
    "a path of REST": ("/api/tasks?token={token}", [], 404),
    "an old version": ("/ws/tasks?token={token}", ["Sec-WebSocket-Version: 8"], 426),
    "a key that is none": ("/ws/tasks?token={token}", ["Sec-WebSocket-Key: x"], 400),
    "an endless head": ("/ws/tasks?token={token}", ["X-Padding: " + "x" * 20_000], 431),
}


@pytest.mark.parametrize("name", UPGRADES)
async def test_an_upgrade_that_may_not_be_is_answered_in_http(
    ann: Person, raw: RawSocket, name: str
) -> None:
    target, lines, status = UPGRADES[name]
    given = {"token": ann.token, "host": f"127.0.0.1:{ann.product.port}"}
    host = f"Host: {given['host']}"
    answer = await raw.upgrade(
        target.format(**given), host, *(line.format(**given) for line in lines)
    )
    assert answer.status == status
    assert answer.headers["content-type"] == "application/json"
    assert ann.token.encode() not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS"])
async def test_another_method_opens_no_socket(ann: Person, raw: RawSocket, method: str) -> None:
    answer = await raw.upgrade(f"/ws/tasks?token={ann.token}", method=method)
    assert answer.status == 405


async def test_a_get_without_an_upgrade_is_told_what_this_address_speaks(ann: Person) -> None:
    answer = await ann.http.get(f"/ws/tasks?token={ann.token}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (426, "upgrade_required")


def unmasked(payload: bytes) -> bytes:
    return bytes([0x81, len(payload)]) + payload


def message(size: int) -> bytes:
    return b'{"type":"x","y":"' + b"z" * (size - 19) + b'"}'


FRAMES: dict[str, tuple[bytes, int]] = {
    "no JSON": (frame(TEXT, b"hello"), BAD_MESSAGE),
    "nothing": (frame(TEXT, b""), BAD_MESSAGE),
    "half an object": (frame(TEXT, b"{"), BAD_MESSAGE),
    "an object without a type": (frame(TEXT, b"{}"), BAD_MESSAGE),
    "a type that is a number": (frame(TEXT, b'{"type":7}'), BAD_MESSAGE),
    "a list": (frame(TEXT, b"[]"), BAD_MESSAGE),
    "a number": (frame(TEXT, b"7"), BAD_MESSAGE),
    "a text": (frame(TEXT, b'"auth"'), BAD_MESSAGE),
    "null": (frame(TEXT, b"null"), BAD_MESSAGE),
    "NaN": (frame(TEXT, b'{"type":"x","data":NaN}'), BAD_MESSAGE),
    "NUL": (frame(TEXT, b"\x00"), BAD_MESSAGE),
    "deep": (frame(TEXT, b"[" * 20_000 + b"]" * 20_000), BAD_MESSAGE),
    "auth without data": (frame(TEXT, b'{"type":"auth"}'), BAD_MESSAGE),
    "binary": (frame(BINARY, b"\x00\x01"), NOT_TEXT),
    "binary in pieces": (frame(BINARY, b"\x00", fin=False), NOT_TEXT),
    "bad UTF-8": (frame(TEXT, b"\xff\xfe"), NOT_UTF8),
    "half a character": (frame(TEXT, "ש".encode()[:1]), NOT_UTF8),
    "a surrogate": (frame(TEXT, b"\xed\xa0\x80"), NOT_UTF8),
    "a continuation of nothing": (frame(CONTINUATION, b"x"), PROTOCOL_ERROR),
    "a text within a text": (
        frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"),
        PROTOCOL_ERROR,
    ),
    "a reserved bit": (frame(TEXT, UNKNOWN, rsv=4), PROTOCOL_ERROR),
    "another reserved bit": (frame(TEXT, UNKNOWN, rsv=1), PROTOCOL_ERROR),
    "a reserved opcode": (frame(0x3, b"x"), PROTOCOL_ERROR),
    "a reserved control opcode": (frame(0xB, b"x"), PROTOCOL_ERROR),
    "no mask": (unmasked(UNKNOWN), PROTOCOL_ERROR),
    "a ping too long": (frame(PING, b"x" * 126), PROTOCOL_ERROR),
    "a ping in pieces": (frame(PING, b"x", fin=False), PROTOCOL_ERROR),
    "a close of one byte": (frame(CLOSE, b"\x03"), PROTOCOL_ERROR),
    "a close by a reserved code": (frame(CLOSE, (1005).to_bytes(2, "big")), PROTOCOL_ERROR),
    "a message over its bound": (frame(TEXT, message(MESSAGE_BYTES_MAX + 1)), TOO_LARGE),
    "pieces over their bound": (
        frame(TEXT, b"x" * 40_000, fin=False) + frame(CONTINUATION, b"x" * 40_000, fin=False),
        TOO_LARGE,
    ),
    "pieces without end or content": (
        frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * (MESSAGE_BYTES_MAX + 1),
        TOO_LARGE,
    ),
    "a frame that promises a terabyte": (
        bytes([0x81, 0xFF]) + (2**40).to_bytes(8, "big") + b"\x00" * 4,
        TOO_LARGE,
    ),
    "too many messages": (frame(TEXT, UNKNOWN) * 1000, TOO_MANY),
    "ten thousand pings": (frame(PING, b"x") * 10_000, TOO_MANY),
}


@pytest.mark.parametrize("name", FRAMES)
async def test_a_frame_that_may_not_be_ends_the_socket_with_its_code(
    ann: Person, raw: RawSocket, name: str
) -> None:
    data, code = FRAMES[name]
    assert (await raw.upgrade(f"/ws/tasks?token={ann.token}")).status == 101
    raw.send(data)
    assert await raw.close_code() == code


FINE: dict[str, bytes] = {
    "a later type": frame(TEXT, UNKNOWN),
    "a message of just its bound": frame(TEXT, message(MESSAGE_BYTES_MAX)),
    "a message in pieces": frame(TEXT, UNKNOWN[:5], fin=False) + frame(CONTINUATION, UNKNOWN[5:]),
    "a ping between pieces": frame(TEXT, UNKNOWN[:5], fin=False)
    + frame(PING, b"x")
    + frame(CONTINUATION, UNKNOWN[5:]),
    "a pong that nobody asked for": frame(PONG, b"x"),
    "characters cut in two": frame(TEXT, '{"type":"ש'.encode()[:-1], fin=False)
    + frame(CONTINUATION, 'ש"}'.encode()[1:]),
}


@pytest.mark.parametrize("name", FINE)
async def test_what_is_only_unusual_keeps_the_socket(
    ann: Person, raw: RawSocket, name: str
) -> None:
    assert (await raw.upgrade(f"/ws/tasks?token={ann.token}")).status == 101
    raw.send(FINE[name])
    raw.send(frame(PING, b"still there?"))
    while await raw.receive_until(PONG) != b"still there?":
        pass


@pytest.mark.parametrize("seed", range(5))
async def test_noise_instead_of_frames_harms_nobody(ann: Person, raw: RawSocket, seed: int) -> None:
    """Random bytes; a failure prints its seed by its name, and the bytes are made from it."""
    assert (await raw.upgrade(f"/ws/tasks?token={ann.token}")).status == 101
    raw.send(random.Random(seed).randbytes(20_000))
    raw.writer.write_eof()
    await raw.reader.read()


async def test_a_client_that_breaks_off_in_the_middle_harms_nobody(
    ann: Person, raw: RawSocket
) -> None:
    assert (await raw.upgrade(f"/ws/tasks?token={ann.token}")).status == 101
    raw.send(frame(TEXT, UNKNOWN, fin=False)[:7])
    raw.writer.transport.abort()
