"""The broken builds: where the source is changed, how, and which law has to fail then.

Each breaks one thing. What needs a fault to show names it in `kinds`; what breaks "now and then"
does so often enough that a run without it is out of the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

NOW_AND_THEN: Final = "__import__('random').random() < 0.03"
"""Of some thousand sends, and of some hundred writes."""

_SEND: Final = "        self.send = partial(transport.send, WSMsgType.TEXT)\n"
"""How each small message goes out; `send` is what the broken builds below call."""


@dataclass(frozen=True)
class Change:
    """In `file`, `sound` becomes `broken`."""

    file: str
    sound: str
    broken: str


@dataclass(frozen=True)
class Sabotage:
    name: str
    law: str
    changes: Sequence[Change]
    kinds: Sequence[str] = ("client-line cut",)
    """The faults of its run."""


def _faulty_send(name: str, faulty: str) -> Sabotage:
    """A socket whose `send` is this expression; `None` of it is what a good one says."""
    broken = _SEND.replace("self.send", "send") + f"        self.send = {faulty}\n"
    return Sabotage(name, "C2", [Change("adapters/websocket/listener.py", _SEND, broken)])


SABOTAGES: Final = (
    _faulty_send(
        "a send is dropped now and then",
        f"lambda payload: None if {NOW_AND_THEN} else send(payload)",
    ),
    _faulty_send(
        "a send is doubled now and then",
        f"lambda payload: [send(payload) for _ in range(2 if {NOW_AND_THEN} else 1)] and None",
    ),
    _faulty_send(
        "two frames change places",
        "lambda payload, held=[]: (\n"
        f"            held.append(payload) if not held and {NOW_AND_THEN}\n"
        "            else [send(one) for one in (payload, *held)] and held.clear()\n"
        "        )",
    ),
    Sabotage(
        "nothing is published, and nobody sweeps",
        "C4",
        [
            Change(
                "adapters/redis/publisher.py",
                "        self._queue.append((channel, payload))\n",
                "        if channel.startswith('user:'):\n            return True\n"
                "        self._queue.append((channel, payload))\n",
            ),
            Change("realtime/sweep.py", "        self._notice(moved)\n", ""),
        ],
    ),
    Sabotage(
        "an answer comes before the commit, which fails",
        "L2",
        [
            Change(
                "adapters/database/connection.py",
                "        return work(connection)\n",
                "        done = work(connection)\n"
                f"        if {NOW_AND_THEN}:\n            connection.rollback()\n"
                "        return done\n",
            )
        ],
    ),
    Sabotage(
        "numbers come from a sequence",
        "L1",
        [
            Change(
                "adapters/database/row_and_event.py",
                '{"channel": origin.channel, "count": len(images)}',
                f'{{"channel": origin.channel, "count": len(images) + ({NOW_AND_THEN})}}',
            )
        ],
    ),
    Sabotage(
        "a replay begins at the head instead of the cursor",
        "C2",
        [
            Change(
                "realtime/recovery.py",
                "    return Start(since.seq)\n",
                "    return Start(extent.head)\n",
            )
        ],
    ),
    Sabotage(
        "a snapshot names another place than its own",
        "C5",
        [
            Change(
                "adapters/database/task_store.py",
                "return TaskSnapshot(items, place.epoch, place.seq)",
                "return TaskSnapshot(items, place.epoch, max(0, place.seq - 1))",
            )
        ],
    ),
    Sabotage(
        "a frame goes to the wrong person",
        "C8",
        [
            Change(
                "realtime/gateway.py",
                "            self._deliver(channel, payloads)\n",
                "            self._deliver(channel, payloads)\n"
                f"            if {NOW_AND_THEN}:\n"
                "                for other in self.hub:\n"
                "                    if other is not channel:\n"
                "                        self._deliver(other, payloads)\n",
            )
        ],
    ),
    Sabotage(
        "a sign-out does not reach the sockets",
        "C9",
        [
            Change(
                "realtime/gateway.py",
                "        for connection in [c for c in self._connections if c.session in sessions]:\n",
                "        for connection in []:\n",
            )
        ],
        kinds=("subscriptions killed",),
    ),
    Sabotage(
        "numbers are given again after a restart",
        "L2",
        [
            Change(
                "adapters/database/schema.py",
                "    await until(lambda: schema_fits(database), wait_s)\n",
                "    await until(lambda: schema_fits(database), wait_s)\n"
                "    def forget(connection: Connection) -> None:\n"
                "        connection.execute(\n"
                "            text('UPDATE streams SET head = head - 1 WHERE head > 1'))\n"
                "        connection.execute(\n"
                "            text('DELETE FROM events WHERE seq >'\n"
                "                 ' (SELECT head FROM streams s WHERE s.channel = events.channel)'))\n"
                "    await database.write(forget)\n",
            )
        ],
        kinds=("serve killed",),
    ),
    Sabotage(
        "an Idempotency-Key is forgotten",
        "L4",
        [
            Change(
                "adapters/database/row_and_event.py",
                "    if origin.write is None:\n        return None\n    row",
                "    if True:\n        return None\n    row",
            )
        ],
    ),
    Sabotage(
        "a list that was taken is begun again at each step",
        "L4",
        [
            Change(
                "application/imports.py",
                "tasks[start : start + self.bounds.batch_size]",
                "tasks[: self.bounds.batch_size]",
            )
        ],
        kinds=("worker killed",),
    ),
)
