"""One request to Google, and what an answer that is no success means.

Nothing is repeated here: whether a write may be sent twice is known to the engine alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from taskwire.application.calendar.ports import CalendarError
from taskwire.domain.calendar.troubles import Trouble, classify

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
ANSWER_BYTES_MAX = 16 * 1024 * 1024
_SUCCESS = range(200, 300)


def open_http(transport: httpx2.AsyncBaseTransport | None = None) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=transport, timeout=TIMEOUT, follow_redirects=False)


async def send(
    http: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    json: object | None = None,
) -> dict[str, Any]:
    """The answer's JSON ({} for an empty one); CalendarError for everything else."""
    try:
        answer = await http.request(method, url, headers=headers, params=params, json=json)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise CalendarError(Trouble.UNKNOWN, type(error).__name__) from error
    if answer.status_code not in _SUCCESS:
        reason = reason_of(answer)
        trouble = classify(answer.status_code, reason)
        raise CalendarError(trouble, f"{answer.status_code} {reason}".strip(), _retry_after(answer))
    if not answer.content:
        return {}
    parsed = json_of(answer)
    if parsed is None:  # half an answer: it was done, or not
        raise CalendarError(Trouble.UNKNOWN, "the answer is no JSON")
    return parsed


def json_of(answer: httpx2.Response) -> dict[str, Any] | None:
    """A proxy answers in HTML, and a broken line in half of it."""
    try:
        parsed = answer.json()
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def reason_of(answer: httpx2.Response) -> str:
    """The most telling word of an error body, whichever of Google's shapes it has."""
    error = (json_of(answer) or {}).get("error", {})
    if not isinstance(error, dict):
        return str(error)
    for listed in (error.get("errors"), error.get("details")):
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("reason"), str):
                reason: str = entry["reason"]
                return reason
    return str(error.get("status", ""))


def _retry_after(answer: httpx2.Response) -> float | None:
    given = answer.headers.get("retry-after", "")
    return float(given) if given.isascii() and given.isdecimal() else None
