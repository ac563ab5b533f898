"""The FastAPI application, put together from its parts."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from taskwire.adapters.rest import (
    auth,
    calendar,
    changes,
    exports,
    feeds,
    health,
    imports,
    jobs,
    notifications,
    preferences,
    push,
    tasks,
)
from taskwire.adapters.rest.edge import Edge
from taskwire.adapters.rest.errors import handle_errors
from taskwire.adapters.rest.page import serve_page
from taskwire.adapters.rest.request import bearer_scheme
from taskwire.adapters.rest.services import Services

_EXPOSED = ["Taskwire-Position", "Content-Disposition", "ETag", "Retry-After", "X-Request-Id"]
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_HEADERS = ["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "X-Request-Id"]
PREFLIGHT_KEPT_S = 600


def create_app(services: Services) -> FastAPI:
    """A function and no module-level global: tests make as many as they like."""
    options = services.options
    app = FastAPI(
        title="Taskwire",
        version=options.version,
        docs_url=None if options.is_secure else "/docs",
        openapi_url=None if options.is_secure else "/openapi.json",
        redoc_url=None,
        middleware=[
            Middleware(
                Edge,
                body_bytes_max=options.body_bytes_max,
                import_bytes_max=options.import_bytes_max,
            ),
            Middleware(
                CORSMiddleware,
                allow_origins=options.allowed_origins,
                allow_credentials=True,
                allow_methods=_METHODS,
                allow_headers=_HEADERS,
                expose_headers=_EXPOSED,
                max_age=PREFLIGHT_KEPT_S,
            ),
        ],
    )
    app.state.services = services
    handle_errors(app)
    app.include_router(auth.router)
    for module in (
        tasks,
        notifications,
        imports,
        jobs,
        exports,
        feeds,
        changes,
        preferences,
        push,
    ):
        app.include_router(module.router, dependencies=[Depends(bearer_scheme)])
    app.include_router(calendar.router)  # Google comes here as well, without a token of ours
    app.include_router(feeds.public_router)
    app.include_router(health.router)
    serve_page(app, options.page)
    return app
