"""For tests that ask the same of both kinds of database: one of them is enough, and half the time.

What touches a table runs on both, as `deployment` does by itself.
"""

import pytest

ON_SQLITE = pytest.mark.parametrize("deployment", ["sqlite"], indirect=True, scope="module")
ON_POSTGRESQL = pytest.mark.parametrize("deployment", ["postgresql"], indirect=True, scope="module")
