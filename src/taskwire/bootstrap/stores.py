"""What all processes share: the stores, the publisher, and the use case that both sides need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from taskwire.adapters.database.calendar_store import DatabaseCalendarStore
from taskwire.adapters.database.connection import Database, open_database
from taskwire.adapters.database.delivery_store import DatabaseDeliveryStore
from taskwire.adapters.database.export_store import DatabaseExportStore
from taskwire.adapters.database.feed_store import DatabaseFeedStore
from taskwire.adapters.database.job_store import DatabaseJobStore
from taskwire.adapters.database.notification_store import DatabaseNotificationStore
from taskwire.adapters.database.person_store import DatabasePersonStore
from taskwire.adapters.database.preference_store import DatabasePreferenceStore
from taskwire.adapters.database.reminder_store import DatabaseReminderStore
from taskwire.adapters.database.session_store import DatabaseSessionStore
from taskwire.adapters.database.subscription_store import DatabaseSubscriptionStore
from taskwire.adapters.database.task_store import DatabaseTaskStore
from taskwire.adapters.database.upkeep import Retention, Upkeep
from taskwire.adapters.redis.publisher import Publisher, PublisherCounters
from taskwire.adapters.redis.url import parse_redis_url
from taskwire.adapters.security.passwords import Argon2Passwords
from taskwire.adapters.security.sealing import KeySeal
from taskwire.application.imports import ImportBounds, Imports
from taskwire.application.ports import Hints, JobQueue
from taskwire.application.preferences import PreferenceAdopter
from taskwire.application.reminders import Reminders
from taskwire.domain.notice import NoticeRules
from taskwire.settings import Settings


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept, over one database."""

    database: Database
    people: DatabasePersonStore
    sessions: DatabaseSessionStore
    tasks: DatabaseTaskStore
    notifications: DatabaseNotificationStore
    reminders: DatabaseReminderStore
    preferences: DatabasePreferenceStore
    jobs: DatabaseJobStore
    calendars: DatabaseCalendarStore
    exports: DatabaseExportStore
    feeds: DatabaseFeedStore
    subscriptions: DatabaseSubscriptionStore
    deliveries: DatabaseDeliveryStore
    upkeep: Upkeep


@asynccontextmanager
async def open_stores(settings: Settings) -> AsyncIterator[Stores]:
    database = open_database(settings.database_url, pool_size=settings.database_pool_size)
    try:
        yield Stores(
            database=database,
            people=DatabasePersonStore(database, settings.sign_in_failures_window_s),
            sessions=DatabaseSessionStore(
                database,
                lifetime_s=settings.refresh_token_lifetime_s,
                grace_s=settings.refresh_grace_s,
                token_lifetime_s=settings.access_token_lifetime_s,
            ),
            tasks=DatabaseTaskStore(
                database, settings.tasks_per_user_max, settings.deleted_tasks_kept_s
            ),
            notifications=DatabaseNotificationStore(database),
            reminders=DatabaseReminderStore(
                database, NoticeRules(timedelta(seconds=settings.overdue_after_s))
            ),
            preferences=DatabasePreferenceStore(database),
            jobs=DatabaseJobStore(
                database,
                tasks_max=settings.tasks_per_user_max,
                lease_s=settings.job_lease_s,
                attempts_max=settings.job_attempts_max,
            ),
            calendars=DatabaseCalendarStore(
                database,
                KeySeal(settings.secret_keys),
                settings.calendar_lease_s,
                settings.tasks_per_user_max,
            ),
            exports=DatabaseExportStore(database),
            feeds=DatabaseFeedStore(database),
            subscriptions=DatabaseSubscriptionStore(
                database, settings.push_subscriptions_per_user_max
            ),
            deliveries=DatabaseDeliveryStore(database, settings.delivery_lease_s),
            upkeep=Upkeep(database, _retention(settings)),
        )
    finally:
        await database.close()


def _retention(settings: Settings) -> Retention:
    return Retention(
        events_kept_s=settings.events_kept_s,
        events_kept_min=settings.events_kept_min,
        idempotency_keys_kept_s=settings.idempotency_keys_kept_s,
        deleted_tasks_kept_s=settings.deleted_tasks_kept_s,
        sign_in_failures_kept_s=settings.sign_in_failures_window_s,
        sessions_kept_s=settings.access_token_lifetime_s,
        deliveries_kept_s=settings.deliveries_kept_s,
        devices_known_s=settings.devices_known_s,
        notifications_kept_max=settings.notifications_kept_max,
        jobs_kept_max=settings.jobs_kept_max,
    )


def make_publisher(settings: Settings) -> Publisher:
    return Publisher(
        parse_redis_url(settings.redis_url),
        PublisherCounters(),
        queue_max=settings.publish_queue_max,
        timeout_s=settings.publish_timeout_s,
        hint_bytes_max=settings.hint_bytes_max,
    )


def make_passwords(settings: Settings) -> Argon2Passwords:
    return Argon2Passwords(
        memory_kib=settings.argon2_memory_kib,
        time_cost=settings.argon2_time_cost,
        at_once_max=settings.password_hashes_at_once_max,
    )


def make_imports(settings: Settings, stores: Stores, queue: JobQueue, hints: Hints) -> Imports:
    bounds = ImportBounds(
        content_bytes_max=settings.import_bytes_max,
        tasks_max=settings.tasks_per_user_max,
        batch_size=settings.import_batch_size,
        pause_s=settings.import_pause_s,
    )
    adopter = PreferenceAdopter(stores.preferences, hints)
    return Imports(stores.jobs, queue, hints, stores.preferences, adopter, bounds)


def make_reminders(settings: Settings, stores: Stores, hints: Hints) -> Reminders:
    return Reminders(
        stores.reminders,
        hints,
        batch_size=settings.reminder_batch_size,
        pause_s=settings.reminder_pause_s,
    )
