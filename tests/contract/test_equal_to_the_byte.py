"""The log, the live frame, the answer to the write and GET say the same, byte for byte."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database
from taskwire.adapters.database.tables import events as event_table
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.application.representation import task_json
from taskwire.domain.reminder import ReminderAt, ReminderBefore
from taskwire.realtime.ports import Range
from tests.contract.writing import ANN, ANNS_TASKS, change, create, key, shown

SHARP = ["\u2028", "\u2029", "\x01", "\x1f", "\x7f", "\x85", '"', "\\", "/", "</script>", "'", "%"]
SHARP += [
    "\u202e",
    "\u200f",
    "שלום",
    "👩\u200d👩\u200d👧",
    "é",
    "e\u0301",
    "\ufeff",
    "\U0010ffff",
    "\\u0000",
]
SHARP += ["NaN", "null", ":id", "%(x)s", "\t", "\n", "\r\n", "{}"]

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.one_of(
    st.text(characters, max_size=80), st.lists(st.sampled_from(SHARP), max_size=8).map("".join)
)
titles = texts.filter(str.strip)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
due: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"due_at": instants}),
    st.fixed_dictionaries({"due_on": st.dates(date(1, 1, 1), date(9999, 12, 31))}),
)
reminders = st.lists(
    st.builds(ReminderAt, instants) | st.builds(ReminderBefore, st.integers(0, 40_320)), max_size=3
).map(tuple)
repeats: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "reminders": reminders,
        "recurrence": st.sampled_from(["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=-1"]),
        "recurrence_from": st.sampled_from(["due", "completion"]),
    },
)
keys = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)


async def test_an_event_of_an_older_version_shows_what_get_answers(
    tasks: DatabaseTaskStore, log: DatabaseChangeLog, database: Database
) -> None:
    """Its image lacks the fields that came later; GET shows their defaults, and so does the log."""
    answer = await create(tasks)
    newer = {"reminders", "recurrence", "recurrence_from"}
    image = {name: value for name, value in shown(answer).items() if name not in newer}
    setting = update(event_table).values(payload=orjson.dumps(image).decode())
    await database.write(lambda connection: connection.execute(setting))
    ((event,),) = await log.read([Range(ANNS_TASKS, 0, 1)])
    assert event.payload.endswith(b',"data":' + answer.body + b"}")


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=titles, description=texts, when=due, again=repeats, op=st.none() | keys, retitled=titles
)
async def test_the_event_is_what_get_answers(
    tasks: DatabaseTaskStore,
    log: DatabaseChangeLog,
    title: str,
    description: str,
    when: dict[str, Any],
    again: dict[str, Any],
    op: str | None,
    retitled: str,
) -> None:
    """One database for all examples: each looks at the two events that it made."""
    created = await create(tasks, title, description=description, **when, **again)
    task_id = shown(created)["id"]
    # A key that an earlier example used would answer that one's task.
    write = None if op is None else key(f"{task_id}-{op}")
    answer = await change(tasks, task_id, title=retitled + "!", priority=3, write=write)
    (told,) = answer.changes
    found = await tasks.find(ANN, task_id)
    assert found is not None
    assert task_json(found) == answer.body
    assert told.frame.endswith(b',"data":' + answer.body + b"}")
    ((logged_creation, logged_change),) = await log.read([Range(ANNS_TASKS, answer.seq - 2, 2)])
    assert logged_creation.payload.endswith(b',"data":' + created.body + b"}")
    assert logged_change.payload == told.frame
    assert (shown(created)["title"], shown(created)["description"]) == (title, description)
    if write is not None:
        assert (
            await change(tasks, task_id, title=retitled + "!", priority=3, write=write)
        ).body == answer.body
