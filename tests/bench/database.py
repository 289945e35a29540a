"""Databases as they are after years: walks and messages copied in SQL, with their history."""

import contextlib
import sqlite3
from pathlib import Path

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
_KEPT = {"walks": {"id", "worker_id", "live_key", "ended_at"}, "outbox": {"id", "key", "state", "content"}}


def _columns(conn: sqlite3.Connection, table: str) -> str:
    names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    return ", ".join(name for name in names if name not in _KEPT[table])


def fill_walks(database: Path, walk_id: int, count: int) -> None:
    """So many copies of a walk that have ended, each by somebody else and with the walk's history."""
    with contextlib.closing(sqlite3.connect(database)) as conn, conn:
        columns = _columns(conn, "walks")
        (before,) = conn.execute("SELECT max(id) FROM walks").fetchone()
        conn.execute(
            f"{_NUMBERS} INSERT INTO walks (worker_id, ended_at, {columns})"
            f" SELECT printf('U9%07d', i), updated_at, {columns} FROM n, walks WHERE id = ?",
            (count, walk_id),
        )
        conn.execute(
            "INSERT INTO events (walk_id, version, at, actor_id, name, step, next_step, detail)"
            " SELECT w.id, e.version, e.at, e.actor_id, e.name, e.step, e.next_step, e.detail"
            " FROM walks AS w JOIN events AS e ON e.walk_id = ? WHERE w.id > ? ORDER BY e.id, w.id",
            (walk_id, before),
        )


def fill_outbox(database: Path, count: int) -> None:
    """So many messages that have arrived."""
    with contextlib.closing(sqlite3.connect(database)) as conn, conn:
        columns = _columns(conn, "outbox")
        conn.execute(
            f"{_NUMBERS} INSERT INTO outbox (key, state, content, {columns})"
            f" SELECT printf('%032x', i), 'delivered', '{{}}', {columns}"
            " FROM n, (SELECT * FROM outbox ORDER BY id LIMIT 1)",
            (count,),
        )
