"""A Google of our own: OAuth and the part of Calendar v3 that Taskwire uses, faults included.

It is a product for itself: `python -m tests.fake_google` serves it with a page that shows the
calendar. It knows nothing of Taskwire, and stands on Python's standard library alone.
"""
