"""Copies of a running database, in one file that says what is in it; and the way back.

The secrets are not in it: whoever finds a backup reads the tasks, but signs in as nobody.
"""
