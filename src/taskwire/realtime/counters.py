"""What the engine counts about itself. Plain numbers: whoever exports them reads the fields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Totals since the process began, but for the first group, which are values of the moment."""

    sockets: int = 0
    long_polls: int = 0
    sweep_lag_s: float = 0.0
    """Age of the last good sweep when the newest one began."""

    sockets_opened: int = 0
    deliveries: int = 0
    """Frames times listeners."""
    messages_malformed: int = 0
    """Messages of the bus that were no JSON object, or whose number was none."""
    messages_put_off: int = 0
    """Messages that came while their channel rested after a broadcast."""
    replayed_frames: int = 0
    gap_repairs: Counter[str] = field(default_factory=Counter)
    """Frames that the log had to give, by cause: `gap`, `number_only`, `sweep`, `resumed`."""
    resets: Counter[str] = field(default_factory=Counter)
    closes: Counter[str] = field(default_factory=Counter)
    """Sockets that ended, by the name of the close reason; `CLIENT` when the other side did."""
    log_failures: int = 0
    sweeps: int = 0
    sessions_revoked: int = 0
    failures: int = 0
    """Exceptions that nobody expected. Each is in the log; more than 0 is a bug of ours."""
