"""Every scenario by its name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from tests.faults.scenarios.dropped_lines import dropped_lines
from tests.faults.scenarios.killed_gateway import killed_gateway
from tests.faults.scenarios.measured import Outcome
from tests.faults.scenarios.redis_away import redis_frozen, redis_stopped
from tests.faults.scenarios.rolling_restart import rolling_restart
from tests.faults.scenarios.swallowed_publish import swallowed_publish

SCENARIOS: Final[Mapping[str, Callable[[], Coroutine[Any, Any, Outcome]]]] = {
    "redis-stopped": redis_stopped,
    "redis-frozen": redis_frozen,
    "killed-gateway": killed_gateway,
    "dropped-lines": dropped_lines,
    "rolling-restart": rolling_restart,
    "swallowed-publish": swallowed_publish,
}
