"""`TASKWIRE_FAKE_GOOGLE=1 make run`: Google Calendar to try, without an account at Google.

The fake belongs to the tests and is in no wheel; it is started from this repository beside
Taskwire, dies with it, and Taskwire is told its addresses by the variables that an operator sets.
"""

import os
from collections.abc import Callable

from tooling.places import ROOT, venv_binary

WISH = "TASKWIRE_FAKE_GOOGLE"
PORT = 8091


def is_wanted() -> bool:
    """Whether the person asked for it."""
    return os.environ.get(WISH, "") not in ("", "0")


def start(die_with: Callable[[int], None]) -> None:
    """Serve it as a child of this process, and name it in the environment.

    `die_with` asks the kernel to end the child with the process of this number.
    """
    url = f"http://localhost:{PORT}"
    os.environ.update(
        {
            "GOOGLE_CLIENT_ID": "fake-client",
            "GOOGLE_CLIENT_SECRET": "fake-secret",
            "GOOGLE_AUTH_URL": f"{url}/o/oauth2/v2/auth",
            "GOOGLE_TOKEN_URL": f"{url}/token",
            "GOOGLE_REVOKE_URL": f"{url}/revoke",
            "GOOGLE_API_URL": f"{url}/calendar/v3",
        }
    )
    # It cannot knock at a Taskwire without https, and whoever tries it does not wait two minutes.
    os.environ.setdefault("CALENDAR_POLL_INTERVAL_S", "1")
    parent = os.getpid()
    if os.fork() != 0:
        return
    die_with(parent)
    os.chdir(ROOT)
    python = str(venv_binary("python"))
    os.execv(python, [python, "-m", "tests.fake_google", "--port", str(PORT)])  # noqa: S606
