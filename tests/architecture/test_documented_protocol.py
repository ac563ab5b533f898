"""docs/protocol.md says what the code does: close codes, and the snippet that runs as a test."""

import re

from taskwire.realtime.close_codes import CLOSE_REASONS
from tests.architecture.repository import text_of
from tooling.places import FRONTEND, ROOT

# | 4408 | `SLOW` | … | come back, with your cursor |
_ROW = re.compile(r"^\| (\d{4}) \| `(\w+)` \| .+ \| (come back|stay away)", re.MULTILINE)


def test_the_table_of_close_codes_is_the_servers() -> None:
    documented = [(int(code), name, advice) for code, name, advice in _ROW.findall(_document())]
    assert documented == [
        (reason.code, reason.name, reason.advice.value) for reason in CLOSE_REASONS
    ]


def test_the_browser_snippet_is_the_one_that_is_tested() -> None:
    test = text_of(FRONTEND / "src" / "services" / "websocket" / "snippet.test.tsx")
    snippet = re.search(r"const SNIPPET = `\n(.+?)`;", test, re.DOTALL)
    assert snippet is not None, "snippet.test.tsx keeps it as SNIPPET"
    assert f"```js\n{snippet[1]}```" in _document()


def test_the_browser_has_the_servers_table() -> None:
    table = text_of(FRONTEND / "src" / "services" / "websocket" / "closeCodes.ts")
    entries = dict(re.findall(r"^  (\d{4}): (.+?),?$", table, re.MULTILINE))
    advices = {
        int(code): "stay away" if "stay away" in entry else "come back"
        for code, entry in entries.items()
    }
    del advices[1000]  # a client says it; the server does not
    assert advices == {reason.code: reason.advice.value for reason in CLOSE_REASONS}


def _document() -> str:
    return text_of(ROOT / "docs" / "protocol.md")
