"""What people and the worker do with a connected calendar."""
