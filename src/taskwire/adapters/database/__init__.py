"""Tables, the change log and the stores, on SQLite and PostgreSQL alike."""
