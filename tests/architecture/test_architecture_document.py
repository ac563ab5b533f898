"""ARCHITECTURE.md and the other papers name tests that hold an invariant: each must exist."""

import re
from collections.abc import Iterator

from tests.architecture.repository import files_with, named, text_of
from tooling.places import ROOT

# `tests/unit/realtime/test_stream.py::test_a_gap` or `frontend/src/x.test.ts`
_MENTION = re.compile(
    r"(?P<file>(?:tests|frontend)/[\w./-]+?\.(?:py|test\.tsx?))(?:::(?P<test>\w+))?(?!\w)"
)


def test_every_test_the_papers_name_exists() -> None:
    missing = [
        f"{document} names {mention}" for document, mention, exists in _mentions() if not exists
    ]
    assert missing == []


def _mentions() -> Iterator[tuple[str, str, bool]]:
    for document in files_with(".md"):
        for match in _MENTION.finditer(text_of(document)):
            yield named(document), match[0], _exists(match["file"], match["test"])


def _exists(file: str, test: str | None) -> bool:
    path = ROOT / file
    if not path.is_file():
        return False
    return test is None or re.search(rf"def {test}\(", text_of(path)) is not None
