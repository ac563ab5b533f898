"""Passwords, tokens, and the proof that a socket may listen."""
