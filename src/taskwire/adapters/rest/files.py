"""A file that leaves in pieces and is closed however its way ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from taskwire.application.exports import WrittenFile

PIECE_BYTES = 64 * 1024


class FileAnswer(StreamingResponse):
    def __init__(
        self,
        written: WrittenFile,
        close: Callable[[WrittenFile], None],
        media_type: str,
        headers: dict[str, str],
    ) -> None:
        length = {"Content-Length": str(written.length)}
        super().__init__(_pieces(written.content), 200, headers | length, media_type)
        self._written, self._close = written, close

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close(self._written)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    """Read by a thread: a file beside memory may have to come from a disk."""
    while piece := content.read(PIECE_BYTES):
        yield piece
