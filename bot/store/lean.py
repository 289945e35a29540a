"""sqlite-utils without numpy and pandas, which it takes along wherever it finds them.

It wants them only for columns of their own kinds, which nobody here has. Pictures of figures bring numpy with them, and
a bot that draws none would pay 14 MB and a fifth of a second for it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """As if these were not installed; whoever has them already keeps them."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment] # None says "there is none" (docs of `sys.modules`)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _hidden("numpy", "pandas"):
    from sqlite_utils import Database, Migrations
    from sqlite_utils.db import NotFoundError

__all__ = ["Database", "Migrations", "NotFoundError"]
