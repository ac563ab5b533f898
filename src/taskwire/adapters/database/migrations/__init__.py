"""Alembic's revisions. They travel inside the wheel, so that every command can run them."""
