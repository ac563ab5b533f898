"""The product itself, started as a person starts it, for tests that need all of it."""
