"""`make wheel`: the whole of Taskwire in one file, the page included, for a machine without Node."""

import sys

from tooling import install, surroundings, uv
from tooling.places import ROOT
from tooling.progress import InstallationError, fail, run, say

FOLDER = ROOT / "dist"


def main() -> int:
    try:
        install.for_run()
        _build()
    except InstallationError as error:
        return fail(error)
    newest = max(FOLDER.glob("taskwire-*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    say(f"✓ {newest.relative_to(ROOT)}")
    return 0


def _build() -> None:
    index = uv.configured_index()
    environment = surroundings.for_children() | ({"UV_DEFAULT_INDEX": index} if index else {})
    words = ("build", "--wheel", "--quiet", "--out-dir", str(FOLDER))
    advice = "With a network to PyPI, trying again is safe."
    run(uv.find_or_fetch(), *words, cwd=ROOT, env=environment, advice=advice)


if __name__ == "__main__":
    sys.exit(main())
