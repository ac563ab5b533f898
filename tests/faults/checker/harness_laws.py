"""H3 to H5: that the run itself was sound, and that nothing broke beside the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.checker.client_laws import Segments
from tests.faults.checker.model import History, Violation
from tests.faults.history import Record

GROWTH = 1.1
"""What may be left over what was held before: a tenth, and a little for caches and pools."""

DESCRIPTORS_SPARE = 32
RSS_SPARE_BYTES = 64 * 1024 * 1024
UNEXPECTED = "failures nobody expected"


def ended(readers: Segments) -> Iterator[Violation]:
    """H3: every reader that was not killed said in the end what it holds."""
    for reader, records in readers.items():
        if not any(record["f"] in ("end", "left") for record in records):
            yield Violation("H3", f"{reader} never said what it holds in the end")


def kept_nothing(history: History) -> Iterator[Violation]:
    """H4: memory and descriptors come back to where they were when all have left."""
    before = _holdings(history, "before")
    for name, after in _holdings(history, "after").items():
        then = before.get(name)
        if then is None:
            continue
        for what, spare in (("descriptors", DESCRIPTORS_SPARE), ("rss_bytes", RSS_SPARE_BYTES)):
            if after[what] > then[what] * GROWTH + spare:
                yield Violation("H4", f"{name}: {what} {after[what]} after {then[what]}")


def without_surprise(history: History) -> Iterator[Violation]:
    """H5: no process ended by itself, nothing failed unexpectedly, no answer was 500."""
    for record in history:
        if record["f"] == "died":
            yield Violation("H5", f"{record['name']} ended though nobody had hurt it")
        elif record["f"] == "count" and record["name"] == UNEXPECTED and record["value"]:
            yield Violation("H5", f"{record['value']} failures that nobody expected")
        elif record["f"] in ("write", "import") and record.get("status") == 500:
            yield Violation("H5", f"{record['op']} was answered 500")


def _holdings(history: History, moment: str) -> dict[str, Record]:
    return {
        record["name"]: record
        for record in history
        if record["f"] == "holdings" and record["moment"] == moment
    }
