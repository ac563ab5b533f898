"""Keeping a person's tasks and the events of their calendar alike: decisions, and no I/O."""
