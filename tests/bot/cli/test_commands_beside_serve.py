"""The operator's commands as processes of their own, beside a bot that serves."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.models import Destination, Person, Row
from bot.store.sqlite import open_store
from tests.waiting import LIMIT

NOW = datetime.now(UTC)
SECRET = "words for Erika's eyes only"
DONE = {"encoding": "utf-8", "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


def _environment(folder: Path) -> dict[str, str]:
    # Nobody listens on port 1, so Slack cannot be reached; the bot starts all the same.
    own = {
        "SLACK_BOT_TOKEN": "xoxb-synthetic",
        "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
        "SUPPORT_CHANNEL_ID": "C0SUPPORT",
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "PORT": "0",
        "LOG_FORMAT": "json",
        "COLUMNS": "200",
    }
    root = str(Path(__file__).parents[3])
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "COVERAGE", "HOME"))}
    return {**kept, "PYTHONPATH": root, **own}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=_environment(folder), cwd=folder, timeout=LIMIT, check=False, **DONE)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own program


def _prepare(folder: Path) -> None:
    store = open_store(f"sqlite:///{folder}/bot.db")
    for key in ("one", "two"):
        with store.transaction() as tx:
            tx.save_person(Person(team_id="T0", user_id="U0ERIKA", name="Erika Beispiel"))
            content = {"text": SECRET}
            tx.enqueue(
                Row(
                    key=key,
                    destination=Destination("T0", "U0ERIKA"),
                    method="post",
                    content=content,
                    created_at=NOW,
                    due_at=NOW,
                )
            )
        row = store.claim(NOW, timedelta(seconds=1), frozenset())
        assert row is not None
        store.dead_letter(row, "channel_not_found")
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in which a bot serves that has given two messages up."""
    _prepare(tmp_path)
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, env=_environment(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, encoding="utf-8"
    ) as bot:
        assert bot.stderr is not None
        try:
            assert any('"ready"' in line for line in iter(bot.stderr.readline, ""))
            yield tmp_path
        finally:
            bot.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                bot.communicate(timeout=LIMIT)
            if bot.poll() is None:
                bot.kill()
    assert bot.returncode == 0


@pytest.mark.long
def test_all_commands_but_serve_run_beside_it(folder: Path) -> None:
    """A second `serve` is refused with a sentence; list, show, drop, retry, backup, export, purge and erase work."""
    second = _run(folder, "serve")
    assert second.returncode == 2
    assert second.stderr.strip() == (
        f"Another process is serving {folder}/bot.db already. Stop it first, or name another database here."
    )
    done = {
        command: _run(folder, *command.split())
        for command in (
            "outbox list", "outbox show one", "outbox drop one", "outbox retry two", "backup copy.db",
            "export T0 U0ERIKA erika.json", "purge --days 30", "erase T0 U0ERIKA --yes", "tickets list",
        )
    }  # fmt: skip
    assert {command: one.stderr for command, one in done.items() if one.returncode} == {}
    assert "channel_not_found" in done["outbox list"].stdout
    assert not [command for command, one in done.items() if SECRET in one.stdout]
    told = json.loads((folder / "erika.json").read_text("utf-8"))
    assert told["person"][0]["name"] == "Erika Beispiel"
    assert {row["key"]: row["state"] for row in told["messages"]}["one"] == "dropped"
    gone = _run(folder, "export", "T0", "U0ERIKA")
    assert json.loads(gone.stdout)["person"] == []
    files = [path for path in folder.iterdir() if path.name.startswith("bot.db")]
    assert [
        path.name for path in files for word in (SECRET, "Erika Beispiel") if word.encode() in path.read_bytes()
    ] == []
