"""What holds for the SQLite file itself."""

import re
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.store.migrations import MIGRATIONS
from bot.store.models import TicketRecord
from bot.store.protocol import StatementError, StoreError
from bot.store.queries import QUERIES
from bot.store.sqlite import SqliteStore, _enable_wal, database_path, open_store, serving_lock
from tests.bot.store.sqlite_files import NOON, row, url, walk
from tests.one_transaction import OneTransaction


@pytest.mark.parametrize(
    ("database_url", "what"),
    [
        ("postgresql://me:geheim@host/db", "begins with postgresql"),
        ("bot.db", "no scheme"),
        ("sqlite://bot.db", "must look like"),
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite:///", "must be a file"),
    ],
)
def test_a_url_that_names_no_file_is_refused(database_url: str, what: str) -> None:
    """The message tells what a URL looks like, and never shows the one given."""
    with pytest.raises(StoreError, match=what) as refused:
        database_path(database_url)
    assert "geheim" not in str(refused.value)


def test_three_slashes_are_relative_and_four_absolute() -> None:
    """As everybody else reads such URLs."""
    assert database_path("sqlite:///data/bot.db") == Path("data/bot.db")
    assert database_path("sqlite:////data/bot.db") == Path("/data/bot.db")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Nothing is made but the file itself."""
    with pytest.raises(StoreError, match="missing does not exist"):
        open_store(url(tmp_path / "missing" / "bot.db"))
    with pytest.raises(StoreError, match="is a folder"):
        open_store(url(tmp_path))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are looked at before SQLite is."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.store.sqlite.os.open", refuse)
    with pytest.raises(StoreError, match="not writable"):
        open_store(url(tmp_path / "bot.db"))


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A file that is no database keeps every byte."""
    other = tmp_path / "bot.db"
    other.write_bytes(b"a letter to somebody, longer than a header of SQLite" * 40)
    before = other.read_bytes()
    with pytest.raises(StoreError, match="is not a database"):
        open_store(url(other))
    assert other.read_bytes() == before


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    """A step this program does not know stops it before it touches anything."""
    store = open_store(url(tmp_path / "bot.db"))
    MIGRATIONS._record_applied(store.db, "from_the_future")
    store.close()
    with pytest.raises(StoreError, match=r"newer version .*from_the_future"):
        open_store(url(tmp_path / "bot.db"))


def test_a_schema_that_cannot_be_made_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails is taken back with everything before it, and the next start makes it all."""
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.first_tables._INDEXES", ("CREATE INDEX no ON nowhere (x)",))
        with pytest.raises(sqlite3.OperationalError):
            open_store(url(tmp_path / "bot.db"))
    plain = sqlite3.connect(tmp_path / "bot.db")
    assert plain.execute("SELECT name FROM sqlite_master").fetchall() == []
    plain.close()
    store = open_store(url(tmp_path / "bot.db"))
    assert store.outbox_counts()["pending"] == 0
    store.close()


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_lock_at_the_start_is_explained(tmp_path: Path, journal: str) -> None:
    """Opening ends with a sentence when another program holds the file."""
    holder = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    holder.execute(f"PRAGMA journal_mode = {journal}")
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("CREATE TABLE x (y)")
    with pytest.raises(StoreError, match="locked by another program"):
        open_store(url(tmp_path / "bot.db"), busy_seconds=0.1)
    holder.close()


def test_a_lock_later_is_explained(tmp_path: Path) -> None:
    """A transaction and a single statement alike."""
    store = open_store(url(tmp_path / "bot.db"), busy_seconds=0.05)
    holder = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"), store.transaction():
        pass
    with pytest.raises(StoreError, match="locked by another program"):
        store.recover()
    holder.close()
    with store.transaction() as tx:
        assert tx.walk(1) is None
    store.close()


def test_a_mistake_in_the_program_is_not_dressed_up(tmp_path: Path) -> None:
    """What the operator cannot correct is no `StoreError`, and keeps SQLite's error as its cause."""
    store = open_store(url(tmp_path / "bot.db"))
    with pytest.raises(StatementError, match="nowhere"), store.transaction():
        store.db.conn.execute("SELECT * FROM nowhere")
    store.db.execute("DROP TABLE seen")
    with pytest.raises(StatementError, match="seen"):
        OneTransaction(store).forget_seen(NOON)
    with pytest.raises(StatementError), store.transaction() as tx:
        tx.enqueue(row(walk_id=99))
    unknown = TicketRecord(
        team_id="T1", merchant_id="U1", procedure="amazon_token", reason="help", language="de", card_key="c",
        opened_at=NOON, walk_id=99,
    )  # fmt: skip
    with pytest.raises(StatementError), store.transaction() as tx:
        tx.add_ticket(unknown)
    with pytest.raises(StatementError), store.transaction() as tx:
        tx.add_walk(replace(walk(), step=None))  # type: ignore[arg-type]
    store.close()


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    """The log, the index and the seal beside it are no more open than the file."""
    store = open_store(url(tmp_path / "bot.db"))
    with store.transaction() as tx:
        tx.add_walk(walk())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    store.close()
    assert modes == dict.fromkeys(("bot.db", "bot.db-wal", "bot.db-shm", "bot.db.seal"), 0o600)


