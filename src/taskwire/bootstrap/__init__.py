"""Builds everything once and closes it once; the only package that knows all others."""

from taskwire.bootstrap.admin import Admin, migrate, open_admin, wait_for_schema
from taskwire.bootstrap.serving import open_serving, serve
from taskwire.bootstrap.worker import Worker, open_worker

__all__ = [
    "Admin",
    "Worker",
    "migrate",
    "open_admin",
    "open_serving",
    "open_worker",
    "serve",
    "wait_for_schema",
]
