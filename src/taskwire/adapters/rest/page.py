"""The built page: every address that is not the API's is the page, whose address is its state."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

# The page's own rules; /docs loads its viewer from elsewhere and is not under them.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

NOT_BUILT = "The page is not built yet. Run `make run`, or use the API under /api."
_NOT_PAGES = ("api", "ws")


def serve_page(app: FastAPI, folder: Path) -> None:
    """Add the last route of all; `folder` holds index.html and its hashed assets."""
    router = APIRouter(include_in_schema=False)
    root = folder.resolve()

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(path: str) -> Response:
        if path.partition("/")[0] in _NOT_PAGES:
            raise HTTPException(426 if path.startswith("ws/") else 404)
        return _file(root, path)

    app.include_router(router)


def _file(root: Path, path: str) -> Response:
    wanted = (root / path).resolve()
    if wanted.is_relative_to(root) and wanted.is_file():
        is_hashed = path.startswith("assets/")
        caching = FOREVER if is_hashed else ASK_AGAIN
        return FileResponse(wanted, headers=_headers(caching))
    if path.startswith("assets/"):
        raise HTTPException(404)
    index = root / "index.html"
    if not index.is_file():
        return PlainTextResponse(NOT_BUILT, 503)
    return FileResponse(index, headers=_headers(ASK_AGAIN))


def _headers(caching: str) -> dict[str, str]:
    return {"Cache-Control": caching, "Content-Security-Policy": CONTENT_SECURITY_POLICY}
