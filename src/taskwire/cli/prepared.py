"""What each command does first: the settings, complete, and logs without secrets."""

# ruff: noqa: PLC0415 - imported where it is used: see the package
from __future__ import annotations

import os
from typing import TYPE_CHECKING

from taskwire.adapters.processes.errors import CannotStart

if TYPE_CHECKING:
    from taskwire.settings import Settings


def prepare(process: str) -> Settings:
    """The settings, complete, and logs that may be written to from here on."""
    from taskwire.adapters.processes.completion import complete
    from taskwire.logs import configure_logs

    settings = read_settings()
    configure_logs(process, settings.log_level)
    complete(settings)
    return settings


def read_settings() -> Settings:
    from pydantic import ValidationError

    from taskwire.adapters.jobs.broker_url import BadRedisUrl, broker_from
    from taskwire.settings import Settings

    try:
        settings = Settings()
        if settings.redis_url:
            broker_from(settings.redis_url)  # now, and not when the first job is sent
        _check_roads_outside(settings)
    except BadRedisUrl as error:
        raise CannotStart(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise CannotStart(f"the setting {name} is wrong: {first['msg']}") from error
    except OSError as error:
        raise CannotStart(f"{error.filename} cannot be read: {error.strerror}") from error
    return settings


def _check_roads_outside(settings: Settings) -> None:
    """Mail and push, now: whoever mistyped an address should not hear of it from a reminder."""
    if settings.smtp_url or settings.mail_from:
        from taskwire.adapters.mail.message import BadAddress, mailbox
        from taskwire.adapters.mail.smtp_url import BadSmtpUrl, smtp_server

        try:
            if settings.smtp_url:
                smtp_server(settings.smtp_url)
            mailbox(settings.mail_from)
        except BadSmtpUrl as error:
            raise CannotStart(str(error)) from error
        except BadAddress as error:
            message = "MAIL_FROM must be an address like Taskwire <taskwire@example.org>"
            raise CannotStart(message) from error
    if settings.vapid_private_key:
        from taskwire.adapters.web_push.keys import BadKey, private_key

        try:
            private_key(settings.vapid_private_key)
        except BadKey as error:
            raise CannotStart(f"VAPID_PRIVATE_KEY is wrong: {error}") from error


def require_redis(settings: Settings) -> None:
    """Beside a running `up` its Redis is used; alone, a worker without one would wait for ever."""
    from taskwire.adapters.processes.data_folder import DataFolder

    if os.environ.get("REDIS_URL") or os.environ.get("REDIS_URL_FILE"):
        return
    if not DataFolder(settings.taskwire_data_dir).redis_socket.exists():
        message = "there is no Redis here: set REDIS_URL, or start everything with `taskwire up`"
        raise CannotStart(message, may_pass=True)
