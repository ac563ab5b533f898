"""`taskwire …` as an operator types it, over what a deployment's processes share."""

import os
import subprocess
import sys
from pathlib import Path

from tests.product.serving import Deployment
from tooling.servers import postgresql

TIMEOUT_S = 90.0


def taskwire(
    deployment: Deployment, *words: str | Path, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, with the client programs of the PostgreSQL that the tests use."""
    binaries = postgresql.find_binaries()
    assert binaries is not None, "there is no PostgreSQL; `make test` installs one"
    path = os.pathsep.join((str(binaries), os.environ["PATH"]))
    return subprocess.run(
        [sys.executable, "-P", "-m", "taskwire.cli", *(str(word) for word in words)],
        env={**deployment.environment, "PATH": path, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
