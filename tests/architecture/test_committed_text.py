"""Nothing in the repository opens a door or tells where it was written."""

import re
from re import Pattern

from tests.architecture.repository import named, text_of, written_files

SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}"),
    "an AWS key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_\w{36}|github_pat_\w{50})"),
    "a Google key": re.compile(r"\b(?:AIza[\w-]{35}|GOCSPX-[\w-]{28})"),
    "a PyPI token": re.compile(r"\bpypi-AgEI\w{20}"),
    "an npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "a Slack token": re.compile(r"\bxox[abpr]-[\w-]{10}"),
    "a name and password in an address": re.compile(
        r"https?://[^\s/:@\"'{}<>$]+:[^\s/@\"'{}<>$]{8,}@"
    ),
}

MACHINE_PATHS = {
    # Not preceded by a word or a dot: /api/work/ and https://host/home/ are no folders.
    "somebody's home": re.compile(r"(?<![\w.}/:-])/(?:root|home/[a-z]\w*|Users/[A-Za-z]\w*)/"),
    "a working folder": re.compile(r"(?<![\w.}/:-])/(?:work|tmp/uvt)/"),
}

# This file must spell them out.
_HERE = "tests/architecture/test_committed_text.py"


def test_no_secret_is_committed() -> None:
    assert _findings(SECRETS) == []


def test_no_path_of_somebodys_machine_is_committed() -> None:
    assert _findings(MACHINE_PATHS) == []


def _findings(patterns: dict[str, Pattern[str]]) -> list[str]:
    return [
        f"{named(path)}: {what}"
        for path in written_files()
        if named(path) != _HERE
        for what, pattern in patterns.items()
        if pattern.search(text_of(path))
    ]
