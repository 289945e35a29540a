"""The seal beside the database: it tells whether everything that was committed is still there.

SQLite starts an empty database where the file is empty, ignores a `-wal` that it cannot read, applies one of another
database, and does not miss one that is gone. So the database carries an ID (`application_id`) and a mark
(`user_version`), which are in its first page, and `<file>.seal` has the same. A mark is written again whenever the
write-ahead log was emptied, so that it is in the log and not yet in the file: as long as the file is behind the seal,
the log must be there. A copy of the database has another ID, or no seal beside it; it gets a new seal.
"""

import os
import re
import secrets
import sqlite3
import struct
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.store.protocol import StoreError
from bot.store.sqlite_connection import pragma, truncate_log, write
from bot.store.write_ahead_log import Log, NotALog, read_log

_OWNER_ONLY = 0o600
_LINE = "amazon-token seal, id {id:08x}, mark {mark:010d}\n"
_READ = re.compile(r"amazon-token seal, id ([0-9a-f]{8}), mark ([0-9]{10})\n", re.ASCII)
_MAGIC = b"SQLite format 3\x00"
_MARK_AT, _ID_AT = 60, 68
_PAGE_HEADER = 100
_ATTEMPTS = 3
_BUSY_MILLISECONDS = 50
_GO_ON = "`amazon-token serve --accept-loss` continues without what is lost."


@dataclass(frozen=True)
class Seal:
    """The ID of a database, and its newest mark that is known to be committed. An ID of 0 is none."""

    id: int
    mark: int


def check(path: Path) -> None:
    """`StoreError` when something of the database at `path` is missing or is not its own; nothing is changed.

    To be called before SQLite opens the file. Without a seal only the log is looked at.
    """
    if finding := _settled_finding(path):
        raise StoreError(f"{finding} {_GO_ON}")


def accept_loss(path: Path) -> str:
    """Make the database at `path` one that can be opened, whatever `check` finds; what that was, or an empty string.

    A log that does not belong to it is moved aside, never deleted, and the seal is removed.
    """
    finding = _settled_finding(path)
    if finding:
        log = _log_of(path)
        if log.exists():
            log.rename(log.with_name(f"{log.name}.set-aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"))
        _seal_of(path).unlink(missing_ok=True)
    return finding


def is_sealed(db: Database) -> bool:
    """Whether the open database has its seal."""
    seal = _read_seal(_file(db))
    return seal is not None and seal.id != 0 and seal.id == pragma(db, "application_id")


def renew(db: Database) -> bool:
    """Empty the log of the open database and seal it anew; False when a reader is in the way. `StoreError`."""
    if pragma(db, "application_id") == 0:
        with write(db):
            if pragma(db, "application_id") == 0:
                pragma(db, f"application_id = {new_id()}")
    if not truncate_log(db, busy_milliseconds=_BUSY_MILLISECONDS):
        return False
    mark_anew(db)
    return True


def mark_anew(db: Database) -> None:
    """Give the open database a new mark, and the seal the same. To be called after the log was emptied.

    The seal never tells more than is committed.
    """
    own_id = pragma(db, "application_id")
    if own_id == 0:
        return  # `renew` has not come to it yet
    with write(db):
        mark = pragma(db, "user_version") + 1
        pragma(db, f"user_version = {mark}")
    _write_seal(_file(db), Seal(own_id, mark))


def new_id() -> int:
    """An ID for a database or for a copy of one."""
    return secrets.randbelow(2**31 - 1) + 1


def _file(db: Database) -> Path:
    return Path(db.execute("PRAGMA database_list").fetchone()[2])


def _settled_finding(path: Path) -> str:
    """What is wrong, in a sentence, or an empty string. While others write, what looks wrong may be right the next."""
    for _ in range(_ATTEMPTS - 1):
        if not _finding(path):
            return ""
        time.sleep(0.1)
    return _finding(path)


def _finding(path: Path) -> str:
    # In this order: what leaves the log while it is read is in the file, which is read last. The file must not be
    # opened here once SQLite has it open in this process: closing it would take SQLite's locks.
    seal = _read_seal(path) or Seal(0, 0)
    log_content = _content(_log_of(path))
    header = _content(path, _PAGE_HEADER)
    if not header:
        if not seal.id and not log_content:
            return ""
        witness = _seal_of(path) if seal.id else _log_of(path)
        what = "is empty" if path.exists() else "is not there"
        return f"{path} {what}, but {witness.name} beside it shows that it was filled. Restore a backup."
    if not header.startswith(_MAGIC):
        return ""  # SQLite says what it is
    return _finding_in_log(path, seal, _seal_in(header), log_content)


def _finding_in_log(path: Path, seal: Seal, own: Seal, content: bytes) -> str:
    """The same of the log that has this content, beside a file that itself has the ID and the mark `own`."""
    log_name = _log_of(path)
    try:
        log = read_log(content)
    except NotALog:
        return (
            f"{log_name} is damaged or is no write-ahead log, so what was committed last cannot be read. "
            f"Put the right one beside {path.name}, or restore a backup."
        )
    if log.frames and not _belongs(log, own, path):
        return (
            f"{log_name} belongs to another database and would damage {path.name}. "
            f"Put its own one in its place, or none if {path.name} is a backup."
        )
    newest = _seal_in(log.first_page) if log.first_page is not None else own
    if seal.id == newest.id and newest.mark < seal.mark:
        what = "is empty or too old" if log_name.exists() else "is missing"
        return (
            f"{log_name} {what}, and with it what was committed last. Put it back beside {path.name}, or restore a "
            f"backup. If {path.name} is an older copy that you put there, remove {_seal_of(path).name}."
        )
    return ""


def _belongs(log: Log, own: Seal, path: Path) -> bool:
    """Whether a log is that of the database: by the ID, or where it cannot be told, by whether both are one whole."""
    if log.first_page is not None and own.id != 0:
        newest = _seal_in(log.first_page)
        return newest.id == own.id and newest.mark >= own.mark
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as both:
            return bool(both.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _seal_in(page: bytes) -> Seal:
    """The ID and the mark in the first page of a database."""
    (mark,), (own_id,) = struct.unpack_from(">i", page, _MARK_AT), struct.unpack_from(">i", page, _ID_AT)
    return Seal(own_id, mark)


def _content(path: Path, size: int = -1) -> bytes:
    """The first `size` bytes, or all; nothing when there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}. Let this user read it.") from error


def _seal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.seal")


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _read_seal(path: Path) -> Seal | None:
    """The seal beside the file; one that cannot be read is none."""
    found = _READ.fullmatch(_content(_seal_of(path)).decode("ascii", "replace"))
    return Seal(int(found[1], 16), int(found[2])) if found else None


def _write_seal(path: Path, seal: Seal) -> None:
    """In place and of one length: a kill leaves the old one or the new one."""
    handle = os.open(_seal_of(path), os.O_WRONLY | os.O_CREAT, _OWNER_ONLY)
    try:
        line = _LINE.format(id=seal.id, mark=seal.mark).encode()
        os.pwrite(handle, line, 0)
        os.ftruncate(handle, len(line))
        os.fsync(handle)
    finally:
        os.close(handle)
