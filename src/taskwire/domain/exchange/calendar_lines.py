"""iCalendar (RFC 5545) as components of properties, strictly and within bounds.

A reader of our own: the libraries build a tree of the whole file, with a class for each value,
before anybody can say that it is too much. This one holds a single component at a time, expands no
rule, and is linear in the bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from taskwire.domain.errors import InvalidError

LINE_CHARACTERS_MAX = 100_000
"""Of a line put together from its folded parts."""
COMPONENTS_MAX = 100_000
PROPERTIES_MAX = 500
"""Of one component."""
DEPTH_MAX = 4

_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_ESCAPED = re.compile(r"\\([nN\\;,])")
_NEWLINES = frozenset("nN")


@dataclass(frozen=True, slots=True)
class Property:
    line: int
    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as text, its escapes taken back."""
        return _ESCAPED.sub(lambda match: "\n" if match[1] in _NEWLINES else match[1], self.value)


@dataclass(slots=True)
class Component:
    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    inner: list[Component] = field(default_factory=list)

    def find(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def has(self, *names: str) -> bool:
        return any(one.name in names for one in self.properties)


def read_components(text: str, wanted: frozenset[str]) -> Iterator[Component]:
    """The components of these names, each with what is inside it, in the order of the file."""
    open_ones: list[Component] = []
    count = 0
    for one in _properties(text):
        if one.name == "BEGIN":
            count += 1
            _refuse_too_much(one, count, len(open_ones))
            open_ones.append(Component(one.value.strip().upper(), one.line))
        elif not open_ones:
            raise InvalidError(f"Line {one.line}: a calendar begins with BEGIN:VCALENDAR.")
        elif one.name == "END":
            closed = _closed(one, open_ones)
            if closed.name in wanted:
                yield closed
            elif open_ones and open_ones[-1].name in wanted:
                open_ones[-1].inner.append(closed)
        else:
            _keep(one, open_ones[-1])
    if open_ones:
        last = open_ones[-1]
        raise InvalidError(f"Line {last.line}: {last.name} does not end; the file is cut off.")


def _refuse_too_much(one: Property, count: int, depth: int) -> None:
    if count > COMPONENTS_MAX:
        raise InvalidError(f"Line {one.line}: more than {COMPONENTS_MAX} components.")
    if depth >= DEPTH_MAX:
        raise InvalidError(f"Line {one.line}: components more than {DEPTH_MAX} deep.")
    if depth == 0 and one.value.strip().upper() != "VCALENDAR":
        raise InvalidError(f"Line {one.line}: a calendar begins with BEGIN:VCALENDAR.")


def _closed(end: Property, open_ones: list[Component]) -> Component:
    closed = open_ones.pop()
    if closed.name != end.value.strip().upper():
        raise InvalidError(f"Line {end.line}: {closed.name} of line {closed.line} does not end.")
    return closed


def _keep(one: Property, component: Component) -> None:
    if len(component.properties) == PROPERTIES_MAX:
        message = f"Line {one.line}: {component.name} has more than {PROPERTIES_MAX} properties."
        raise InvalidError(message)
    component.properties.append(one)


def _properties(text: str) -> Iterator[Property]:
    for number, line in _unfolded(text):
        match = _NAME.match(line)
        end = match.end() if match else 0
        parameters: dict[str, str] = {}
        while (parameter := _PARAMETER.match(line, end)) is not None:
            parameters[parameter[1].upper()] = parameter[2].strip('"')
            end = parameter.end()
        if match is None or line[end : end + 1] != ":":
            raise InvalidError(f"Line {number}: this is not iCalendar: {line[:40]}")
        yield Property(number, match[0].upper(), parameters, line[end + 1 :])


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Whole lines with the number of their first part; blank ones are passed over."""
    parts: list[str] = []
    begun = length = 0
    for number, raw in enumerate(io.StringIO(text), start=1):
        line = raw.rstrip("\r\n")
        if line.startswith((" ", "\t")) and parts:
            parts.append(line[1:])
        else:
            if parts:
                yield begun, "".join(parts)
            begun, length, parts = number, 0, [line] if line.strip() else []
        length += len(line)
        if length > LINE_CHARACTERS_MAX:
            message = f"Line {begun}: the line has more than {LINE_CHARACTERS_MAX} characters."
            raise InvalidError(message)
    if parts:
        yield begun, "".join(parts)
