"""`amazon-token` as its next version could be: its schema has a table, columns and an index more."""

import sys
from pathlib import Path

from sqlite_utils import Database

from bot.__main__ import app
from bot.store.migrations import MIGRATIONS
from tests import shared_pictures


@MIGRATIONS()
def next_version(db: Database) -> None:
    """What the version before does not know."""
    for table in ("walks", "tickets", "outbox", "events", "people"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN next_version TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE TABLE next_version (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT")
    db.execute("CREATE INDEX walks_of_next_version ON walks (next_version)")


if __name__ == "__main__":
    if Path(sys.argv[1]).is_dir():
        shared_pictures.main()
    else:
        app()
