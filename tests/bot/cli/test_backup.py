"""A copy of the database that is made while the bot writes, and the way back."""

import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.backup import backup
from bot.store.models import Person
from bot.store.protocol import StoreError
from bot.store.sqlite import SqliteStore, open_store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Two people in each transaction: a copy that is consistent never has one without the other.
_WRITER = """
import sys
from bot.store.models import Person
from bot.store.sqlite import open_store
store = open_store(sys.argv[1])
print("writing", flush=True)
for number in range(1_000_000):
    with store.transaction() as tx:
        for half in "ab":
            tx.save_person(Person(team_id="T0", user_id=f"U{number}{half}", name="x" * 500))
"""


def _people(path: Path) -> list[str]:
    with sqlite3.connect(path) as conn:
        found = [user for (user,) in conn.execute("SELECT user_id FROM people")]
    conn.close()
    return found


def _store(path: Path, *people: str) -> SqliteStore:
    store = open_store(f"sqlite:///{path}")
    with store.transaction() as tx:
        for one in people:
            tx.save_person(Person(team_id="T0", user_id=one))
    return store


def test_a_copy_made_while_the_bot_writes_is_whole(tmp_path: Path) -> None:
    """No transaction is in it by half, and each copy has what was committed before it."""
    source = tmp_path / "bot.db"
    _store(source).close()
    command = [sys.executable, "-c", _WRITER, f"sqlite:///{source}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603 - our own program
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        try:
            sizes = []
            for number in range(5):
                before = len(_people(source))
                backup(source, tmp_path / f"copy{number}.db")
                people = _people(tmp_path / f"copy{number}.db")
                assert len(people) >= before
                halves = ["".join(sorted(user[:-1] for user in people if user[-1] == half)) for half in "ab"]
                assert halves[0] == halves[1]
                sizes.append(len(people))
        finally:
            writer.kill()
    assert sizes == sorted(sizes)


def test_a_copy_is_one_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    """What still stands in the log of the original is in it, and nothing else is left beside it."""
    store = _store(tmp_path / "bot.db", "U0ERIKA")
    (tmp_path / "copies").mkdir()
    backup(tmp_path / "bot.db", tmp_path / "copies" / "copy.db")
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy.db"]
    assert stat.S_IMODE((tmp_path / "copies" / "copy.db").stat().st_mode) == 0o600
    assert _people(tmp_path / "copies" / "copy.db") == ["U0ERIKA"]
    store.close()


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    """A file, or a link to nowhere, stays as it is."""
    _store(tmp_path / "bot.db").close()
    (tmp_path / "there").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link", "bot.db"):
        with pytest.raises(StoreError, match="exists already; a backup overwrites nothing"):
            backup(tmp_path / "bot.db", tmp_path / name)
    assert (tmp_path / "there").read_text() == "mine"


def test_somebody_who_is_quicker_keeps_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that appears while the copy is being made is not replaced, and the copy is removed."""
    _store(tmp_path / "bot.db").close()
    monkeypatch.setattr("bot.store.backup._copy", lambda *_: (tmp_path / "copy.db").write_text("quicker"))
    with pytest.raises(StoreError, match="exists already"):
        backup(tmp_path / "bot.db", tmp_path / "copy.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bot.db", "bot.db.seal", "copy.db"]


def test_what_cannot_be_copied_leaves_nothing(tmp_path: Path) -> None:
    """No database, no folder, no sound database: a sentence each, and no file."""
    with pytest.raises(StoreError, match="There is no database"):
        backup(tmp_path / "bot.db", tmp_path / "copy.db")
    (tmp_path / "bot.db").write_bytes(b"something else, long enough to be looked at" * 20)
    with pytest.raises(StoreError, match="is not a database"):
        backup(tmp_path / "bot.db", tmp_path / "copy.db")
    with pytest.raises(StoreError, match="cannot be made: No such file or directory"):
        backup(tmp_path / "bot.db", tmp_path / "missing" / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["bot.db"]


def test_a_damaged_database_gives_no_copy(tmp_path: Path) -> None:
    """A copy that could not be restored would be worse than none."""
    store = _store(tmp_path / "bot.db", *(f"U{number}" + "x" * 900 for number in range(100)))
    store.close()
    with (tmp_path / "bot.db").open("r+b") as file:
        file.seek(30 * 4096)
        file.write(b"\xa5" * 20_000)
    with pytest.raises(StoreError, match="is damaged"):
        backup(tmp_path / "bot.db", tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []


def test_a_backup_is_restored_as_the_operators_guide_says(tmp_path: Path) -> None:
    """Stop, remove the file and what is beside it, copy the backup to its place, start: all is as it was then."""
    source = tmp_path / "bot.db"
    store = _store(source, "U0ERIKA")
    backup(source, tmp_path / "copy.db")
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id="U0LATER"))
    store.db.conn.close()  # as after a kill: the log stays beside the file
    for left in tmp_path.glob("bot.db*"):
        left.unlink()
    subprocess.run(["/bin/cp", "-p", str(tmp_path / "copy.db"), str(source)], check=True)  # noqa: S603 - fixed words
    restored = open_store(f"sqlite:///{source}")
    with restored.transaction() as tx:
        assert tx.person("T0", "U0ERIKA") is not None
        assert tx.person("T0", "U0LATER") is None
    restored.close()
    assert stat.S_IMODE(source.stat().st_mode) == 0o600
