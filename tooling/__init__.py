"""How Taskwire installs, starts and checks itself: the standard library only.

Everything here must run on a machine that has nothing but `python3` and `make`.
"""

import platform
import sys

# Before any other module of ours: an older Python could not even read them.
if sys.version_info < (3, 11):  # noqa: UP036 - this is where older ones are told
    sys.exit(
        "Taskwire needs Python 3.11 or newer; this is "
        + platform.python_version()
        + ". With another one on the PATH: make run PYTHON=python3.12"
    )
