"""Broken builds, each of which must be caught, and by the law that it breaks.

The product itself knows no switch: a build is a copy of its source with a few lines changed. The
last build has nothing changed and must pass, or the others prove nothing.
"""
