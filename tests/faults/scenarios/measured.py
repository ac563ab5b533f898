"""What a scenario has measured, and whether that is what was promised (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. With a bound it is a promise; without one it says how big the scene was."""

    name: str
    value: float
    unit: str = ""
    below: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_kept(self) -> bool:
        return (
            (self.below is None or self.value < self.below)
            and (self.at_most is None or self.value <= self.at_most)
            and (self.at_least is None or self.value >= self.at_least)
        )

    @property
    def promise(self) -> str:
        """The bound in words; nothing for a number that promises nothing."""
        unit = f" {self.unit}" if self.unit else ""
        if self.below is not None:
            return f"under {_short(self.below)}{unit}"
        if self.at_most is not None:
            return f"{_short(self.at_most)}{unit}" + (" at most" if self.at_most else "")
        if self.at_least is not None:
            return f"{_short(self.at_least)}{unit} at least"
        return ""

    @override
    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        shown = f"{self.name} {_short(self.value)}{unit}"
        return shown if self.is_kept else f"{shown} (MISSED: {self.promise})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario that was played to its end."""

    scenario: str
    promise: str
    figures: Sequence[Figure]

    @property
    def is_kept(self) -> bool:
        return all(figure.is_kept for figure in self.figures)

    @property
    def verdict(self) -> str:
        return "PASS" if self.is_kept else "FAIL"

    @override
    def __str__(self) -> str:
        return f"{self.verdict} {self.scenario}: {'; '.join(map(str, self.figures))}"

    def as_json(self) -> dict[str, Any]:
        figures = [
            {name: value for name, value in asdict(figure).items() if value not in {None, ""}}
            for figure in self.figures
        ]
        return {"verdict": self.verdict, "promise": self.promise, "figures": figures}

    @classmethod
    def from_json(cls, scenario: str, saved: dict[str, Any]) -> Outcome:
        figures = [Figure(**figure) for figure in saved["figures"]]
        return cls(scenario, saved["promise"], figures)


def share_below(values: Sequence[float], share: float) -> float:
    """The value that this share of `values` does not exceed. Nothing measured is no good news."""
    if not values:
        return float("inf")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}"
