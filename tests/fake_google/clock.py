"""The fake's own time, which a test may move."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time with an offset; `tick` gives a later instant at each call, as Google's etags do."""

    def __init__(self, begins_at: datetime | None = None) -> None:
        self._fixed = begins_at
        self._offset = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return (self._fixed or datetime.now(UTC)) + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)

    def tick(self) -> datetime:
        self._last = max(self.now(), self._last + timedelta(milliseconds=1))
        return self._last
