"""A bus in memory. It delivers at once, or holds what it was given until a test lets it go."""

from collections.abc import Callable, Sequence

Messages = Sequence[tuple[str, bytes]]


class MemoryBus:
    """Implements `Bus`."""

    def __init__(self) -> None:
        self.subscribed: set[str] = set()
        self.subscriptions = 0
        self._on_messages: Callable[[Messages], None] | None = None
        self._on_resumed: Callable[[], None] | None = None

    def publish(self, *messages: tuple[str, bytes]) -> None:
        """Bring messages in one read. Those of channels that nobody subscribed are lost."""
        assert self._on_messages is not None, "listen() comes first"
        heard = [message for message in messages if message[0] in self.subscribed]
        if heard:
            self._on_messages(heard)

    def resume(self) -> None:
        """Say that messages may have been missed."""
        assert self._on_resumed is not None, "listen() comes first"
        self._on_resumed()

    def listen(
        self, on_messages: Callable[[Messages], None], on_resumed: Callable[[], None]
    ) -> None:
        self._on_messages = on_messages
        self._on_resumed = on_resumed

    async def subscribe(self, channel: str) -> None:
        self.subscribed.add(channel)
        self.subscriptions += 1

    def unsubscribe(self, channel: str) -> None:
        self.subscribed.discard(channel)
