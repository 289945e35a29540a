"""The suite beside another process: `python -m tests.busy_core`."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import busy_core

ROOT = Path(__file__).parent.parent


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.busy_core", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - ourselves


@pytest.mark.parametrize("status", [0, 3])
def test_the_status_is_the_commands(status: int) -> None:
    """So that whoever runs the suite beside it learns how it went; what the command says is passed through."""
    ran = _run("--", sys.executable, "-c", f"import sys; print('done'); sys.exit({status})")
    assert (ran.returncode, ran.stdout) == (status, "done\n")


@pytest.mark.parametrize("arguments", [[], ["--"], ["make", "test"]])
def test_without_a_command_it_says_how(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is run."""
    assert busy_core.main(arguments) == 2
    assert "make test" in capsys.readouterr().err


def test_a_core_is_busy_as_long_as_the_command_runs_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process beside it runs while the command does, and has ended with it."""
    started: list[subprocess.Popen[bytes]] = []
    seen: list[int | None] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]
            started.append(self)

    def run(*_args: object, **_kwargs: object) -> subprocess.CompletedProcess[bytes]:
        seen.append(started[0].poll())
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    monkeypatch.setattr(subprocess, "run", run)
    assert busy_core.main(["--", "anything"]) == 0
    assert seen == [None]
    assert started[0].returncode is not None
