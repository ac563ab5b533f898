"""Django Channels: one consumer, one group a lane, the Redis channel layer; served by daphne."""

import os
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

LAYER = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {}}
LAYER["CONFIG"] = {"hosts": [os.environ["REDIS_URL"]]}

settings.configure(
    SECRET_KEY="of a site that holds nothing",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": LAYER},
)
django.setup()


class Lane(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.lane = self.scope["url_route"]["kwargs"]["lane"]
        await self.channel_layer.group_add(f"lane.{self.lane}", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(f"lane.{self.lane}", self.channel_name)

    async def say(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("<str:lane>", Lane.as_asgi())])})
