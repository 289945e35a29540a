"""The schema, one step after another, as SQLite is given it; `postgres_schema.py` makes of it what PostgreSQL is given.

A released step is never changed; add another one.

Every key that comes from Slack holds the team. `sqlite_utils.Migrations` has no lock of its own, so `migrate`
holds the writer's lock while it changes: programs that start together wait for each other.
"""

from sqlite_utils import Database, Migrations

from bot.store.first_tables import create_first_tables
from bot.store.protocol import StoreError
from bot.store.renamed_ids import rename_ids
from bot.store.sqlite_connection import transaction

MIGRATIONS = Migrations("amazon-token")

_NEST_FACTS = """
UPDATE walks SET state = json_object(
  'step', json_extract(state, '$.step'),
  'trail', json((SELECT json_group_array(json_object('step', value ->> '$.step', 'item', value ->> '$.account'))
                 FROM json_each(state, '$.trail'))),
  'repeats', json(json_extract(state, '$.repeats')),
  'item', json_extract(state, '$.account_index'),
  'facts', json(json_remove(state, '$.step', '$.trail', '$.repeats', '$.account_index')))
WHERE state <> '{}'
"""


@MIGRATIONS()
def first_schema(db: Database) -> None:
    """People, walks with their history, tickets, invitations, the outbox, and the deliveries seen."""
    create_first_tables(db)


@MIGRATIONS()
def reminders(db: Database) -> None:
    """One reminder for each walk under way, and the merchant's time zone."""
    db.execute("ALTER TABLE people ADD COLUMN zone TEXT")
    reminder = {"walk_id": int, "due_at": str, "sent": int, "declined": int}
    table = db.table("reminders")
    keys = [("walk_id", "walks", "id")]
    table.create(reminder, pk="walk_id", not_null={"sent", "declined"}, foreign_keys=keys, strict=True)
    table.create_index(["due_at"], index_name="reminders_due")


@MIGRATIONS()
def forgetting(db: Database) -> None:
    """Messages of erased people that are still to be edited, and since when nothing else is kept of a person."""
    db.execute("ALTER TABLE outbox ADD COLUMN erased INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE people ADD COLUMN idle_since TEXT")


@MIGRATIONS()
def support_desk(db: Database) -> None:
    """What happens in a ticket: acts, messages, timers; and when recurring tasks are due."""
    for column in ("closed_by", "closed_at", "answered_at", "waiting_since", "talk_key"):
        db.execute(f"ALTER TABLE tickets ADD COLUMN {column} TEXT")
    keys = [("number", "tickets", "number")]
    event = {"id": int, "number": int, "at": str, "actor_id": str, "name": str, "state": str, "next_state": str}
    event |= {"detail": str}
    db.table("ticket_events").create(event, pk="id", not_null=event.keys() - {"id"}, foreign_keys=keys, strict=True)
    db.table("ticket_events").create_index(["number"], index_name="ticket_events_of_ticket")
    message = {"id": int, "number": int, "side": str, "author_id": str, "at": str, "text": str, "state": str}
    message |= {"key": str, "note_key": str, "source": str}
    optional = {"id", "key", "note_key", "source"}
    messages = db.table("ticket_messages")
    messages.create(message, pk="id", not_null=message.keys() - optional, foreign_keys=keys, strict=True)
    messages.create_index(["number"], index_name="ticket_messages_of_ticket")
    messages.create_index(["source"], index_name="ticket_messages_by_source", unique=True)
    timer = {"number": int, "due_at": str, "kind": str}
    timers = db.table("ticket_timers")
    timers.create(timer, pk="number", not_null={"due_at", "kind"}, foreign_keys=keys, strict=True)
    timers.create_index(["due_at"], index_name="ticket_timers_due")
    db.table("chores").create({"name": str, "due_at": str}, pk="name", not_null={"due_at"}, strict=True)


@MIGRATIONS()
def pictures(db: Database) -> None:
    """The pictures that workspaces were given: files of theirs, or what is served at an address of the bot's own."""
    picture = {"team_id": str, "name": str, "language": str, "digest": str, "filled": str, "file_id": str}
    picture |= {"kept_at": str}
    key = ("team_id", "name", "language", "digest")
    db.table("pictures").create(picture, pk=key, not_null=picture.keys() - {"file_id"}, strict=True)


