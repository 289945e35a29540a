"""The machine misbehaves while the bot serves: the disk, the file, a stop at the worst moment, a return to a backup."""

import asyncio
import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import server, socket_mode
from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.slack import store_thread
from bot.store.backup import backup
from bot.store.dialect import to_text
from bot.store.migrations import MIGRATIONS
from bot.store.sqlite import open_store
from tests.bot.store.test_seal import killed, log_of
from tests.file_holder import held
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun, live_steps
from tests.stories.test_story_processes import _environment
from tests.stories.test_story_serving import health
from tests.waiting import LIMIT, until

pytestmark = pytest.mark.story
INCIDENT = "Das konnte ich nicht ausführen"


async def pragma(line: RunningBot, what: str) -> int:
    """Set something at the bot's own connection."""
    return int(await line.bot.thread.run(lambda: line.bot.store.db.conn.execute(f"PRAGMA {what}").fetchone()[0]))


def overwrite(path: Path, begin: int, size: int) -> None:
    """Put something else into the file."""
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xa5" * size)


def content(path: Path) -> bytes:
    """Every byte of it."""
    return path.read_bytes()


async def test_the_disk_is_full(line: RunningBot, erika: Visitor) -> None:
    """What does not fit is answered with a number and leaves nothing half done; with room the live button works."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    # A file that may not grow is the same to SQLite as a full disk: SQLITE_FULL.
    await pragma(line, f"max_page_count = {await pragma(line, 'page_count')}")
    said, rows = "", 0
    while INCIDENT not in said:
        rows = await _rows(line)
        await erika.command("/amazon-token language de")
        said = await erika.ephemeral_text()
    assert await _rows(line) == rows
    await pragma(line, "max_page_count = 1000000")
    await line.bot.outbox_worker.drain()
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")


async def _rows(line: RunningBot) -> int:
    return sum((await line.bot.thread.run(line.bot.store.outbox_counts)).values())


async def test_another_program_holds_the_file_for_a_moment(
    sandbox: Sandbox, line: RunningBot, database: Path, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press waits for it and counts; nobody is told of a fault."""
    monkeypatch.setattr(store_thread, "LOCK_SECONDS", LIMIT)
    await begun(erika)
    await line.bot.outbox_worker.drain()
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    pressing = asyncio.create_task(erika.press("walk:orders_stopped"))
    await until(lambda: sandbox.sockets.waiting, "the press to be with the bot")
    assert not pressing.done()
    holder.execute("ROLLBACK")
    holder.close()
    await pressing
    await at_step(erika, "connect_version")


async def test_another_program_keeps_the_file(line: RunningBot, database: Path, erika: Visitor) -> None:
    """The press is answered with a sentence and changes nothing; when the file is free the same button works."""
    message = await begun(erika)
    await line.bot.outbox_worker.drain()
    with held(database):
        await erika.press("walk:orders_stopped", message=message)
        assert "Es hat sich nichts geändert" in await erika.ephemeral_text()
    await erika.press("walk:orders_stopped", message=message)
    await at_step(erika, "connect_version")


