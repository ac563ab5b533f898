"""What is asked while an answer is on its way goes together in the next question."""

import asyncio
from collections.abc import Sequence

import pytest

from taskwire.realtime.batch import Batcher


class Oracle:
    """Answers with the question doubled, when a test lets it."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None

    async def answer(self, questions: Sequence[int]) -> Sequence[int]:
        self.asked.append(list(questions))
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return [question * 2 for question in questions]


async def _ticks() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_questions_of_one_tick_go_together_and_equal_ones_are_one() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    batcher = Batcher(oracle.answer, batch_max=10)
    assert await asyncio.gather(*(batcher.ask(q) for q in (1, 2, 2, 3))) == [2, 4, 4, 6]
    assert oracle.asked == [[1, 2, 3]]


async def test_what_is_asked_during_a_batch_goes_in_the_next_even_when_equal() -> None:
    oracle = Oracle()
    batcher = Batcher(oracle.answer, batch_max=10)
    first = asyncio.ensure_future(batcher.ask(1))
    await _ticks()
    others = [asyncio.ensure_future(batcher.ask(q)) for q in (1, 2)]
    await _ticks()
    assert oracle.asked == [[1]]
    oracle.may_answer.set()
    assert await asyncio.gather(first, *others) == [2, 2, 4]
    assert oracle.asked == [[1], [1, 2]]


async def test_a_batch_and_the_batches_at_once_are_bounded() -> None:
    oracle = Oracle()
    batcher = Batcher(oracle.answer, batch_max=2, at_once_max=2)
    asking = [asyncio.ensure_future(batcher.ask(q)) for q in range(7)]
    await _ticks()
    assert oracle.asked == [[0, 1], [2, 3]]
    oracle.may_answer.set()
    assert await asyncio.gather(*asking) == [0, 2, 4, 6, 8, 10, 12]
    assert oracle.asked[2:] == [[4, 5], [6]]


async def test_a_storm_pays_by_the_batch_even_when_answers_come_at_once() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    batcher = Batcher(oracle.answer, batch_max=1000, per_s=50.0)
    asking = []
    for question in range(300):
        asking.append(asyncio.ensure_future(batcher.ask(question)))
        await asyncio.sleep(0)
    await asyncio.gather(*asking)
    assert len(oracle.asked) < 15


async def test_a_failure_belongs_to_all_of_its_batch_and_to_no_other() -> None:
    oracle = Oracle()
    oracle.may_answer.set()
    batcher = Batcher(oracle.answer, batch_max=10)
    oracle.error = ValueError("no")
    for result in await asyncio.gather(*(batcher.ask(q) for q in (1, 2)), return_exceptions=True):
        assert isinstance(result, ValueError)
    oracle.error = None
    assert await batcher.ask(3) == 6


async def test_who_gave_up_waiting_does_not_disturb_the_others() -> None:
    oracle = Oracle()
    batcher = Batcher(oracle.answer, batch_max=10)
    impatient, patient = (asyncio.ensure_future(batcher.ask(q)) for q in (1, 2))
    await _ticks()
    impatient.cancel()
    oracle.may_answer.set()
    assert await patient == 4


async def test_a_failure_after_everybody_gave_up_is_nobodys() -> None:
    oracle = Oracle()
    batcher = Batcher(oracle.answer, batch_max=10)
    asking = asyncio.ensure_future(batcher.ask(1))
    await _ticks()
    asking.cancel()
    oracle.error = ValueError("no")
    oracle.may_answer.set()
    with pytest.raises(asyncio.CancelledError):
        await asking
    oracle.error = None
    assert await batcher.ask(2) == 4
