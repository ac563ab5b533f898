"""REST: FastAPI routes of a few lines each, and the one table of answers to trouble."""
