"""Worlds for the engine, kept in memory: as honest as the real ones, and obedient when asked."""
