"""The fake behind an HTTP client of this process: no socket, no thread, no waiting."""

import httpx2
from typing_extensions import override

from tests.fake_google.faults import Dropped
from tests.fake_google.google import Google, request_of


class FakeTransport(httpx2.AsyncBaseTransport):
    def __init__(self, google: Google) -> None:
        self.google = google

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        body = await request.aread()
        target = request.url.raw_path.decode()
        asked = request_of(request.method, target, dict(request.headers), body)
        try:
            answer = self.google.handle(asked)
        except Dropped:
            raise httpx2.ReadError("the connection broke", request=request) from None
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body)
