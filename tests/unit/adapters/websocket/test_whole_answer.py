"""The head of an answer and its body leave together; a head alone leaves when the turn ends."""

from __future__ import annotations

import asyncio

import pytest
from typing_extensions import override

from taskwire.adapters.websocket.whole_answer import WholeAnswer


class _Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[bytes] = []
        self.is_closed = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.is_closed, "nothing may be written after the end"
        self.seen.append(bytes(data))

    @override
    def is_closing(self) -> bool:
        return self.is_closed

    @override
    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def transport() -> _Transport:
    return _Transport()


async def _turn() -> None:
    await asyncio.sleep(0)


async def test_head_and_body_are_one_write(transport: _Transport) -> None:
    answer = WholeAnswer(transport)
    answer.write(b"head ")
    answer.write(b"body")
    await _turn()
    assert transport.seen == [b"head body"]


async def test_a_head_without_a_body_leaves_when_the_turn_ends(transport: _Transport) -> None:
    answer = WholeAnswer(transport)
    answer.write(b"head ")
    assert transport.seen == []
    await _turn()
    assert transport.seen == [b"head "]
    answer.write(b"much later")
    answer.write(b", and more")
    assert transport.seen == [b"head ", b"much later", b", and more"]


async def test_what_waits_is_written_before_the_end(transport: _Transport) -> None:
    answer = WholeAnswer(transport)
    answer.write(b"head")
    answer.close()
    await _turn()
    assert transport.seen == [b"head"]
    assert answer.is_closing()


async def test_a_head_whose_client_has_gone_is_written_nowhere(transport: _Transport) -> None:
    answer, failed = WholeAnswer(transport), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: failed.append(told))
    answer.write(b"head")
    transport.close()
    await _turn()
    assert (transport.seen, failed) == ([], [])
