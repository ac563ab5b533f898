"""/metrics: whatever the engine counts, in Prometheus' words, without the engine knowing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields

from prometheus_client import (
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

PREFIX = "taskwire_"
_LABELS = {"gap_repairs": "cause", "resets": "reason", "closes": "reason"}

Gauges = Callable[[], Mapping[str, float]]


class Metrics:
    """`counters` are dataclasses by the name of their part; their numbers grow.

    The names in `values` are of the moment instead.
    """

    def __init__(
        self, counters: Mapping[str, object], values: frozenset[str], gauges: Gauges
    ) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._registry.register(_Fields(counters, values, gauges))

    def __call__(self) -> bytes:
        return generate_latest(self._registry)


class _Fields(Collector):
    def __init__(
        self, counters: Mapping[str, object], values: frozenset[str], gauges: Gauges
    ) -> None:
        self._counters = counters
        self._values = values
        self._gauges = gauges

    @override
    def collect(self) -> Iterable[Metric]:
        for part, counters in self._counters.items():
            yield from self._fields(f"{PREFIX}{part}_", counters)
        for name, value in self._gauges().items():
            yield GaugeMetricFamily(PREFIX + name, name, value=value)

    def _fields(self, prefix: str, counters: object) -> Iterator[Metric]:
        for field in fields(counters):  # type: ignore[arg-type]
            value, name = getattr(counters, field.name), prefix + field.name
            if isinstance(value, Counter):
                yield _labelled(name, _LABELS.get(field.name, "kind"), value)
            elif field.name in self._values:
                yield GaugeMetricFamily(name, field.name, value=value)
            else:
                yield CounterMetricFamily(name, field.name, value=value)


def _labelled(name: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, name, labels=[label])
    for key, count in counts.items():
        family.add_metric([key], count)
    return family
