"""Which methods an address of the API takes. The framework alone names those of one route only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi import APIRouter
from starlette.routing import Route

MethodsAt = Callable[[str], frozenset[str]]


def methods_of(routers: Iterable[APIRouter]) -> MethodsAt:
    """Make the question; an address that is none of theirs takes nothing."""
    routes = [route for router in routers for route in router.routes if isinstance(route, Route)]

    def methods_at(path: str) -> frozenset[str]:
        found = (route.methods for route in routes if route.path_regex.fullmatch(path))
        return frozenset().union(*filter(None, found))

    return methods_at
