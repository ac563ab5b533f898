"""One open database for a test, and the stores over it."""

from collections.abc import AsyncIterator

import pytest

from taskwire.adapters.database.change_log import DatabaseChangeLog
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.delivery_store import DatabaseDeliveryStore
from taskwire.adapters.database.job_store import DatabaseJobStore
from taskwire.adapters.database.notification_store import DatabaseNotificationStore
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.preference_store import DatabasePreferenceStore
from taskwire.adapters.database.session_store import DatabaseSessionStore
from taskwire.adapters.database.subscription_store import DatabaseSubscriptionStore
from taskwire.adapters.database.task_store import DatabaseTaskStore

TASKS_MAX = 20_000
DELETED_KEPT_S = 30 * 86400
OVERLAP_S = 15.0


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url, pool_size=10)
    yield opened
    await opened.close()


@pytest.fixture
def tasks(database: Database) -> DatabaseTaskStore:
    return DatabaseTaskStore(database, TASKS_MAX, DELETED_KEPT_S)


@pytest.fixture
def notifications(database: Database) -> DatabaseNotificationStore:
    return DatabaseNotificationStore(database)


@pytest.fixture
def jobs(database: Database) -> DatabaseJobStore:
    return DatabaseJobStore(database, tasks_max=TASKS_MAX, lease_s=20, attempts_max=3)


@pytest.fixture
def people(database: Database) -> DatabasePersonStore:
    return DatabasePersonStore(database, failures_window_s=300)


@pytest.fixture
def sessions(database: Database) -> DatabaseSessionStore:
    return DatabaseSessionStore(database, lifetime_s=3600, grace_s=10, token_lifetime_s=900)


@pytest.fixture
def preferences(database: Database) -> DatabasePreferenceStore:
    return DatabasePreferenceStore(database)


@pytest.fixture
def subscriptions(database: Database) -> DatabaseSubscriptionStore:
    return DatabaseSubscriptionStore(database, per_person_max=3)


@pytest.fixture
def deliveries(database: Database) -> DatabaseDeliveryStore:
    return DatabaseDeliveryStore(database, lease_s=60)


@pytest.fixture
def log(database: Database) -> DatabaseChangeLog:
    return DatabaseChangeLog(database, OVERLAP_S)
