"""One seed of random weather: edits on both sides, crashes at every step, faults, and the laws.

`disjoint` trials edit titles here and descriptions there, each edit with a word of its own, so that
a lost one can be proved. Free trials do everything everywhere, and ask for agreement and silence.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from taskwire.adapters.database.connection import Database
from taskwire.application.calendar.accounts import CalendarChoice
from taskwire.application.calendar.ports import AccountState, RemovalAnswer
from tests.calendar_world.weather import CrashError, StormyDatabase, StormyLine, Weather
from tests.calendar_world.world import World, open_world
from tests.fake_google.events import StoredEvent
from tests.fake_google.google import Google

ROUNDS = 12
FAULT_RATE = 0.10
SETTLED_AFTER = 8


@dataclass
class Deeds:
    """What the people on both sides do, and what therefore must be true at the end."""

    world: World
    chance: random.Random
    is_disjoint: bool
    takes_events: bool
    """What they add there becomes a task, and is ours to write."""
    task_ids: list[int] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    titles: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    count: int = 0

    async def act(self) -> None:
        if self.chance.random() < 0.5:
            await self._act_here()
        else:
            self._act_there()

    def _word(self, kind: str) -> str:
        self.count += 1
        return f"{kind} {self.count}"

    async def _act_here(self) -> None:
        living = [task_id for task_id in self.task_ids if task_id not in self.deleted]
        if not living or (len(self.task_ids) < 5 and self.chance.random() < 0.4):
            task_id = await self.world.add(self._word("task"), **self._date())
            self.task_ids.append(task_id)
            return
        task_id = self.chance.choice(living)
        if self.is_disjoint:
            title = self._word("title")
            await self.world.change(task_id, title=title)
            self.titles[task_id] = title
            return
        await self._act_freely(task_id)

    async def _act_freely(self, task_id: int) -> None:
        match self.chance.randrange(8):
            case 0 | 1:
                await self.world.change(task_id, title=self._word("title"))
            case 2:
                await self.world.change(task_id, description=self._word("notes"))
            case 3 | 4:
                await self.world.change(task_id, **self._date())
            case 5:
                await self.world.change(task_id, is_completed=self.chance.random() < 0.5)
            case 6:
                await self.world.change(task_id, due_at=None, due_on=None)
            case _:
                await self.world.delete(task_id)
                self.deleted.add(task_id)
                if self.chance.random() < 0.5:
                    await self.world.restore(task_id)
                    self.deleted.discard(task_id)

    def _date(self) -> dict[str, datetime | date]:
        if self.chance.random() < 0.3:
            return {"due_on": date(2026, 12, 1) + timedelta(days=self.chance.randrange(60))}
        minutes = self.chance.randrange(60 * 24 * 60)
        return {"due_at": datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes)}

    def _later(self) -> dict[str, dict[str, str]]:
        day = date(2099, 1, 1) + timedelta(days=self.chance.randrange(30))
        return {
            "start": {"date": day.isoformat()},
            "end": {"date": (day + timedelta(days=1)).isoformat()},
        }

    def _act_there(self) -> None:
        if not self.is_disjoint and self.chance.random() < 0.1:
            self._disturb()
            return
        ours = self.world.ours()
        if not ours:
            return
        event = self.chance.choice(ours)
        if self.is_disjoint:
            self._note_there(event)
        else:
            self._edit_there(event)

    def _note_there(self, event: StoredEvent) -> None:
        mark = self.world.seen(event).mark
        note = self._word("note")
        self.world.edit_there(event.id, description=f"<b>{note}</b>")
        if mark is not None:
            self.notes[mark.task_id] = note

    def _edit_there(self, event: StoredEvent) -> None:
        match self.chance.randrange(6):
            case 0:
                self.world.edit_there(event.id, summary=self._word("summary"))
            case 1:
                self.world.edit_there(event.id, description=f"<p>{self._word('html')}</p>")
            case 2 | 3:
                by = timedelta(days=self.chance.randrange(1, 9))
                self.world.google.drag(self.world.calendar_id, event.id, by)
            case 4:
                day = date(2027, 1, 1) + timedelta(days=self.chance.randrange(30))
                gone = {"dateTime": None, "timeZone": None}
                start = {"date": day.isoformat(), **gone}
                end = {"date": (day + timedelta(days=1)).isoformat(), **gone}
                self.world.edit_there(event.id, start=start, end=end)
            case _:
                self.world.delete_there(event.id)

    def _disturb(self) -> None:
        google, calendar_id = self.world.google, self.world.calendar_id
        match self.chance.randrange(4):
            case 0:
                google.accounts.expire_accesses()
            case 1:
                google.events(calendar_id).touch_all_tokens(purges=self.chance.random() < 0.7)
            case 2:
                event_id = self.world.add_foreign(self._word("foreign"), **self._later())
                if self.takes_events:
                    del self.world.foreign[event_id]
            case _:
                gone = [
                    one.id
                    for one in google.calendars[calendar_id].events.values()
                    if one.is_deleted
                ]
                if gone:
                    self.world.restore_there(self.chance.choice(gone))


async def try_seed(database: Database, seed: int, *, is_disjoint: bool) -> Weather:
    """Raises AssertionError when a law is broken. Each seed is a person of its own."""
    chance = random.Random(seed)
    google = Google()
    weather = Weather(chance)
    async with open_world(
        database,
        google,
        person_id=1000 + seed * 2 + is_disjoint,
        transport=StormyLine(google, weather),
        engine_database=StormyDatabase(database, weather),
        seed=seed,
    ) as world:
        deeds = Deeds(world, chance, is_disjoint, not is_disjoint and seed % 2 == 1)
        weather.act = deeds.act
        await world.connect()
        # Google has no way to make a calendar once only, nor lets us look for one that we made: a
        # worker that dies right there leaves an empty calendar behind, and nothing worse.
        await world.run()
        choice = CalendarChoice(takes_events=deeds.takes_events)
        await world.accounts.choose(world.person_id, choice, None)
        world.add_foreign(recurrence=["RRULE:FREQ=DAILY"])
        google.faults.by_chance(FAULT_RATE, seed)
        for number in range(ROUNDS):
            await deeds.act()
            if is_disjoint and number == ROUNDS // 2:
                google.events(world.calendar_id).touch_all_tokens(purges=True)
            await _run_through(world, weather)
        google.faults.clear()
        await _agree(world, deeds)
    return weather


async def _run_through(world: World, weather: Weather) -> None:
    weather.is_stormy = True
    try:
        await world.run()
    except CrashError:
        pass
    finally:
        weather.is_stormy = False
    await _answer_questions(world)


async def _answer_questions(world: World) -> None:
    """As the person does it; in a storm a whole calendar may have gone by itself."""
    if (await world.account()).state is AccountState.MANY_REMOVED:
        await world.store.answer_removals(world.person_id, RemovalAnswer.KEEP_TASKS)


async def _agree(world: World, deeds: Deeds) -> None:
    await world.settle(SETTLED_AFTER)
    account = await world.account()
    assert account.state is AccountState.ACTIVE, f"the calendar stands still: {account}"
    await world.assert_alike()
    for task_id, title in deeds.titles.items():
        task = await world.task(task_id)
        assert task.title == title, f"an edit here got lost: {title}, and {task.title} is there"
    for task_id, note in deeds.notes.items():
        task = await world.task(task_id)
        assert task.description == note, f"an edit there got lost: {note}"
