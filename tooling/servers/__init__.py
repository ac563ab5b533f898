"""Where the real servers and the browser of the tests come from: one module per program.

Each answers one question, "the path of a binary", and knows nothing of how tests use it.
"""
