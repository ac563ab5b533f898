"""The stories of one calendar, by the numbers of the reference; SCENARIOS.md is their table."""
