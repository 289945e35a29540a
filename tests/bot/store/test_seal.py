"""Something of the database is missing or is not its own: it is not opened, and nothing of it is changed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import seal
from bot.store.backup import backup
from bot.store.models import Person
from bot.store.protocol import StoreError
from bot.store.sqlite import open_store
from bot.store.write_ahead_log import NotALog, read_log

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
_WRITER = """
import os, sys
from bot.store.models import Person
from bot.store.sqlite import open_store
store = open_store("sqlite:///" + sys.argv[1])
store.renew_seal()
for number in range(int(sys.argv[2])):
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=f"{sys.argv[3]}{number}", name="x" * 500))
if sys.argv[4] == "checkpointed":
    store.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=sys.argv[3] + "last"))
os._exit(9)
"""


def killed(path: Path, people: int = 20, name: str = "U", *, end: str = "") -> None:
    """A process that wrote people and was killed: the last of them are in the log only."""
    subprocess.run([sys.executable, "-c", _WRITER, str(path), str(people), name, end], check=False)  # noqa: S603 - our own
    assert log_of(path).stat().st_size > 0


def log_of(path: Path) -> Path:
    """Where its write-ahead log is."""
    return path.with_name(f"{path.name}-wal")


def people(path: Path) -> set[str]:
    """Who is in it, after it was opened as ever."""
    store = open_store(f"sqlite:///{path}")
    found = {user for (user,) in store.db.execute("SELECT user_id FROM people")}
    store.close()
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """Every file; the index of the log is made anew from the log each time."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file() and not one.name.endswith("-shm")}


def refused(path: Path, told: str) -> None:
    """It is not opened, with the reason and a way out, and every byte stays."""
    before = contents(path.parent)
    with pytest.raises(StoreError, match=told) as refusal:
        open_store(f"sqlite:///{path}")
    assert "serve --accept-loss" in str(refusal.value)
    assert contents(path.parent) == before


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two folders with a database each, by the letter of the people in it, whose processes were killed."""
    folders = {name: tmp_path_factory.mktemp(name) for name in "UV"}
    for name, folder in folders.items():
        killed(folder / "bot.db", name=name)
    return folders


@pytest.fixture
def path(tmp_path: Path, left_behind: dict[str, Path]) -> Path:
    """A database whose process was killed."""
    return shutil.copytree(left_behind["U"], tmp_path, dirs_exist_ok=True) / "bot.db"


@pytest.fixture
def other(tmp_path: Path, left_behind: dict[str, Path]) -> Path:
    """Another one of the same program."""
    return shutil.copytree(left_behind["V"], tmp_path / "elsewhere") / "bot.db"


@pytest.mark.parametrize("end", ["", "checkpointed"])
def test_nothing_is_missing_after_a_kill(tmp_path: Path, end: str) -> None:
    """The usual case: the log is applied, and everybody is there."""
    path = tmp_path / "bot.db"
    killed(path, end=end)
    assert people(path) >= {f"U{number}" for number in range(20)}
    killed(path, name="W")
    assert people(path) >= {f"{name}{number}" for number in range(20) for name in "UW"}


def test_a_missing_log_is_noticed(path: Path) -> None:
    """What was committed last is nowhere else."""
    log_of(path).unlink()
    refused(path, "bot.db-wal is missing")


def test_an_emptied_log_is_noticed(path: Path) -> None:
    """Nothing in it is as bad as no log."""
    os.truncate(log_of(path), 0)
    refused(path, "bot.db-wal is empty or too old")


def test_a_cut_log_is_noticed(path: Path) -> None:
    """When the mark is cut off with everything after it."""
    os.truncate(log_of(path), 32)
    refused(path, "bot.db-wal is empty or too old")


@pytest.mark.parametrize(
    ("begin", "garbage"), [(0, b"no log at all"), (0, os.urandom(9000)), (0, b"\0" * 40), (400, b"\xa5" * 6000)]
)
def test_a_garbage_log_is_noticed(path: Path, begin: int, garbage: bytes) -> None:
    """Overwritten from its beginning or in the middle, where SQLite would read up to there and forget the rest."""
    with log_of(path).open("r+b") as file:
        file.seek(begin)
        file.write(garbage)
    refused(path, "bot.db-wal is damaged or is no write-ahead log")


def test_a_log_of_another_database_is_noticed(path: Path, other: Path) -> None:
    """Also when the file was closed properly, so that there should be none."""
    shutil.copy(log_of(other), log_of(path))
    refused(path, "bot.db-wal belongs to another database")


def test_a_log_of_another_database_beside_a_closed_one_is_noticed(path: Path, other: Path) -> None:
    """There should be no log at all."""
    people(path)
    assert not log_of(path).exists()
    shutil.copy(log_of(other), log_of(path))
    refused(path, "bot.db-wal belongs to another database")


def test_a_log_without_its_first_page_is_tried_as_a_whole(tmp_path: Path) -> None:
    """When the ID is not in the log, file and log together must be sound; the database's own one passes."""
    mine, others = tmp_path / "mine.db", tmp_path / "others.db"
    killed(mine, people=300, end="checkpointed")
    killed(others, people=300, name="V")
    content = log_of(mine).read_bytes()
    log = read_log(content)
    assert log.frames > 0
    assert log.first_page is None
    assert "Ulast" in people(mine)
    people(others)
    log_of(others).write_bytes(content)
    refused(others, "others.db-wal belongs to another database")


def test_an_old_log_of_its_own_is_noticed(path: Path) -> None:
    """A log from before the last start would undo what was done since."""
    old = log_of(path).read_bytes()
    people(path)
    killed(path, name="W")
    log_of(path).write_bytes(old)
    refused(path, "bot.db-wal (is empty or too old|belongs to another)")
    log_of(path).unlink()
    refused(path, "bot.db-wal is missing")


