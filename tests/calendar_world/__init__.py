"""One person, their tasks in a real database, and the fake Google, in one process."""
