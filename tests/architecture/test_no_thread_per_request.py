"""FastAPI runs what is not a coroutine function in a thread: no route of ours pays for that."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from taskwire.adapters.rest.app import ROUTERS

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{sorted(route.methods)} {route.path}")
def test_a_route_and_all_it_depends_on_stay_in_the_event_loop(route: APIRoute) -> None:
    in_a_thread = [call for call in _calls(route.dependant) if not _stays(call)]
    assert in_a_thread == []


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    assert dependant.call is not None, "every dependant calls something"
    yield dependant.call
    for needed in dependant.dependencies:
        yield from _calls(needed)


def _stays(call: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(
        getattr(call, "__call__", None)  # noqa: B004 - HTTPBearer is an object with one
    )