@MIGRATIONS()
def support_homes(db: Database) -> None:
    """Whose Home tab shows the support desk."""
    db.execute("ALTER TABLE people ADD COLUMN support_home INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS()
def dead_rows(db: Database) -> None:
    """What was given up is counted at each look from outside, without a look at all the rest."""
    db.execute("CREATE INDEX outbox_dead ON outbox (method) WHERE state = 'dead'")


@MIGRATIONS()
def ordering_key(db: Database) -> None:
    """The column `lane` of the outbox is called `ordering_key`."""
    # In place, with its indexes: `table.transform` copies the table and refuses partial indexes.
    db.execute("ALTER TABLE outbox RENAME COLUMN lane TO ordering_key")


@MIGRATIONS()
def procedures(db: Database) -> None:
    """Walks, tickets and invitations say which procedure they are about, and what a walk knows is in `state`.

    Until then there was one procedure, and its facts lay beside the step, the trail and the position.
    """
    for table in ("walks", "tickets", "invitations"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN procedure TEXT NOT NULL DEFAULT ''")
        db.execute(f"UPDATE {table} SET procedure = 'amazon_token'")  # noqa: S608 - a name from above
    for column in ("transferred_from", "transferred_to"):
        db.execute(f"ALTER TABLE walks ADD COLUMN {column} INTEGER")
    db.execute("ALTER TABLE walks RENAME COLUMN facts TO state")
    db.execute(_NEST_FACTS)
    db.execute("UPDATE pictures SET name = 'amazon_token.' || name")


@MIGRATIONS()
def ids_of_two_words(db: Database) -> None:
    """Steps, events and forms that had the name of an ordinary word."""
    rename_ids(db)


@MIGRATIONS()
def tickets_by_card(db: Database) -> None:
    """The ticket of a card is asked for with each of its rows that is refused."""
    db.execute("CREATE INDEX tickets_by_card ON tickets (card_key)")


@MIGRATIONS()
def not_understood(db: Database) -> None:
    """What people typed and the bot did not understand."""
    message = {"id": int, "team_id": str, "user_id": str, "procedure": str, "step": str, "language": str}
    message |= {"at": str, "text": str, "nearest": str}
    table = db.table("not_understood")
    table.create(message, pk="id", not_null=message.keys() - {"id"}, strict=True)
    table.create_index(["at"], index_name="not_understood_by_time")


@MIGRATIONS()
def permalinks(db: Database) -> None:
    """Slack's links to messages in channels."""
    db.execute("ALTER TABLE outbox ADD COLUMN permalink TEXT")


@MIGRATIONS()
def owners(db: Database) -> None:
    """Which process has a row, and how often it was claimed: `attempts` goes back when a process dies."""
    db.execute("ALTER TABLE outbox ADD COLUMN owner INTEGER")
    db.execute("ALTER TABLE outbox ADD COLUMN fence INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS()
def invitations(db: Database) -> None:
    """One unanswered invitation a person, with what is sent of it next; whether somebody wants none."""
    db.execute("ALTER TABLE people ADD COLUMN unasked INTEGER NOT NULL DEFAULT 1")
    db.execute("ALTER TABLE invitations ADD COLUMN sent INTEGER NOT NULL DEFAULT 1")
    db.execute("ALTER TABLE invitations ADD COLUMN due_at TEXT")
    db.execute("ALTER TABLE invitations ADD COLUMN list_key TEXT NOT NULL DEFAULT ''")
    # The newest of several stays; nobody is reminded of an invitation from before.
    db.execute("UPDATE invitations SET answer = 'over', answered_at = invited_at WHERE answer IS NULL AND id NOT IN"
               " (SELECT max(id) FROM invitations WHERE answer IS NULL GROUP BY team_id, merchant_id)")  # fmt: skip
    db.execute("CREATE UNIQUE INDEX invitations_live ON invitations (team_id, merchant_id) WHERE answer IS NULL")
    db.execute("CREATE INDEX invitations_of_list ON invitations (list_key) WHERE list_key <> ''")


@MIGRATIONS()
def templates(db: Database) -> None:
    """The answers that agents have prepared, and who has the form of an answer open."""
    template = {"id": int, "team_id": str, "procedure": str, "category": str, "language": str, "label": str}
    template |= {"text": str, "author_id": str, "changed_at": str}
    db.table("templates").create(template, pk="id", not_null=template.keys() - {"id"}, strict=True)
    form = {"number": int, "agent_id": str, "opened_at": str}
    db.table("answer_forms").create(form, pk=("number", "agent_id"), not_null={"opened_at"}, strict=True)


@MIGRATIONS()
def merged_tickets(db: Database) -> None:
    """Into which ticket a duplicate was merged."""
    db.execute("ALTER TABLE tickets ADD COLUMN merged_into INTEGER")


@MIGRATIONS()
def ratings(db: Database) -> None:
    """What people said at the end of a walk; the figures of a period read no more than that period."""
    db.table("ratings").create(
        {"walk_id": int, "face": str, "sentence": str, "at": str},
        pk="walk_id",
        not_null={"face", "sentence", "at"},
        foreign_keys=[("walk_id", "walks", "id")],
        strict=True,
    )
    db.table("walks").create_index(["started_at"], index_name="walks_by_start")
    db.table("tickets").create_index(["opened_at"], index_name="tickets_by_opening")


@MIGRATIONS()
def turns(db: Database) -> None:
    """The pace of messages, where several processes keep it together."""
    turn = {"name": str, "even_at": float, "held_until": float}
    db.table("turns").create(turn, pk="name", not_null={"even_at", "held_until"}, strict=True)


@MIGRATIONS()
def answer_form_urls(db: Database) -> None:
    """Where an agent who has the form of an answer open is told that a colleague has opened it too."""
    db.execute("ALTER TABLE answer_forms ADD COLUMN response_url TEXT")


@MIGRATIONS()
def outages(db: Database) -> None:
    """Outages that agents have announced, and who reads of each."""
    outage = {"id": int, "team_id": str, "agent_id": str, "text_de": str, "text_en": str, "begun_at": str}
    outage |= {"ends_at": str, "board_key": str, "ended_at": str, "ending": str}
    db.table("outages").create(outage, pk="id", not_null=outage.keys() - {"id", "ended_at", "ending"}, strict=True)
    db.execute("CREATE UNIQUE INDEX outages_live ON outages (team_id) WHERE ended_at IS NULL")
    recipient = {"outage_id": int, "user_id": str, "number": int, "message_id": int, "state": str}
    recipients = db.table("outage_recipients")
    recipients.create(recipient, pk=("outage_id", "user_id", "number"), not_null={"state"}, strict=True)
    recipients.create_index(["state"], index_name="outage_recipients_by_state")


@MIGRATIONS()
def refusals(db: Database) -> None:
    """Keyed hashes of people who want no invitations, which stay when the people are erased."""
    db.table("refusals").create({"mark": str, "at": str}, pk="mark", not_null={"at"}, strict=True)


def migrate(db: Database) -> None:
    """Bring the schema up to date, or change nothing. `StoreError` when the file is from a newer program.

    A lock that is not released within the busy timeout raises `sqlite3.OperationalError`.
    """
    _refuse_newer(db)
    if not MIGRATIONS.pending(db):
        return
    with transaction(db, "IMMEDIATE"):
        _refuse_newer(db)
        MIGRATIONS.apply(db)


def _refuse_newer(db: Database) -> None:
    refuse_unknown({migration.name for migration in MIGRATIONS.applied(db)})


def refuse_unknown(applied: set[str]) -> None:
    """`StoreError` when a database had migrations that this program does not know."""
    unknown = applied - _known_steps()
    if unknown:
        raise StoreError(
            f"The database was written by a newer version of this program ({', '.join(sorted(unknown))}). "
            "Install that version or a later one, or restore a backup from before the update."
        )


def _known_steps() -> set[str]:
    with Database(memory=True, execute_plugins=False) as empty:
        return {migration.name for migration in MIGRATIONS.pending(empty)}
