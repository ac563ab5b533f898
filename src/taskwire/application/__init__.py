"""Use cases: one function per thing a person or a job does, and the ports they need."""
