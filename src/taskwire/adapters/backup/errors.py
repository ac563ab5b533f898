"""What keeps a backup from being made or used; each is one sentence for the operator."""

from __future__ import annotations


class BackupError(Exception):
    """Nothing was changed."""
