"""`python -m tests.other_date 2027-03-28T00:50 -- make test`: run a command as if it were that moment (UTC) now.

It and all that it starts take the time from a library that is compiled here and loaded before others, so this needs
Linux and a C compiler. The exit status is the command's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")


def main(arguments: list[str]) -> int:
    """Run the command behind `--`; 2 when there is none, no moment, or no compiler."""
    try:
        moment, separator, *command = arguments
        shift = round((datetime.fromisoformat(moment).replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds())
    except ValueError:
        separator, command, shift = "", [], 0
    if separator != "--" or not command:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        sys.stderr.write("Another date needs Linux and a C compiler; install gcc.\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "other_date.so"
        values = (f"-DSHIFT={shift}L", f'-DLIBRARY="{library}"')
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", *values, "-o", library, SOURCE], check=True)  # noqa: S603
        environment = os.environ | {"LD_PRELOAD": str(library)}
        return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603 - what the caller asks for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
