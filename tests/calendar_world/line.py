"""The line to Google, on which a test lets something happen at a certain request."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import httpx2
from typing_extensions import override

from tests.fake_google.google import Google
from tests.fake_google.transport import FakeTransport

Act = Callable[[], Awaitable[object] | None]


@dataclass
class _Plan:
    method: str
    requests_before: int
    act: Act
    is_after: bool


class Line(FakeTransport):
    """`before` and `after` act once, at the request with this number of its method, from now on.

    What is raised there is what the caller of the request sees.
    """

    def __init__(self, google: Google) -> None:
        super().__init__(google)
        self.is_down = False
        self._plans: list[_Plan] = []

    def before(self, method: str, act: Act, *, number: int = 1) -> None:
        self._plans.append(_Plan(method, number - 1, act, is_after=False))

    def after(self, method: str, act: Act, *, number: int = 1) -> None:
        self._plans.append(_Plan(method, number - 1, act, is_after=True))

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.is_down:
            raise httpx2.ConnectError("no network", request=request)
        due = self._due(request.method)
        await _run(plan for plan in due if not plan.is_after)
        answer = await super().handle_async_request(request)
        await _run(plan for plan in due if plan.is_after)
        return answer

    def _due(self, method: str) -> list[_Plan]:
        mine = [plan for plan in self._plans if plan.method == method]
        due = [plan for plan in mine if plan.requests_before == 0]
        for plan in mine:
            plan.requests_before -= 1
        self._plans = [plan for plan in self._plans if plan not in due]
        return due


async def _run(plans: Iterable[_Plan]) -> None:
    for plan in plans:
        happening = plan.act()
        if happening is not None:
            await happening


def time_out() -> None:
    """Nobody answered in time."""
    raise httpx2.ReadTimeout("no answer")
