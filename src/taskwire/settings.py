"""Every knob, typed, its unit in its name. Read by bootstrap and the command line alone."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS_FROM_FILES = (
    "secret_key",
    "database_url",
    "redis_url",
    "google_client_secret",
    "smtp_url",
    "vapid_private_key",
)
"""Settings that may also be given as the path of a file, by `NAME_FILE`."""

SECRET_BYTES_MIN = 32


class Settings(BaseSettings):
    """Read from the environment; a name is the field's in capitals."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=False)

    # Where
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    taskwire_data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    public_url: str = ""
    cors_origins: str = (
        "http://localhost:3000,http://localhost:5173,https://localhost:3000,https://localhost:5173"
    )
    forwarded_allow_ips: str = "127.0.0.1"
    listen_fd: int | None = None
    """The listening socket that `taskwire up` hands to `serve`; nobody else sets it."""

    # Secrets, each also as NAME_FILE
    secret_key: str = ""
    secret_key_file: Path | None = None
    database_url_file: Path | None = None
    redis_url_file: Path | None = None
    smtp_url: str = ""
    smtp_url_file: Path | None = None
    vapid_private_key: str = ""
    vapid_private_key_file: Path | None = None

    # Accounts
    access_token_lifetime_s: int = 900
    ws_ticket_lifetime_s: int = 30
    refresh_token_lifetime_s: int = 30 * 86400
    refresh_grace_s: int = 10
    argon2_memory_kib: int = 47104
    argon2_time_cost: int = 1
    password_hashes_at_once_max: int = 2
    sign_in_failures_per_account_max: int = 10
    sign_in_failures_per_address_max: int = 100
    sign_in_failures_window_s: int = 300
    registration_failures_per_address_max: int = 100

    # Tasks and requests
    tasks_per_user_max: int = 20_000
    body_bytes_max: int = 256 * 1024
    import_bytes_max: int = 10 * 1024 * 1024
    feed_requests_per_minute_max: int = 60
    idempotency_keys_kept_s: int = 86400
    deleted_tasks_kept_s: int = 30 * 86400
    changes_wait_max_s: float = 25.0
    long_polls_max: int = 2000
    request_head_wait_s: float = Field(default=10.0, gt=0)
    request_body_wait_s: float = Field(default=120.0, gt=0)
    answer_stall_s: float = Field(default=60.0, gt=0)

    # Change log
    events_kept_s: int = 30 * 86400
    events_kept_min: int = 10_000
    sweep_interval_s: float = 1.0
    sweep_overlap_s: float = 15.0
    database_pool_size: int = 10
    database_wait_s: float = 60.0

    # Redis
    publish_queue_max: int = 10_000
    publish_timeout_s: float = 0.25
    hint_bytes_max: int = 16 * 1024
    probe_interval_s: float = 2.0
    probe_deadline_s: float = 3.0

    # Sockets
    heartbeat_interval_s: float = 15.0
    sockets_max: int = 20_000
    sockets_per_user_max: int = 100
    sockets_per_address_max: int = 1000
    socket_lifetime_s: float = 900.0
    socket_message_bytes_max: int = 64 * 1024
    socket_messages_per_s: float = 20.0
    socket_messages_burst: int = 60
    outbound_bytes_max: int = 1024 * 1024
    outbound_frames_max: int = 1000
    drain_spread_s: float = 2.0
    shutdown_timeout_s: float = 8.0

    # Jobs
    job_rescan_interval_s: float = 10.0
    job_attempts_max: int = 5
    job_time_limit_s: int = 600
    job_lease_s: int = 20
    jobs_kept_max: int = Field(default=100, ge=20)
    import_batch_size: int = 5
    import_pause_s: float = 0.005

    # Reminders and notifications
    reminder_interval_s: float = Field(default=1.0, gt=0)
    reminder_batch_size: int = Field(default=100, ge=1)
    reminder_pause_s: float = 0.005
    overdue_after_s: int = Field(default=900, ge=0)
    notifications_kept_max: int = Field(default=5000, ge=500)

    # Worker
    worker_concurrency: int = Field(default=1, ge=1)
    worker_tick_interval_s: float = 30.0
    worker_stop_s: float = 10.0

    # Google Calendar; not there without a client id
    google_client_id: str = ""
    google_client_secret: str = ""
    google_client_secret_file: Path | None = None
    google_auth_url: str = "https://accounts.google.com/o/oauth2/v2/auth"
    google_token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    google_revoke_url: str = "https://oauth2.googleapis.com/revoke"
    google_api_url: str = "https://www.googleapis.com/calendar/v3"
    google_writes_per_s: float = Field(default=5.0, gt=0)
    calendar_rescan_interval_s: float = Field(default=1.0, gt=0)
    calendar_poll_interval_s: float = Field(default=60.0, ge=1)
    calendar_watched_poll_interval_s: float = Field(default=900.0, ge=1)
    calendar_items_per_run_max: int = Field(default=25, ge=1)
    calendars_at_once_max: int = Field(default=10, ge=1)
    calendar_lease_s: float = Field(default=60.0, ge=1)

    # Push and mail
    mail_from: str = ""
    delivery_interval_s: float = 5.0
    delivery_attempts_max: int = 6
    delivery_timeout_s: float = 10.0
    delivery_lease_s: int = 60
    delivery_batch_size: int = 20
    deliveries_kept_s: int = 7 * 86400
    push_subscriptions_per_user_max: int = 20
    push_ttl_s: int = 86400
    devices_known_s: int = 365 * 86400

    log_level: str = "INFO"

    @field_validator("public_url")
    @classmethod
    def _without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("cors_origins")
    @classmethod
    def _without_wildcard(cls, value: str) -> str:
        # Answers carry cookies, and "*" with cookies would let every page in the world read them.
        if "*" in value:
            raise ValueError("CORS_ORIGINS lists origins by comma; * is not allowed")
        return value

    @model_validator(mode="after")
    def _read_secret_files(self) -> Self:
        for name in SECRETS_FROM_FILES:
            path: Path | None = getattr(self, f"{name}_file")
            if path is not None and not getattr(self, name):
                setattr(self, name, path.read_text(encoding="utf-8").strip())
        return self

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """All keys that verify; the first one signs."""
        return tuple(key.strip() for key in self.secret_key.split(",") if key.strip())

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Origins beside the request's own that may use the API and the sockets."""
        listed = [origin.strip().rstrip("/") for origin in self.cors_origins.split(",")]
        return tuple(dict.fromkeys(filter(None, [*listed, self.public_url])))
