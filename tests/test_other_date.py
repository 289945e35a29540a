"""The suite at another date: `python -m tests.other_date`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import other_date

ROOT = Path(__file__).parent.parent
SHOWN = """
import datetime, subprocess, sys, time
began = time.monotonic()
time.sleep(0.01)
print(datetime.datetime.now(datetime.UTC).date(), time.gmtime().tm_year, 0 < time.monotonic() - began < 60, flush=True)
subprocess.run(["date", "-u", "+%F"], check=True)
subprocess.run(["/bin/date", "-u", "+%F"], check=True, env={})
sys.exit(3)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="there is no C compiler"
)
def test_a_command_and_its_children_live_at_that_date() -> None:
    """Also those with an environment of their own. Spans are measured as always; the exit status is the command's."""
    command = [sys.executable, "-m", "tests.other_date", "2031-05-06T12:00", "--", sys.executable, "-c", SHOWN]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - ourselves
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "2031-05-06 2031 True\n2031-05-06\n2031-05-06\n", "")


@pytest.mark.parametrize("arguments", [[], ["--", "date"], ["tomorrow", "--", "date"], ["2031-05-06", "date"]])
def test_without_a_date_or_a_command_it_says_how(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is run."""
    assert other_date.main(arguments) == 2
    assert "make test" in capsys.readouterr().err
