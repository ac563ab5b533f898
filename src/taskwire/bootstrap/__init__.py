"""Builds everything once and closes it once; the only package that knows all others.

A module for each kind of process, and no names here: what a process does not need it does not load.
"""