async def test_the_file_is_damaged_while_the_bot_serves(line: RunningBot, database: Path, erika: Visitor) -> None:
    """Commands are answered with a number, and /healthz says what is wrong and what to do."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    other = sqlite3.connect(database)
    other.execute("DELETE FROM seen")
    other.commit()
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    other.close()
    overwrite(database, 0, len(content(database)))
    await erika.command("/amazon-token status")
    assert INCIDENT in await erika.ephemeral_text()
    status, body = await health(line)
    assert status == 503
    assert "backup" in body["reasons"][0]


async def _start(sandbox: Sandbox, database: Path, *options: str) -> asyncio.subprocess.Process:
    environment = _environment(
        SLACK_BOT_TOKEN=sandbox.token, SLACK_APP_TOKEN=sandbox.app_token, SUPPORT_CHANNEL_ID="C0SUPPORT",
        SLACK_API_URL=sandbox.api_url, DATABASE_URL=f"sqlite:///{database}", PORT="0",
    )  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", *options, env=environment, cwd=database.parent,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def _serve(sandbox: Sandbox, database: Path) -> tuple[int, str]:
    running = await _start(sandbox, database)
    _, said = await running.communicate()
    return running.returncode or 0, said.decode()


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("newer", "newer version of this program"), ("corrupt", "is damaged"), ("no database", "is not a database")],
)
async def test_a_file_that_cannot_be_used_ends_the_start(
    sandbox: Sandbox, database: Path, trouble: str, told: str
) -> None:
    """`serve` ends with 2 and one sentence that says what to do, and leaves every byte of the file alone."""
    store = open_store(f"sqlite:///{database}")
    if trouble == "newer":
        MIGRATIONS._record_applied(store.db, "from_the_future")
    store.close()
    if trouble != "newer":
        overwrite(database, 100 if trouble == "corrupt" else 0, 2000)
    before = content(database)
    status, said = await _serve(sandbox, database)
    assert status == 2, said
    assert told in said
    assert len(said.strip().splitlines()) == 1
    assert content(database) == before


async def test_a_stop_while_slack_hangs(
    sandbox: Sandbox, serve: Serve, database: Path, erika: Visitor, oliver: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages, look-ups and forms that nobody answers are not waited for as long as they take; all comes later."""
    assert server.SHUTDOWN_SECONDS < 10, "after ten seconds it would be killed"
    monkeypatch.setattr(server, "SHUTDOWN_SECONDS", 0.5)
    monkeypatch.setattr(socket_mode, "ANSWER_SECONDS", 0.2)
    async with asyncio.timeout(LIMIT), serve(send_limit_seconds=120, awaited=False) as line:
        first, second = await begun(erika), await begun(oliver)
        await line.bot.outbox_worker.drain()
        sandbox.misbehave("*", "timeout_after", times=100)
        await erika.press("walk:orders_stopped", message=first)
        pressing = asyncio.create_task(oliver.press("walk:orders_stopped", message=second))
        opening = asyncio.create_task(oliver.command("/amazon-token for @Anna Support"))
        await until(
            lambda: sum(c.outcome == "timeout_after" for c in sandbox.calls) >= 3, "Slack to leave three calls open"
        )
        assert line.bot.outbox_worker._in_flight
    await asyncio.gather(pressing, opening, return_exceptions=True)
    sandbox.misbehaviour.stop()
    _let_leases_end(database)
    async with serve(send_limit_seconds=1) as line:
        await at_step(erika, "connect_version")
        await at_step(oliver, "connect_version")
        await line.bot.outbox_worker.drain()
        assert (await line.bot.thread.run(line.bot.store.outbox_counts))["dead"] == 0


def _let_leases_end(database: Path) -> None:
    """While the bot is away: what it was sending may be looked for from now on."""
    with contextlib.closing(sqlite3.connect(database)) as conn:
        past = to_text(datetime.now(UTC) - timedelta(seconds=1))
        assert conn.execute("UPDATE outbox SET due_at = ? WHERE state = 'running'", (past,)).rowcount >= 2
        conn.commit()


