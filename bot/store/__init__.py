"""What is kept, and where.

sqlite-utils loads numpy where it finds it, to be able to store its numbers. Here there are none of them, and numpy
costs 14 MB and a tenth of a second; it is installed for the operator's charts alone.
"""

import importlib
import sys

if "sqlite_utils" not in sys.modules and "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("sqlite_utils")
    finally:
        del sys.modules["numpy"]
