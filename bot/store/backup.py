"""A consistent copy of the SQLite file, made while the bot writes to it."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from bot.store.protocol import StoreError
from bot.store.seal import new_id
from bot.store.sqlite_connection import explained, pragma


def backup(source: Path, target: Path) -> None:
    """Copy one consistent state of the database at `source` into the new file `target` (mode 0600).

    The copy is one file, complete and checked. `StoreError` when there is something at `target`, or when the copy
    cannot be made; then nothing is left there. The schema of `source` is not touched, so a copy can be made before
    an update.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} exists already; a backup overwrites nothing. Name another file.")
    if not source.is_file():
        raise StoreError(f"There is no database {source}.")
    try:
        # Only this user can read what `mkstemp` makes.
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be made: {error.strerror}. Name a folder that this user may write to."
        ) from error
    draft = Path(name)
    try:
        _copy(source, draft)
        # A link replaces nothing; a rename would.
        os.link(draft, target)
        _to_disk(target.parent)
    except sqlite3.Error as error:
        if meaning := explained(error, str(source)):
            raise meaning from error
        raise
    except FileExistsError as error:
        raise StoreError(f"{target} exists already; a backup overwrites nothing. Name another file.") from error
    finally:
        draft.unlink()


def _copy(source: Path, draft: Path) -> None:
    readable = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(readable, uri=True)) as original, Database(draft, execute_plugins=False) as copy:
        # In one go: page by page it would start over with every change the bot makes.
        original.backup(copy.conn, pages=-1)
        pragma(copy, "journal_mode = DELETE")
        # The copy is another database, whose log and seal are not those of the original.
        pragma(copy, f"application_id = {new_id()}")
        found = pragma(copy, "integrity_check(1)")
    if found != "ok":
        raise StoreError(f"The database {source} is damaged ({found}); no copy was kept. Restore an older backup.")
    _to_disk(draft)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
