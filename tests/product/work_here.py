"""A worker's work in the test's own process: its Celery is left out, all the rest is real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskwire.bootstrap.worker import Worker, open_worker
from taskwire.settings import Settings
from tests.product.serving import Deployment


@asynccontextmanager
async def worker_here(deployment: Deployment, **changed: str) -> AsyncIterator[Worker]:
    """Two of them are two workers: each has its own connections. `changed` are settings."""
    given = {name.lower(): value for name, value in deployment.variables.items()}
    async with open_worker(Settings.model_validate({**given, **changed})) as worker:
        yield worker
