"""The FastAPI application, put together from its parts."""

from __future__ import annotations

from fastapi import FastAPI
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
from taskwire.adapters.rest.methods import methods_of
from taskwire.adapters.rest.page import serve_page
from taskwire.adapters.rest.paper import describe_errors
from taskwire.adapters.rest.services import Services

_EXPOSED = ["Taskwire-Position", "Content-Disposition", "ETag", "Retry-After", "X-Request-Id"]
# Each route that asks who is there says so in the paper of the API by itself.
_MODULES = (
    auth,
    tasks,
    notifications,
    imports,
    jobs,
    exports,
    feeds,
    changes,
    preferences,
    push,
    calendar,
    health,
)
ROUTERS = [*(module.router for module in _MODULES), feeds.public_router]
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
    app.state.methods_at = methods_of(ROUTERS)
    handle_errors(app)
    for router in ROUTERS:
        app.include_router(router)
    serve_page(app, options.page)
    describe_errors(app)
    return app
