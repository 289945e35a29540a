"""What the store loads."""

import subprocess
import sys


def test_numpy_is_not_loaded_with_the_store_and_can_be_later() -> None:
    """Serving does without it; whoever draws charts gets it all the same."""
    program = (
        "import sys, bot.store.sqlite; assert 'numpy' not in sys.modules; import sqlite_utils.db; import numpy;"
        "print(numpy.arange(3).sum())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stdout, done.stderr) == ("3\n", "")
