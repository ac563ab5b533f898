"""A product behind its https name, as a proxy with a certificate stands before it."""

import httpx2
from typing_extensions import override

NAME = "tasks.example"
PUBLIC_URL = f"https://{NAME}"


class OverItsName(httpx2.AsyncBaseTransport):
    """Takes what is for the name to the product's own port; to others it goes as it is."""

    def __init__(self, inside: str) -> None:
        self._inside = httpx2.URL(inside)
        self._line = httpx2.AsyncHTTPTransport()

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host != NAME:
            return await self._line.handle_async_request(request)
        within = httpx2.Request(
            request.method,
            self._inside.copy_with(raw_path=request.url.raw_path),
            headers=request.headers,  # its Host is the name
            stream=request.stream,
        )
        return await self._line.handle_async_request(within)

    @override
    async def aclose(self) -> None:
        await self._line.aclose()
