"""`python -m tests.fake_google --port 8091`: serves until it is stopped."""

import argparse
import sys

from tests.fake_google.google import Google
from tests.fake_google.server import FakeServer

PORT = 8091


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument(
        "--way",
        action="append",
        default=[],
        metavar="https://NAME=http://localhost:PORT",
        help="where push messages for such an address really go",
    )
    given = parser.parse_args()
    ways = dict(way.split("=", 1) for way in given.way)
    server = FakeServer(Google(), ("127.0.0.1", given.port), ways)
    sys.stderr.write(f"Fake Google Calendar, to drag events on: {server.url}\n")
    for name, value in server.settings().items():
        sys.stderr.write(f"  {name}={value}\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
