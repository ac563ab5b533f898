"""Structured log lines on stderr, and no token in any of them.

One JSON object per line for programs, columns for a person at a terminal. Lines of libraries take
the same road, and redaction is the last step of it: it sees exactly what will be written, whoever
wrote it and however it was put together.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

_SECRETS = (
    # A token in an address, also one that was percent-encoded on its way (`?token%3D…`).
    (re.compile(r"((?:token|ticket)(?:=|%3D))[^&\s\"'<>\\#]+", re.IGNORECASE), r"\1"),
    # The address of a calendar is its secret.
    (re.compile(r"((?:/|%2F)api(?:/|%2F)feed(?:/|%2F))[^\s/?\"'<>\\#]+", re.IGNORECASE), r"\1"),
    # What another service gave in exchange for a sign-in.
    (re.compile(r"([?&](?:code|state)=)[^&\s\"'<>\\#]+", re.IGNORECASE), r"\1"),
    # A header or a subprotocol: `Bearer …`, `bearer.…`
    (re.compile(r"(\bbearer[ .:]+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), r"\1"),
    # A field of a body that was logged whole, as JSON or as Python writes it.
    (
        re.compile(
            r"((?:\w*token|password|secret\w*|cookie|authorization)\\?[\"']\s*:\s*\\?[\"'])"
            r"[^\"'\\]+",
            re.IGNORECASE,
        ),
        r"\1",
    ),
    # Anything that is a JWT by its looks, wherever it stands.
    (re.compile(r"()\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*"), r"\1"),
    # The password of a database's or a broker's address.
    (re.compile(r"(://[^/@\s:\"']*:)[^/@\s\"']+(?=@)"), r"\1"),
)

_TALKATIVE = (
    "celery.beat",
    "celery.worker.strategy",
    "celery.worker.request",
    "celery.app.trace",
    "celery.worker.consumer.connection",
    "celery.apps.worker",
    "kombu",
    "uvicorn.access",
    "uvicorn.error",
    "alembic",
    "asyncio",
    "httpx2",
    "httpcore2",
)
"""They say at INFO what is of no consequence to a person; their warnings pass, and DEBUG opens all."""


def redact(line: str) -> str:
    for pattern, kept in _SECRETS:
        line = pattern.sub(kept + REDACTED, line)
    return line


def configure_logs(process: str, level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """Call it once, first thing in a process; `process` names it in every line."""
    out = stream or sys.stderr
    threshold = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    _route_libraries(_handler(process, out), threshold)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_steps(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _handler(process: str, out: TextIO) -> logging.Handler:
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_shared_steps(),
            processors=[
                ProcessorFormatter.remove_processors_meta,
                _named(process),
                _renderer(is_for_person=out.isatty()),
            ],
        )
    )
    return handler


def _route_libraries(handler: logging.Handler, threshold: int) -> None:
    """Loggers that were set up by their library would write past our handler, tokens and all."""
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name, logger in logging.root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and name.partition(".")[0] in {"uvicorn", "celery"}:
            logger.handlers.clear()
            logger.propagate = True
    for name in _TALKATIVE:
        quiet = logging.NOTSET if threshold <= logging.DEBUG else max(threshold, logging.WARNING)
        logging.getLogger(name).setLevel(quiet)


def _shared_steps() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,  # request_id is bound there by each adapter
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.StackInfoRenderer(),
    ]


def _named(process: str) -> Processor:
    def add_process(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
        entry.pop("_record", None)
        return {"process": process, **entry}

    return add_process


def _renderer(*, is_for_person: bool) -> Processor:
    """Without colours and without the values of local variables.

    A colour between `token` and `=` hides the token from redaction, and locals hold more secrets
    than anybody meant to log.
    """
    render: Processor = structlog.processors.JSONRenderer(sort_keys=False)
    if is_for_person:
        render = structlog.dev.ConsoleRenderer(
            colors=False, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback
        )

    def render_and_redact(logger: WrappedLogger, method: str, entry: EventDict) -> str:
        if not is_for_person:
            entry = structlog.processors.format_exc_info(logger, method, entry)
        return redact(str(render(logger, method, entry)))

    return render_and_redact
