"""The fake on a free port of this process, for as long as a test needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fake_google.google import Google
from tests.fake_google.server import FakeServer


@contextmanager
def running_fake(google: Google | None = None) -> Iterator[FakeServer]:
    server = FakeServer(google or Google(), ("127.0.0.1", 0))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="google", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
