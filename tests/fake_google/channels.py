"""Push channels: who asked to be told of changes, and the messages that wait to be sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.fake_google import answers
from tests.fake_google.answers import Answer, Json, ok
from tests.fake_google.clock import Clock

DEFAULT_TTL_S = 7 * 86400
NUMBER_STEP = 3
"""Numbers grow; nobody promised that they are consecutive."""


@dataclass
class Channel:
    id: str
    calendar_id: str
    address: str
    token: str
    expires_at: datetime
    number: int = 0

    @property
    def resource_id(self) -> str:
        return f"resource-{self.calendar_id}"


@dataclass(frozen=True)
class Message:
    """A POST with an empty body: that something changed, and not what."""

    address: str
    headers: dict[str, str]


@dataclass
class Channels:
    clock: Clock
    takes_http: bool = False
    """Google insists on https; a machine without certificates has to do without."""
    drops: Callable[[], bool] = lambda: False
    channels: dict[str, Channel] = field(default_factory=dict)
    used_ids: set[str] = field(default_factory=set)
    outbox: list[Message] = field(default_factory=list)

    def watch(self, calendar_id: str, body: Json) -> Answer:
        address, name = str(body.get("address", "")), str(body.get("id", ""))
        if body.get("type") != "web_hook" or not 0 < len(name) <= 64:
            raise answers.invalid("Invalid channel.")
        if not address.startswith("https://") and not self.takes_http:
            message = f"WebHook callback must be HTTPS: {address}"
            raise answers.error(400, "push.webhookUrlNotHttps", message)
        if name in self.used_ids:
            message = f"Channel id {name} not unique"
            raise answers.error(400, "channelIdNotUnique", message)
        token = str(body.get("token", ""))
        channel = Channel(name, calendar_id, address, token, self._expiry(body))
        self.channels[name] = channel
        self.used_ids.add(name)
        self._send(channel, "sync")
        milliseconds = int(channel.expires_at.timestamp() * 1000)
        return ok(
            {
                "kind": "api#channel",
                "id": name,
                "resourceId": channel.resource_id,
                "resourceUri": f"https://www.googleapis.com/calendar/v3/calendars/{calendar_id}/events",
                "token": channel.token,
                "expiration": str(milliseconds),
            }
        )

    def stop(self, body: Json) -> Answer:
        channel = self.channels.get(str(body.get("id", "")))
        if channel is None or channel.resource_id != body.get("resourceId"):
            raise answers.not_found()
        del self.channels[channel.id]
        return Answer(204)

    def changed(self, calendar_id: str) -> None:
        now = self.clock.now()
        for channel in list(self.channels.values()):
            if channel.calendar_id == calendar_id and now < channel.expires_at:
                self._send(channel, "exists")

    def taken(self) -> list[Message]:
        """What waits to be sent, and is now the caller's to send."""
        messages, self.outbox = self.outbox, []
        return messages

    def _send(self, channel: Channel, state: str) -> None:
        channel.number += 1 if state == "sync" else NUMBER_STEP
        if self.drops():
            return
        headers = {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Message-Number": str(channel.number),
            "X-Goog-Resource-ID": channel.resource_id,
            "X-Goog-Resource-State": state,
            "X-Goog-Resource-URI": f"https://www.googleapis.com/calendar/v3/calendars/{channel.calendar_id}/events",
            "X-Goog-Channel-Expiration": format_datetime(channel.expires_at, usegmt=True),
        }
        if channel.token:
            headers["X-Goog-Channel-Token"] = channel.token
        self.outbox.append(Message(channel.address, headers))

    def _expiry(self, body: Json) -> datetime:
        if "expiration" in body:
            return datetime.fromtimestamp(int(body["expiration"]) / 1000, UTC)
        ttl_s = int(body.get("params", {}).get("ttl", DEFAULT_TTL_S))
        return self.clock.now() + timedelta(seconds=ttl_s)
