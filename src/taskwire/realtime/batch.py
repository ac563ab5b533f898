"""Micro-batching: what is asked while an answer is on its way goes together in the next question.

A lone question waits for nobody. A storm pays by the batch: 1,000 sockets that come back within a
second cost tens of queries. An answer that takes 1 ms would not collect anything by itself, so
beyond a burst batches leave at a bounded rate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar

from taskwire.realtime.limits import TokenBucket

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


BATCHES_PER_S: Final = 15.0
BATCHES_BURST: Final = 4
"""A page that opens its sockets never waits; in a storm a question waits 67 ms at most."""


class Batcher(Generic[Question, Answer]):
    """Asks `answer_all` for up to `batch_max` questions at once, `at_once_max` batches in flight.

    The same question asked twice before its batch leaves is one question. One asked after that is
    asked again: its answer must not be older than the asking.
    """

    def __init__(
        self,
        answer_all: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]],
        *,
        batch_max: int,
        at_once_max: int = 1,
        per_s: float = BATCHES_PER_S,
    ) -> None:
        self._answer_all = answer_all
        self._batch_max = batch_max
        self._at_once_max = at_once_max
        self._waiting: dict[Question, list[asyncio.Future[Answer]]] = {}
        self._in_flight: set[asyncio.Task[None]] = set()
        self._is_called = False
        self._per_s = per_s
        self._rate: TokenBucket | None = None

    async def ask(self, question: Question) -> Answer:
        """Wait for the answer. Raises what `answer_all` raised for the batch."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(question, []).append(future)
        self._call()
        return await future

    def _call(self) -> None:
        # call_soon, not at once: what is asked in the same tick already shares the batch.
        if self._is_called or len(self._in_flight) >= self._at_once_max:
            return
        self._is_called = True
        loop = asyncio.get_running_loop()
        if self._rate is None:
            self._rate = TokenBucket(self._per_s, BATCHES_BURST, loop.time())
        if self._rate.take(loop.time()):
            loop.call_soon(self._send)
        else:
            loop.call_later(1 / self._per_s, self._send_in_turn, self._rate)

    def _send_in_turn(self, rate: TokenBucket) -> None:
        rate.take(asyncio.get_running_loop().time())  # what was earned while waiting is spent
        self._send()

    def _send(self) -> None:
        self._is_called = False
        questions = list(self._waiting)[: self._batch_max]
        batch = {question: self._waiting.pop(question) for question in questions}
        task = asyncio.create_task(self._answer(batch))
        self._in_flight.add(task)
        task.add_done_callback(self._done)
        if self._waiting:
            self._call()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        if self._waiting:
            self._call()

    async def _answer(self, batch: dict[Question, list[asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._answer_all(list(batch))
        except Exception as exception:  # noqa: BLE001 - it belongs to those who asked
            for future in _undone(batch):
                future.set_exception(exception)
            return
        for futures, answer in zip(batch.values(), answers, strict=True):
            for future in futures:
                if not future.done():
                    future.set_result(answer)


def _undone(
    batch: dict[Question, list[asyncio.Future[Answer]]],
) -> list[asyncio.Future[Answer]]:
    return [future for futures in batch.values() for future in futures if not future.done()]
