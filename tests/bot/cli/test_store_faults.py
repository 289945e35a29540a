"""What goes wrong with the disk is told in a sentence, and nothing committed is lost or half written."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.store.migrations import MIGRATIONS
from bot.store.models import Destination, Person, Row
from bot.store.protocol import StoreError
from bot.store.sqlite import SqliteStore, open_store
from tests.one_transaction import OneTransaction

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "bot.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """A store that holds one person and one message, and waits for nobody."""
    opened = open_store(f"sqlite:///{path}", busy_seconds=0.05)
    _add(opened, "committed")
    yield opened
    opened.close()


def _add(store: SqliteStore, name: str, size: int = 1) -> None:
    row = Row(
        key=name, destination=Destination("T0", "U0"), method="post", content={"text": "x" * size}, created_at=NOON,
        due_at=NOON,
    )  # fmt: skip
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=f"U-{name}", name=name))
        tx.enqueue(row)


def _kept(path: Path) -> tuple[list[str], list[str], str]:
    """The people and rows of the file as somebody else reads it, and whether it is whole."""
    with sqlite3.connect(path) as conn:
        people = [name for (name,) in conn.execute("SELECT name FROM people ORDER BY name")]
        rows = [key for (key,) in conn.execute("SELECT key FROM outbox ORDER BY id")]
        (whole,) = conn.execute("PRAGMA integrity_check").fetchone()
    conn.close()
    return people, rows, whole


def _fill(store: SqliteStore) -> None:
    # A file that may not grow is the same to SQLite as a full disk: SQLITE_FULL.
    (pages,) = store.db.conn.execute("PRAGMA page_count").fetchone()
    store.db.conn.execute(f"PRAGMA max_page_count = {pages}").fetchone()


def _make_room(store: SqliteStore) -> None:
    store.db.conn.execute("PRAGMA max_page_count = 1000000").fetchone()


def test_a_full_disk_is_told_and_takes_back_the_whole_step(store: SqliteStore, path: Path) -> None:
    """What was committed is there, of the step that did not fit there is nothing, and with room it goes on."""
    _fill(store)
    with pytest.raises(StoreError, match=r"the disk is full\. Make room and try again"):
        _add(store, "too big", 100_000)
    assert _kept(path) == (["committed"], ["committed"], "ok")
    claimed = store.claim(NOON, timedelta(seconds=1), frozenset())
    assert claimed is not None
    store.delivered(claimed, "D0", "1.1")
    _make_room(store)
    _add(store, "too big", 100_000)
    assert _kept(path) == (["committed", "too big"], ["committed", "too big"], "ok")


Use = Callable[[SqliteStore], object]
USES: dict[str, Use] = {
    "transaction": lambda store: _add(store, "late"),
    "claim": lambda store: store.claim(NOON, timedelta(seconds=1), frozenset()),
    "recover": lambda store: store.recover(),
    "forget_seen": lambda store: OneTransaction(store).forget_seen(NOON),
    "purge": lambda store: OneTransaction(store).purge(NOON, timedelta(days=1)),
    "erase": lambda store: OneTransaction(store).erase_person("T0", "U-committed"),
    "drop": lambda store: store.drop_unsent("committed"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_locked_database_is_told(store: SqliteStore, path: Path, use: Use) -> None:
    """Every way to write ends with a sentence while another program holds the file, and works when it lets go."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"is locked by another program .* Close it and try again"):
        use(store)
    holder.execute("ROLLBACK")
    holder.close()
    assert _kept(path) == (["committed"], ["committed"], "ok")
    use(store)


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_file_that_became_read_only_is_told(store: SqliteStore, path: Path, use: Use) -> None:
    """The same for a file that may be read only, for instance on a disk that was mounted anew after an error."""
    store.db.conn.execute("PRAGMA query_only = ON").fetchall()
    with pytest.raises(StoreError, match=r"is not writable\. Give this user the right to write"):
        use(store)
    assert _kept(path) == (["committed"], ["committed"], "ok")


def test_a_file_that_is_read_only_at_the_start_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start ends with the file's name and the reason; root may write to anything, so the refusal is played."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.store.sqlite.os.open", refuse)
    with pytest.raises(StoreError, match=r"bot.db is not writable \(Permission denied\)"):
        open_store(f"sqlite:///{path}")


def _damage(path: Path, begin: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize(("begin", "told"), [(0, "is not a database"), (100, "is damaged"), (4096, "is damaged")])
def test_a_corrupt_file_is_told_and_left_alone(path: Path, begin: int, told: str) -> None:
    """Wherever it is damaged: the operator hears of it and of the backup, and no byte is changed."""
    store = open_store(f"sqlite:///{path}")
    for number in range(50):
        _add(store, f"p{number}", 2000)
    store.close()
    _damage(path, begin, 60_000)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=f"{told}.*backup"):
        _use(path)
    assert path.read_bytes() == before


def _use(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    try:
        with store.transaction() as tx:
            tx.person("T0", "U-p1")
    finally:
        store.close()


def test_a_newer_database_is_told_by_every_command(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody writes to a file whose schema is not known, and the commands say what to do; a copy may be made."""
    MIGRATIONS._record_applied(store.db, "from_the_future")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-synthetic")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-synthetic")
    monkeypatch.setenv("SUPPORT_CHANNEL_ID", "C0SUPPORT")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.chdir(path.parent)
    commands = (("outbox", "list"), ("purge",), ("erase", "T0", "U-committed", "--yes"), ("tickets", "list"))
    for command in commands:
        result = CliRunner().invoke(app, list(command))
        assert result.exit_code == 2
        assert "newer version of this program (from_the_future). Install that version" in result.stderr
    assert CliRunner().invoke(app, ["backup", "copy.db"]).exit_code == 0
    assert _kept(path) == (["committed"], ["committed"], "ok")
