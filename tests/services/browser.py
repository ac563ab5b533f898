"""How Playwright is to start the Chromium of this machine."""

from pathlib import Path
from typing import TypedDict


class LaunchOptions(TypedDict):
    """Arguments of Playwright's `chromium.launch`."""

    executable_path: str
    headless: bool
    args: list[str]


def launch_options(chromium: Path) -> LaunchOptions:
    """Return what works for root, in containers, and with the Chromium from npm."""
    return {
        "executable_path": str(chromium),
        "headless": True,
        # The sandbox needs rights that root in a container has not; the only pages are ours.
        # Containers give /dev/shm 64 MB, which Chromium overruns.
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }
