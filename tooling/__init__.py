"""How Taskwire installs, starts and checks itself: the standard library only.

Everything here must run on a machine that has nothing but `python3` and `make`.
"""
