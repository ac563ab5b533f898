"""How busy the busiest minute was."""

from collections import deque
from collections.abc import Iterable

MINUTE_S = 60.0


def busiest_minute(moments_s: Iterable[float]) -> int:
    """The most that happened within any sixty seconds, wherever they begin."""
    within: deque[float] = deque()
    most = 0
    for moment_s in sorted(moments_s):
        within.append(moment_s)
        while within[0] <= moment_s - MINUTE_S:
            within.popleft()
        most = max(most, len(within))
    return most