@pytest.mark.parametrize("loss", [lambda path: os.truncate(path, 0), lambda path: path.unlink()])
@pytest.mark.parametrize("closed", [True, False])
def test_an_empty_or_missing_file_is_noticed(path: Path, *, closed: bool, loss: Callable[[Path], None]) -> None:
    """Where a filled database was no new one is begun without a word."""
    if closed:
        people(path)
    loss(path)
    refused(path, "bot.db is (empty|not there), but bot.db.seal beside it shows")


def test_a_log_beside_an_empty_file_is_noticed_without_a_seal(path: Path) -> None:
    """The log alone tells that there was something."""
    os.truncate(path, 0)
    seal._seal_of(path).unlink()
    refused(path, "bot.db is empty, but bot.db-wal beside it shows")


def test_a_loss_is_accepted_once(path: Path, other: Path) -> None:
    """What does not belong is moved aside, what is left is used, and sealed anew."""
    foreign = log_of(other).read_bytes()
    log_of(path).write_bytes(foreign)
    assert "belongs to another database" in seal.accept_loss(path)
    people(path)
    assert seal.accept_loss(path) == ""
    (aside,) = path.parent.glob("bot.db-wal.set-aside-*")
    assert aside.read_bytes() == foreign
    killed(path, name="W")
    log_of(path).unlink()
    refused(path, "is missing")
    assert seal.accept_loss(path)
    os.truncate(path, 0)
    assert people(path) == set()


def test_another_tool_may_open_it_after_a_kill(path: Path) -> None:
    """It applies the log and removes it, as SQLite does: nothing is lost, and nothing is said to be."""
    with sqlite3.connect(path) as tool:
        assert tool.execute("SELECT count(*) FROM people").fetchone() == (20,)
    tool.close()
    assert not log_of(path).exists()
    assert len(people(path)) == 20


def test_copies_are_databases(tmp_path: Path, path: Path) -> None:
    """A backup put back after a kill, a copy of the closed file, and of file and log together: each is opened."""
    backup(path, tmp_path / "copy.db")
    killed(path, name="W")
    for left in (path, log_of(path), path.with_name("bot.db-shm")):
        left.unlink()
    shutil.copy(tmp_path / "copy.db", path)
    assert people(path) == {f"U{number}" for number in range(20)}
    shutil.copy(path, tmp_path / "closed.db")
    assert len(people(tmp_path / "closed.db")) == 20
    killed(path, name="X")
    shutil.copy(path, tmp_path / "pair.db")
    shutil.copy(log_of(path), tmp_path / "pair.db-wal")
    assert len(people(tmp_path / "pair.db")) == 40


def test_a_backup_beside_the_old_log_is_noticed(tmp_path: Path, path: Path) -> None:
    """The step that is forgotten most easily: SQLite would mix both."""
    backup(path, tmp_path / "copy.db")
    killed(path, name="W")
    shutil.copy(tmp_path / "copy.db", path)
    refused(path, "belongs to another database .* none if bot.db is a backup")


def test_an_older_database_is_sealed_at_its_first_start(path: Path) -> None:
    """One from before there were seals, closed or killed; from then on what is missing is noticed."""
    people(path)
    with sqlite3.connect(path, isolation_level=None) as tool:
        tool.execute("PRAGMA application_id = 0")
        tool.execute("PRAGMA user_version = 0")
    tool.close()
    seal._seal_of(path).unlink()
    assert len(people(path)) == 20
    killed(path, name="W")
    log_of(path).unlink()
    refused(path, "is missing")


def test_a_reader_does_not_hold_up_the_seal(tmp_path: Path) -> None:
    """With somebody in the way the database is opened unsealed; the next one to open it seals it."""
    path = tmp_path / "bot.db"
    open_store(f"sqlite:///{path}").close()
    with sqlite3.connect(path, isolation_level=None) as tool:
        tool.execute("PRAGMA application_id = 0")
    tool.close()
    seal._seal_of(path).unlink()
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM people").fetchall()
    store = open_store(f"sqlite:///{path}")
    assert not store.renew_seal()
    assert not seal._seal_of(path).exists()
    reader.close()
    assert store.renew_seal()
    assert store.scrub(NOON)
    store.close()
    assert seal._seal_of(path).exists()


def test_every_scrub_makes_a_new_mark(tmp_path: Path) -> None:
    """So that the log that was begun after it cannot be missed either."""
    store = open_store(f"sqlite:///{tmp_path}/bot.db")
    marks = []
    for _ in range(3):
        assert store.scrub(NOON)
        found = seal._read_seal(tmp_path / "bot.db")
        assert found is not None
        marks.append(found.mark)
        with store.transaction() as tx:
            tx.save_person(Person(team_id="T0", user_id="U0"))
    store.close()
    assert marks == [marks[0], marks[0] + 1, marks[0] + 2]


def test_a_seal_that_cannot_be_read_is_none(path: Path) -> None:
    """It is made anew."""
    seal._seal_of(path).write_bytes(b"\xff" * 50)
    people(path)
    assert seal._read_seal(path) is not None


def test_a_log_that_a_power_cut_interrupted_is_sound(path: Path) -> None:
    """The last transaction was never confirmed to anybody; all before it are read."""
    content = log_of(path).read_bytes()
    whole = read_log(content)
    cut = read_log(content[:-1000])
    assert 0 < cut.frames < whole.frames
    broken = bytearray(content)
    broken[-1000] ^= 0xFF
    assert read_log(bytes(broken)).frames == cut.frames
    broken[32 + 24] ^= 0xFF
    with pytest.raises(NotALog):
        read_log(bytes(broken))
