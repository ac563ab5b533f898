"""The one kind of trouble that ends a start: something a person has to fix."""

from __future__ import annotations

EXIT_FIX_FIRST = 78
"""sysexits' EX_CONFIG. A child that leaves with it is not started again: it would not help."""

EXIT_TRY_LATER = 75
"""sysexits' EX_TEMPFAIL: what was waited for did not come, it may still."""


MIGRATE_SPEAKS = "TASKWIRE_MIGRATE_SPEAKS"
"""Set by `up` for the children that leave the word about the database to `migrate`."""


class CannotStart(Exception):  # noqa: N818 - reads as the sentence it begins
    """Starting is impossible; the text says in one line what a person has to change.

    `may_pass`: nothing has to be changed here, something else has to come first (a database that
    does not answer, a schema that is being migrated).
    """

    def __init__(self, what_to_fix: str, *, may_pass: bool = False) -> None:
        super().__init__(what_to_fix)
        self.exit_code = EXIT_TRY_LATER if may_pass else EXIT_FIX_FIRST
