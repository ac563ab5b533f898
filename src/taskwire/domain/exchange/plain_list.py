"""A list as people type it: one task a line; `-`, `*` and `- [x]` in front are understood."""

from __future__ import annotations

import io
import re

from taskwire.domain.exchange.draft import Draft, Drafts, Reading

_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s+)?(?:\[(?P<mark>[ xX]?)\]\s+)?")


def read_plain_list(text: str, _reading: Reading) -> Drafts:
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        match = _LIST_MARK.match(line)
        title = line[match.end() :].strip() if match else line.strip()
        if title:
            done = bool(match and (match["mark"] or "").lower() == "x")
            yield Draft(f"Line {number}", {"title": title, "is_completed": done})
