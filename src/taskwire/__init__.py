"""Taskwire: a self-hosted task manager in which every change is on every screen at once."""