def test_a_disk_without_a_log_is_refused() -> None:
    """SQLite says which journal it keeps instead, as it does in memory or on a network drive."""
    memory = Database(memory=True)
    with pytest.raises(StoreError, match="on a local disk"):
        _enable_wal(memory, 1.0)
    memory.close()


def test_what_is_committed_survives_a_power_cut(tmp_path: Path) -> None:
    """The settings that say so are on in the store's own connection."""
    store = open_store(url(tmp_path / "bot.db"), busy_seconds=3)
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    found = {name: store.db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in asked}
    store.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 3000,
    }


@pytest.mark.parametrize("end", ["delivered", "dropped"])
def test_words_leave_the_disk(tmp_path: Path, end: str) -> None:
    """After delivery, or when taken back, no byte of a message or of its response URL is left in any file."""
    store = open_store(url(tmp_path / "bot.db"))
    with store.transaction() as tx:
        tx.enqueue(row(response_url="https://hooks.example/very-secret"))
    assert any(b"very secret" in path.read_bytes() for path in tmp_path.iterdir())
    if end == "dropped":
        with store.transaction() as tx:
            tx.drop_pending("a")
    else:
        claimed = store.claim(NOON, timedelta(seconds=1), frozenset())
        assert claimed is not None
        store.delivered(claimed, "D1", "1.0")
    assert store.scrub(NOON)
    left = [p.name for p in tmp_path.iterdir() for w in (b"very secret", b"very-secret") if w in p.read_bytes()]
    store.close()
    assert left == []


def test_a_reader_elsewhere_does_not_hold_up_the_desk(tmp_path: Path) -> None:
    """Scrubbing gives up quickly, says so, and leaves the usual patience as it was."""
    store = open_store(url(tmp_path / "bot.db"), busy_seconds=7)
    reader = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM outbox").fetchall()
    with store.transaction() as tx:
        tx.enqueue(row())
    assert not store.scrub(NOON)
    reader.close()
    assert store.scrub(NOON)
    assert store.db.conn.execute("PRAGMA busy_timeout").fetchone() == (7000,)
    store.close()


def test_the_store_belongs_to_its_thread(tmp_path: Path) -> None:
    """In another thread it raises, instead of sharing a transaction by accident."""
    store = open_store(url(tmp_path / "bot.db"))
    caught: list[Exception] = []

    def elsewhere() -> None:
        try:
            store.next_due()
        except StatementError as error:
            caught.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    store.close()
    assert len(caught) == 1


def test_a_moment_without_a_zone_is_refused(tmp_path: Path) -> None:
    """Nobody would know later which hour it was."""
    store = open_store(url(tmp_path / "bot.db"))
    with pytest.raises(ValueError, match="without a zone"), store.transaction() as tx:
        tx.first_time("Ev1", datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake under test
    store.close()


def test_one_process_serves_a_file(tmp_path: Path) -> None:
    """The second gets a sentence that says what to do, and may serve when the first has ended."""
    path = tmp_path / "bot.db"
    code = (
        "import sys, pathlib; from bot.store.sqlite import serving_lock\n"
        f"with serving_lock(pathlib.Path({str(path)!r})):\n print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own words
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="Stop it first"), serving_lock(path):
            pass
        other.kill()
    with serving_lock(path):
        pass


def test_a_lock_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """A folder that is none is named."""
    (tmp_path / "no").touch()
    with pytest.raises(StoreError, match="Make its folder writable"), serving_lock(tmp_path / "no" / "bot.db"):
        pass


def test_figures_look_at_nothing_that_is_delivered_or_ended(tmp_path: Path) -> None:
    """A monitor asks every few seconds, and the outbox keeps a hundred thousand rows: it reads by the small indexes."""
    store = open_store(url(tmp_path / "bot.db"))
    plan = [step["detail"] for step in store.db.query(f"EXPLAIN QUERY PLAN {QUERIES['figures']}", {"now": ""})]
    store.close()
    big = sorted(step for step in plan if re.match(r"(SCAN|SEARCH) (outbox|walks)\b", step))
    assert big == [
        "SCAN outbox USING INDEX outbox_dead", "SCAN outbox USING INDEX outbox_waiting",
        "SCAN walks USING INDEX walks_under_way",
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["unsent_counts", "paused"])
def test_what_has_arrived_is_not_looked_at_to_count_the_rest(sqlite_store: SqliteStore, query: str) -> None:
    """The plans of the queries behind `/healthz` read partial indexes only, never the whole outbox."""
    plan = [step["detail"] for step in sqlite_store.db.query(f"EXPLAIN QUERY PLAN {QUERIES[query]}")]
    looks = [detail for detail in plan if detail.startswith(("SCAN", "SEARCH"))]
    assert looks
    assert all("outbox_waiting" in detail or "outbox_dead" in detail for detail in looks), plan


@pytest.mark.parametrize(("query", "index"), [("history_walks", "walks_by_start"), ("history_tickets", "tickets_by_o")])
def test_figures_of_a_period_read_no_more_than_the_period(sqlite_store: SqliteStore, query: str, index: str) -> None:
    """Walks and tickets are found by when they began, however many there are."""
    values = dict.fromkeys(re.findall(r":(\w+)", QUERIES[query]))
    plan = [step["detail"] for step in sqlite_store.db.query(f"EXPLAIN QUERY PLAN {QUERIES[query]}", values)]
    assert any(index in step and step.startswith("SEARCH") for step in plan), plan
