"""Trouble, said in one line on stderr, and its exit code."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from taskwire.adapters.processes.errors import (
    EXIT_FIX_FIRST,
    EXIT_TRY_LATER,
    MIGRATE_SPEAKS,
    CannotStart,
)


@contextmanager
def said_in_one_line() -> Iterator[None]:
    """Expected trouble needs no traceback; the rest keeps it, because it is a fault of ours."""
    from taskwire.domain.errors import RefusedError, UnavailableError

    try:
        yield
    except CannotStart as trouble:
        fail(str(trouble), trouble.exit_code)
    except UnavailableError:
        line = "the database does not answer: see that it runs, and check DATABASE_URL"
        _leave_with_database_trouble(line, EXIT_TRY_LATER)
    except RefusedError as trouble:
        fail(trouble.message, 1)
    except Exception as trouble:
        exit_code = _exit_code_of_schema_trouble(trouble)
        if exit_code is None:
            raise
        _leave_with_database_trouble(str(trouble), exit_code)


def _leave_with_database_trouble(line: str, exit_code: int) -> NoReturn:
    """Under `up` all processes meet the same trouble at once, and `migrate` speaks for them."""
    if os.environ.get(MIGRATE_SPEAKS):
        sys.exit(exit_code)
    fail(line, exit_code)


def _exit_code_of_schema_trouble(trouble: Exception) -> int | None:
    """Asked late, because the module takes a second to load, and what raises it has loaded it."""
    from taskwire.adapters.database.schema import SchemaMissingError, SchemaNewerError

    if isinstance(trouble, SchemaNewerError):
        return EXIT_FIX_FIRST
    return EXIT_TRY_LATER if isinstance(trouble, SchemaMissingError) else None


def fail(message: str, exit_code: int) -> NoReturn:
    print(f"taskwire: {message}", file=sys.stderr, flush=True)
    sys.exit(exit_code)
