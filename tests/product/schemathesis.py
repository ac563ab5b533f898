"""Schemathesis against a running product: each operation asked what its paper promises, and refuses.

As a program it starts a product of its own and asks at length:

    .venv/bin/python -m tests.product.schemathesis
"""

import asyncio
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from taskwire.adapters.database.migrate import migrate
from tests.product.person import registered
from tests.product.serving import Deployment, Serving, serving
from tests.services.redis import redis_server

SETTINGS = {
    "CHANGES_WAIT_MAX_S": "0.05",  # a long poll is asked hundreds of times
    "SIGN_IN_FAILURES_PER_ADDRESS_MAX": "1000000",
    "REGISTRATION_FAILURES_PER_ADDRESS_MAX": "1000000",
    "GOOGLE_CLIENT_ID": "nobody",
    "GOOGLE_CLIENT_SECRET": "knows",
}

CONFIGURATION = Path(__file__).with_suffix(".toml")
"""Which checks, and why not the others. Named on the command line, they would overrule it."""

SHORT = ("--phases", "coverage")
LONG = ("--phases", "coverage,fuzzing,stateful", "--max-examples", "50", "--max-time", "200")


def ask(product: Serving, token: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Ask as one person; the same questions every time."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(CONFIGURATION)),
        *("run", f"{product.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {token}"),
        *("--generation-deterministic", "--continue-on-failure"),
        *("--no-color", "--request-timeout", "30"),
        *words,
    ]
    folder = product.deployment.folder
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


async def _ask_at_length(product: Serving) -> int:
    async with registered(product) as person:
        said = ask(product, person.token, *LONG)
    mistakes = product.logged.count("request_failed")
    print(said.stdout, said.stderr, f"{mistakes} mistakes of ours in the log")  # noqa: T201 - a program
    return said.returncode or mistakes


def main() -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/taskwire.db"
        migrate(url)
        redis = stack.enter_context(redis_server())
        deployment = Deployment(folder, url, redis, SETTINGS)
        return asyncio.run(_ask_at_length(stack.enter_context(serving(deployment))))


if __name__ == "__main__":
    sys.exit(main())
