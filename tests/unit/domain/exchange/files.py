"""Files of tasks for tests, read as an import reads them."""

from datetime import UTC, datetime
from typing import Any

from taskwire.domain.exchange.draft import Reading
from taskwire.domain.imports import ImportedList, ImportFormat, read_import
from taskwire.domain.time_zone import zone_named

# A Thursday, early in the evening of Jerusalem.
NOW = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
JERUSALEM = zone_named("Asia/Jerusalem")
ROWS_MAX = 1000


def reading(mapping: dict[str, str] | None = None) -> Reading:
    return Reading(NOW, JERUSALEM, mapping)


def read_file(
    content: bytes | str, import_format: ImportFormat, mapping: dict[str, str] | None = None
) -> ImportedList:
    given = content.encode() if isinstance(content, str) else content
    return read_import(given, import_format, reading(mapping), ROWS_MAX)


def fields(
    content: bytes | str, import_format: ImportFormat, mapping: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    return [dict(task.fields) for task in read_file(content, import_format, mapping).tasks]
