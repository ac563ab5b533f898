"""What is true of tasks, people, jobs and notifications: no I/O, no clock, no framework."""
