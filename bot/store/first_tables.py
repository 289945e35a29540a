"""The tables of the first released version. They are never changed; later steps are in `migrations.py`."""

from sqlite_utils import Database

# `table.create` knows no AUTOINCREMENT, and ticket numbers must not be given twice.
_TICKETS = """
CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    team_id TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    walk_id INTEGER UNIQUE REFERENCES walks (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    priority TEXT NOT NULL,
    language TEXT NOT NULL,
    card_key TEXT NOT NULL,
    words TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    claimed_by TEXT,
    claimed_at TEXT,
    resolved_by TEXT,
    resolved_at TEXT
) STRICT
"""
_INDEXES = (
    # One walk under way for each team, worker and name.
    "CREATE UNIQUE INDEX walks_under_way ON walks (team_id, worker_id, for_name) WHERE ended_at IS NULL",
    "CREATE INDEX walks_of_worker ON walks (team_id, worker_id, updated_at)",
    "CREATE INDEX events_of_walk ON events (walk_id)",
    "CREATE INDEX tickets_of_merchant ON tickets (merchant_id)",
    # What the outbox worker still has to look at; what is delivered costs it nothing.
    "CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state IN ('pending', 'running')",
    "CREATE INDEX seen_by_age ON seen (seen_at)",
)


def create_first_tables(db: Database) -> None:
    """Create them, with their indexes, in an empty database."""
    _create_people_and_walks(db)
    db.execute(_TICKETS)
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', 1000)")
    _create_traffic(db)
    for index in _INDEXES:
        db.execute(index)


def _create_people_and_walks(db: Database) -> None:
    db.table("people").create(
        {"team_id": str, "user_id": str, "name": str, "locale": str, "language": str, "home_opened": int},
        pk=("team_id", "user_id"),
        not_null={"name", "home_opened"},
        strict=True,
    )
    walk = {"id": int, "team_id": str, "worker_id": str, "for_name": str, "invited_by": str, "step": str}
    walk |= {"version": int, "facts": str, "guide_version": str, "live_key": str}
    walk |= {"started_at": str, "updated_at": str, "ended_at": str}
    optional = {"id", "invited_by", "live_key", "ended_at"}
    db.table("walks").create(walk, pk="id", not_null=walk.keys() - optional, strict=True)
    event = {"id": int, "walk_id": int, "version": int, "at": str, "actor_id": str, "name": str}
    event |= {"step": str, "next_step": str, "detail": str}
    db.table("events").create(
        event, pk="id", not_null=event.keys() - {"id"}, foreign_keys=[("walk_id", "walks", "id")], strict=True
    )


def _create_traffic(db: Database) -> None:
    invitation = {"id": int, "team_id": str, "agent_id": str, "merchant_id": str, "message_key": str}
    invitation |= {"invited_at": str, "answer": str, "answered_at": str}
    optional = {"id", "answer", "answered_at"}
    db.table("invitations").create(invitation, pk="id", not_null=invitation.keys() - optional, strict=True)
    row = {"id": int, "key": str, "team_id": str, "method": str, "recipient": str, "content": str}
    row |= {"lane": str, "target": str, "thread": str, "response_url": str, "walk_id": int, "state": str}
    row |= {"attempts": int, "created_at": str, "due_at": str, "channel": str, "ts": str, "error": str}
    always = {"key", "team_id", "method", "recipient", "content", "state", "attempts", "created_at", "due_at"}
    outbox = db.table("outbox")
    outbox.create(row, pk="id", not_null=always, foreign_keys=[("walk_id", "walks", "id")], strict=True)
    outbox.create_index(["key"], index_name="outbox_by_key", unique=True)
    db.table("seen").create({"event_id": str, "seen_at": str}, pk="event_id", not_null={"seen_at"}, strict=True)