async def test_a_message_that_was_given_up_is_seen_everywhere(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, anna: Visitor, database: Path
) -> None:
    """In /healthz as a number, in `outbox list` with its error, and after `outbox retry` it arrives."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    sandbox.misbehave("chat.postMessage", "error", code="missing_scope")
    await erika.command("/amazon-token support")
    await line.bot.outbox_worker.drain()
    assert (await health(line))[1]["outbox"]["dead"] == 2, "the card, and what is known below it"
    row = next(row for row in await line.bot.thread.run(line.bot.store.dead) if row.thread is None)
    assert "missing_scope" in await _outbox(sandbox, database, "list")
    assert "manifest.yml" in await _outbox(sandbox, database, "show", row.key)
    assert "pending and due now" in await _outbox(sandbox, database, "retry", row.key)
    await anna.wait_for("1001", "#support")


async def test_a_closed_channel_is_seen_and_resumed(
    sandbox: Sandbox, line: RunningBot, erika: Visitor, anna: Visitor, database: Path
) -> None:
    """`/healthz` names it with what to do, and persons only as a number; `outbox resume` does not wait any longer."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    line.bot.outbox_worker._backoff = 3600.0
    sandbox.misbehave("chat.postMessage", "error", code="is_archived", channel="C0SUPPORT")
    sandbox.misbehave("chat.postMessage", "error_503", channel="D0ERIKA")
    await erika.command("/amazon-token support")

    async def paused() -> bool:
        body = (await health(line))[1]
        return len(body["paused"]) == 1 and body["paused_people"] == 1

    await until(paused, "the channel and the merchant to be named")
    (channel,) = (await health(line))[1]["paused"]
    assert (channel["destination"], channel["error"]) == ("C0SUPPORT", "is_archived")
    assert "unarchive" in channel["todo"]
    body = (await health(line))[1]
    assert (body["undelivered_tickets"], body["undelivered_since"]) == (1, channel["since"])
    assert "2 for C0SUPPORT" in await _outbox(sandbox, database, "resume", "C0SUPPORT")
    await anna.wait_for("1001", "#support")
    assert "due now" in await _outbox(sandbox, database, "resume", "U0ERIKA")
    await line.bot.outbox_worker.drain()
    body = (await health(line))[1]
    assert (body["paused"], body["paused_people"]) == ([], 0)
    assert (body["undelivered_tickets"], body["undelivered_since"]) == (0, None)


async def _outbox(sandbox: Sandbox, database: Path, *arguments: str) -> str:
    environment = _environment(
        SLACK_BOT_TOKEN=sandbox.token, SLACK_APP_TOKEN=sandbox.app_token, SUPPORT_CHANNEL_ID="C0SUPPORT",
        DATABASE_URL=f"sqlite:///{database}", COLUMNS="200",
    )  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "outbox", *arguments, env=environment, cwd=database.parent,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()
    return said.decode()


async def test_a_backup_is_put_back(serve: Serve, database: Path, tmp_path: Path, erika: Visitor) -> None:
    """Made while the bot serves; afterwards newer buttons are out of date, and people go on where they were then."""
    async with serve() as line:
        await begun(erika)
        await line.bot.outbox_worker.drain()
        backup(database, tmp_path / "copy.db")
        await erika.press("walk:orders_stopped")
        newer = await at_step(erika, "connect_version")
        await line.bot.outbox_worker.drain()
    for left in database.parent.glob("bot.db*"):
        if not left.name.endswith(".key"):
            left.unlink()
    shutil.copy2(tmp_path / "copy.db", database)
    async with serve() as line:
        await erika.press("step:where", message=newer)
        assert "früheren Schritt" in await erika.ephemeral_text()
        await erika.command("/amazon-token")
        await erika.press("door:go_on")
        await line.bot.outbox_worker.drain()
        steps = [address.step for address in await live_steps(erika)]
        assert steps[-1] == "before_start"


LOSSES: dict[str, Callable[[Path, Path], object]] = {
    "is missing": lambda log, _database: log.unlink(),
    "is damaged or is no": lambda log, _database: log.write_bytes(b"something else" * 500),
    "belongs to another database": lambda log, _database: _log_of_another(log),
    "is empty, but": lambda _log, database: database.write_bytes(b""),
}


def _log_of_another(log: Path) -> None:
    other = log.parent.parent / "other.db"
    killed(other, name="V")
    log.write_bytes(log_of(other).read_bytes())


@pytest.mark.parametrize("told", LOSSES)
async def test_a_database_of_which_something_is_missing_ends_the_start(
    sandbox: Sandbox, database: Path, told: str
) -> None:
    """`serve` ends with 2, what is missing and what to do; with `--accept-loss` it serves, and logs what was lost."""
    killed(database)
    LOSSES[told](log_of(database), database)
    before = content(database)
    status, said = await _serve(sandbox, database)
    assert status == 2, said
    assert told in said
    assert "--accept-loss" in said
    assert content(database) == before
    serving = await _start(sandbox, database, "--accept-loss")
    assert serving.stderr is not None
    lines = []
    while not any('"ready"' in line for line in lines):
        line = (await serving.stderr.readline()).decode()
        assert line, lines
        lines.append(line)
    serving.terminate()
    await serving.communicate()
    assert [line for line in lines if "loss_accepted" in line and told in line]
