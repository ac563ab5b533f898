"""`python -m taskwire.cli`: how `up` starts its children."""

from __future__ import annotations

from taskwire.cli import main

main()
