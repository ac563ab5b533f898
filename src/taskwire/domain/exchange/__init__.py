"""Lists of tasks as other programs write them, read and written. Pure: no I/O, no clock."""
