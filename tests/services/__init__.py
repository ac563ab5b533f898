"""The real things tests run against: a PostgreSQL, a Redis, a browser.

They live as long as one pytest run, in folders and on ports of their own, so that several
runs on one machine do not meet; and they die with it, however it dies.
"""
