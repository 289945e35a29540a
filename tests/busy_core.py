"""`python -m tests.busy_core -- make test`: run a command while another process takes one of the cores.

The exit status is the command's. Of two cores that leaves it one.
"""

import subprocess
import sys

SPIN = """
import os
parent = os.getppid()
while os.getppid() == parent:
    for _ in range(1_000_000):
        pass
"""
"""Ends with whoever has started it, however that came."""


def main(arguments: list[str]) -> int:
    """Run the command behind `--`; 2 when there is none."""
    if arguments[:1] != ["--"] or not arguments[1:]:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with subprocess.Popen([sys.executable, "-c", SPIN]) as busy:  # noqa: S603 - a program of our own
        try:
            return subprocess.run(arguments[1:], check=False).returncode  # noqa: S603 - what the caller asks for
        finally:
            busy.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
