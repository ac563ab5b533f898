"""Ours and the others, in the same minutes on the same machine: `make bench`."""
