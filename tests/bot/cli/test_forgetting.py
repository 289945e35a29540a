"""What is left of somebody after an erasure or a purge: looked for in every byte of the database's files."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store.models import (
    ERASED,
    Destination,
    Event,
    Person,
    PostedMessage,
    Reminder,
    Row,
    TicketEvent,
    TicketMessage,
    TicketRecord,
    TicketTimer,
    WalkRecord,
)
from bot.store.queries import QUERIES
from bot.store.sqlite import SqliteStore, open_store
from bot.store.support_models import Invitation
from conversations.amazon_token.facts import Account, Facts
from conversations.engine.walk_state import WalkState
from tests.one_transaction import OneTransaction

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HALF_A_YEAR = timedelta(days=180)
ERIKA, OLIVER, ANNA = "U0ERIKA", "U0OLIVER", "U0ANNA"
HASH = "5eed" * 16
LEASE = timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store in a folder of its own."""
    opened = open_store(f"sqlite:///{tmp_path}/bot.db")
    yield opened
    opened.close()


def _left(folder: Path, *words: str) -> list[tuple[str, str]]:
    """Where any of `words` still stands."""
    return [(path.name, word) for path in folder.iterdir() for word in words if word.encode() in path.read_bytes()]


def _row(key: str, to: str, words: str = "", **more: Any) -> Row:
    content = {"text": words, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]}
    ordering_key = f"T0:{to}"
    given = {"method": "post", "ordering_key": ordering_key, "created_at": NOON, "due_at": NOON, **more}
    return Row(key=key, destination=Destination("T0", to), content=content, **given)


def _state(name: str) -> str:
    account = Account(name=f"Laden {name}", old_token_hash=HASH)
    facts = Facts(accounts=[account], error_texts=[f"Fehler bei {name}"])
    return WalkState[Facts](step="new_token", facts=facts).model_dump_json()


def _walk_of(store: SqliteStore, user: str, name: str, **more: Any) -> WalkRecord:
    """Somebody with a walk, its history, a reminder, a ticket, and words on their way to Slack."""
    short = user[2:].lower()
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=user, name=name, locale="de-DE"))
        walk = tx.add_walk(
            WalkRecord(
                team_id="T0", worker_id=user, procedure="amazon_token", step="new_token", state=_state(name),
                guide_version="g", invited_by=ANNA, live_key=f"{short}-step", started_at=NOON, updated_at=NOON, **more,
            )
        )  # fmt: skip
        tx.add_event(
            Event(
                walk_id=walk.id, version=1, at=NOON, actor_id=user, name="started", step="a", next_step="b",
                detail={"invited_by": ANNA, "choice": name},
            )
        )  # fmt: skip
        tx.save_reminder(Reminder(walk_id=walk.id, due_at=NOON + DAY))
        tx.add_ticket(
            TicketRecord(
                team_id="T0", merchant_id=user, walk_id=walk.id, procedure="amazon_token", reason="help", language="de",
                card_key=f"{short}-card", words=(f"Hilfe für {name}",), opened_at=NOON, claimed_by=ANNA,
                claimed_at=NOON,
            )
        )  # fmt: skip
        tx.add_invitation(
            Invitation(
                team_id="T0", agent_id=ANNA, merchant_id=user, procedure="amazon_token",
                message_key=f"{short}-invited", invited_at=NOON,
            )
        )  # fmt: skip
        tx.enqueue(_row(f"{short}-step", user, f"Schritt für {name}", walk_id=walk.id))
        tx.enqueue(_row(f"{short}-card", "C0SUPPORT", f"Karte {name} {user}"))
        tx.enqueue(_row(f"{short}-reply", "C0SUPPORT", f"Worte von {name}", thread=f"{short}-card"))
        tx.enqueue(_row(f"{short}-told", ANNA, f"{name} (<@{user}>) hat angenommen."))
    return walk


def _deliver(store: SqliteStore, *, but: frozenset[str] = frozenset()) -> None:
    """Let everything stand in Slack; rows of `but` stay claimed."""
    while (row := store.claim(NOON, LEASE, frozenset())) is not None:
        if row.key not in but:
            to = row.destination.to
            store.delivered(row, "D0" + to[2:] if to.startswith("U") else to, f"1.{row.id}")


def _everything(user: str, name: str) -> tuple[str, ...]:
    return (user, name, HASH, "Laden", "Fehler bei", "Hilfe für", "Schritt für", "Karte", "Worte von")


@pytest.mark.parametrize("sent", ["nothing", "all", "under way"])
def test_nothing_of_an_erased_person_is_on_the_disk(store: SqliteStore, tmp_path: Path, sent: str) -> None:
    """No ID, name, word or hash is in any byte of any file; while a message is under way, its lane knows the ID."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    if sent == "all":
        _deliver(store)
    elif sent == "under way":
        assert store.claim(NOON, LEASE, frozenset()) is not None
    everything = _everything(ERIKA, "Erika Beispiel")
    assert {word for _, word in _left(tmp_path, *everything)} >= {ERIKA, "Erika Beispiel", HASH}
    OneTransaction(store).erase_person("T0", ERIKA)
    assert store.scrub(NOON)
    if sent == "under way":
        assert {word for _, word in _left(tmp_path, *everything)} == {ERIKA}
        with store.transaction() as tx:
            tx.mark_delivered("erika-step", "D0ERIKA", "1.1")
        OneTransaction(store).purge(NOON + DAY, HALF_A_YEAR)
        assert store.scrub(NOON)
    assert _left(tmp_path, *everything) == []


def test_other_people_keep_everything(store: SqliteStore) -> None:
    """A person of the same ID in another team, and another one of the team, are as they were."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    other = _walk_of(store, OLIVER, "Oliver Sample")
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T1", user_id=ERIKA, name="Somebody else"))
        before = (tx.walk(other.id), tx.events(other.id), tx.ticket(1002), tx.reminder(other.id), tx.invitation(2))
    OneTransaction(store).erase_person("T0", ERIKA)
    with store.transaction() as tx:
        after = (tx.walk(other.id), tx.events(other.id), tx.ticket(1002), tx.reminder(other.id), tx.invitation(2))
        assert after == before
        assert tx.person("T1", ERIKA) is not None
        assert tx.person("T0", ERIKA) is None
    assert {row.key for row in store.unsent()} >= {"oliver-step", "oliver-card", "oliver-reply"}


def test_a_ticket_stays_under_a_pseudonym(store: SqliteStore) -> None:
    """Support keeps number, state, reason and times; person, walk and words are gone, and two erasures differ."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    with store.transaction() as tx:
        before = tx.ticket(1001)
    erased = OneTransaction(store).erase_person("T0", ERIKA)
    with store.transaction() as tx:
        after = tx.ticket(1001)
    assert before is not None
    assert after is not None
    assert after.merchant_id.startswith(ERASED)
    assert after == replace(before, merchant_id=after.merchant_id, walk_id=None, words=())
    assert (erased.walks, erased.tickets) == (1, (1001,))
    again = OneTransaction(store).erase_person("T0", ERIKA)
    assert (again.walks, again.tickets, again.messages, again.replies, again.cards) == (0, (), (), (), ())


def test_the_messages_in_slack_are_named(store: SqliteStore) -> None:
    """Own messages, replies in tickets' threads and cards come with channel and ts; what was not sent is not there."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    _deliver(store)
    with store.transaction() as tx:
        tx.enqueue(_row("late", ERIKA, "never attempted"))
    erased = OneTransaction(store).erase_person("T0", ERIKA)
    assert erased.messages == (PostedMessage("erika-step", ERIKA, "D0ERIKA", "1.1"),)
    assert erased.cards == (PostedMessage("erika-card", "C0SUPPORT", "C0SUPPORT", "1.2"),)
    assert erased.replies == (PostedMessage("erika-reply", "C0SUPPORT", "C0SUPPORT", "1.3", "erika-card"),)
    assert store.state("late") is None


def test_an_erased_message_can_be_edited_and_is_then_forgotten(store: SqliteStore) -> None:
    """Its address is there until the edit has been made, and not a purge longer; a ticket's card keeps its address."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    _deliver(store)
    OneTransaction(store).erase_person("T0", ERIKA)
    with store.transaction() as tx:
        tx.enqueue(_row("edit", ERIKA, "Gelöscht.", method="update", target="erika-step"))
    OneTransaction(store).purge(NOON, HALF_A_YEAR)
    assert store.address("erika-step") == ("D0ERIKA", "1.1")
    claimed = store.claim(NOON, LEASE, frozenset())
    assert claimed is not None
    assert claimed.key == "edit"
    store.dead_letter(claimed, "fatal_error")
    OneTransaction(store).purge(NOON, HALF_A_YEAR)
    assert store.send_again("edit", NOON)
    _deliver(store)
    OneTransaction(store).purge(NOON, HALF_A_YEAR)
    assert [store.state(key) for key in ("erika-step", "erika-reply", "edit")] == [None, None, None]
    assert store.address("erika-card") == ("C0SUPPORT", "1.2")


def test_what_is_under_way_is_found_later(store: SqliteStore) -> None:
    """A message being sent keeps its key, with "…" for words, so that the edit can wait for its address."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    under_way = store.claim(NOON, LEASE, frozenset())
    assert under_way is not None
    erased = OneTransaction(store).erase_person("T0", ERIKA)
    assert erased.messages == (PostedMessage("erika-step", ERIKA, None, None),)
    OneTransaction(store).purge(NOON, HALF_A_YEAR)
    store.postpone(under_way, NOON, "TimeoutError")
    again = store.claim(NOON, LEASE, frozenset())
    assert again is not None
    assert (again.key, again.content) == ("erika-step", {"text": "…"})
    store.delivered(again, "D0ERIKA", "1.1")
    assert store.address("erika-step") == ("D0ERIKA", "1.1")
    OneTransaction(store).purge(NOON, HALF_A_YEAR)
    assert store.state("erika-step") is None


def test_an_agent_is_taken_out_of_other_peoples_records(store: SqliteStore, tmp_path: Path) -> None:
    """Who claimed, invited or acted is a pseudonym or nobody; the merchants' walks and tickets stay."""
    walk = _walk_of(store, ERIKA, "Erika Beispiel")
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=ANNA, name="Anna Support"))
        tx.enqueue(_row("who", ERIKA, "Anna Support (<@U0ANNA>) kümmert sich; Annabelle nicht."))
    OneTransaction(store).erase_person("T0", ANNA)
    assert store.scrub(NOON)
    assert _left(tmp_path, ANNA, "Anna Support") == []
    with store.transaction() as tx:
        ticket, kept, events = tx.ticket(1001), tx.walk(walk.id), tx.events(walk.id)
    assert ticket is not None
    assert ticket.claimed_by is not None
    assert ticket.claimed_by.startswith(ERASED)
    assert kept is not None
    assert kept.invited_by is None
    assert events[0].detail == {"invited_by": ticket.claimed_by, "choice": "Erika Beispiel"}
    said = {row.key: row.content["text"] for row in iter(lambda: store.claim(NOON, LEASE, frozenset()), None)}
    assert said["erika-step"] == "Schritt für Erika Beispiel"
    with store.transaction() as tx:
        tx.mark_delivered("erika-step", "D0ERIKA", "1.1")
    waiting = store.claim(NOON, LEASE, frozenset())
    assert waiting is not None
    assert waiting.content["text"] == "… (…) kümmert sich; Annabelle nicht."


def test_a_walks_number_is_not_given_again(store: SqliteStore) -> None:
    """An old button names its walk by number: the next walk has another, and the one forgotten answers to nobody."""
    gone = _walk_of(store, ERIKA, "Erika Beispiel")
    OneTransaction(store).erase_person("T0", ERIKA)
    with store.transaction() as tx:
        shell = tx.walk(gone.id)
        assert shell is not None
        assert (shell.team_id, shell.worker_id, shell.state) == ("", "", "{}")
    later = _walk_of(store, OLIVER, "Oliver Sample")
    assert later.id > gone.id
    assert OneTransaction(store).purge(NOON, HALF_A_YEAR).walks == 0
    with store.transaction() as tx:
        assert tx.walk(gone.id) is None


def test_what_was_written_and_done_in_a_ticket_is_forgotten(store: SqliteStore, tmp_path: Path) -> None:
    """The merchant's erasure takes the words of both sides and the timer; acts stay, by nobody who is erased."""
    with store.transaction() as tx:
        number = tx.add_ticket(replace(_unknown_ticket(), merchant_id=ERIKA, talk_key="talk")).number
        said = TicketMessage(number=number, side="merchant", author_id=ERIKA, at=NOON, text="Kolibri-Wort")
        tx.add_ticket_message(said)
        tx.add_ticket_message(replace(said, side="agent", author_id=ANNA, text="Kolibri-Antwort"))
        tx.save_ticket_timer(TicketTimer(number=number, due_at=NOON, kind="warn"))
        for actor, name in ((ERIKA, "file"), (ANNA, "claim")):
            tx.add_ticket_event(
                TicketEvent(number=number, at=NOON, actor_id=actor, name=name, state="open", next_state="claimed")
            )
    OneTransaction(store).erase_person("T0", ERIKA)
    store.scrub(NOON)
    with store.transaction() as tx:
        assert tx.ticket_messages(number) == []
        assert tx.ticket_timer(number) is None
        kept = tx.ticket(number)
        assert kept is not None
        assert kept.talk_key is None
        assert [event.actor_id for event in tx.ticket_events(number)] == [kept.merchant_id, ANNA]
    assert _left(tmp_path, "Kolibri") == []
    OneTransaction(store).erase_person("T0", ANNA)
    with store.transaction() as tx:
        assert all(event.actor_id.startswith(ERASED) for event in tx.ticket_events(number))


def _unknown_ticket() -> TicketRecord:
    return TicketRecord(
        number=1, team_id="T0", merchant_id=ERIKA, procedure="amazon_token", reason="help", language="de",
        card_key="none", opened_at=NOON,
    )  # fmt: skip


def test_an_erasure_is_whole_or_not_at_all(store: SqliteStore) -> None:
    """A failure after the erasure in the same transaction takes it back."""
    _walk_of(store, ERIKA, "Erika Beispiel")
    before = OneTransaction(store).export_person("T0", ERIKA)
    with pytest.raises(LookupError), store.transaction() as tx:  # noqa: PT012 - both are one transaction
        tx.erase_person("T0", ERIKA)
        tx.save_ticket(_unknown_ticket())
    assert OneTransaction(store).export_person("T0", ERIKA) == before


def test_the_export_holds_everything_and_is_json(store: SqliteStore) -> None:
    """Each table's rows of the person come with all columns; somebody unknown has empty lists."""
    walk = _walk_of(store, ERIKA, "Erika Beispiel")
    _walk_of(store, OLIVER, "Oliver Sample")
    told = json.loads(json.dumps(OneTransaction(store).export_person("T0", ERIKA)))
    assert told["person"][0]["name"] == "Erika Beispiel"
    assert told["walks"][0]["state"] == json.loads(_state("Erika Beispiel"))
    assert [event["walk_id"] for event in told["history"]] == [walk.id]
    assert told["tickets"][0]["words"] == ["Hilfe für Erika Beispiel"]
    assert {row["key"] for row in told["messages"]} == {"erika-step", "erika-card", "erika-reply"}
    assert "Oliver" not in json.dumps(told)
    agent = OneTransaction(store).export_person("T0", ANNA)
    assert [row["number"] for row in agent["tickets_handled"]] == [1001, 1002]
    assert len(agent["invitations"]) == len(agent["walks_invited_to"]) == 2
    nobody = OneTransaction(store).export_person("T0", "U0NOBODY")
    assert [rows for rows in nobody.values() if isinstance(rows, list) and rows] == []


def test_every_table_is_exported(store: SqliteStore) -> None:
    """A table that joins the schema must be thought of: in the export, or here with its reason."""
    # Deliveries; when recurring tasks are due; files of drawings; keyed hashes, for seconds, and of people who want no
    # invitation, which are there to outlast them.
    without_people = {"seen", "chores", "pictures", "turns", "refusals"}
    tables = {name for name in store.db.table_names() if not name.startswith(("sqlite_", "_sqlite"))}
    queries = " ".join(query for name, query in QUERIES.items() if name.startswith("export_"))
    assert {name for name in tables - without_people if f"FROM {name}" not in queries} == set()


def test_the_past_is_purged_when_its_time_is_over(store: SqliteStore, tmp_path: Path) -> None:
    """A walk goes so long after its end, or its last change, and its ticket's words and people with it."""
    _walk_of(store, ERIKA, "Erika Beispiel", ended_at=NOON)
    _deliver(store)
    assert OneTransaction(store).purge(NOON + HALF_A_YEAR, HALF_A_YEAR).walks == 0
    later = NOON + HALF_A_YEAR + timedelta(seconds=1)
    assert asdict(OneTransaction(store).purge(later, HALF_A_YEAR)) == {
        "walks": 1, "tickets": 1, "invitations": 1, "messages": 3, "people": 0,
    }  # fmt: skip
    with store.transaction() as tx:
        ticket = tx.ticket(1001)
    assert ticket is not None
    assert (ticket.words, ticket.walk_id, ticket.category) == ((), None, "unknown")
    assert store.scrub(later)
    assert _left(tmp_path, *_everything("T0:U0ERIKA", "Laden Erika"), ANNA) == []
    assert store.address("erika-card") is not None
    assert OneTransaction(store).purge(later + HALF_A_YEAR, HALF_A_YEAR).people == 0
    assert OneTransaction(store).purge(later + HALF_A_YEAR + DAY, HALF_A_YEAR).people == 1
    assert store.scrub(later)
    assert _left(tmp_path, "Erika Beispiel") == []


def test_a_ticket_that_lasted_longer_keeps_its_words_longer(store: SqliteStore) -> None:
    """It counts from the moment it was resolved, else claimed, else opened."""
    _walk_of(store, ERIKA, "Erika Beispiel", ended_at=NOON)
    with store.transaction() as tx:
        ticket = tx.ticket(1001)
        assert ticket is not None
        tx.save_ticket(replace(ticket, state="resolved", resolved_by=ANNA, resolved_at=NOON + 30 * DAY))
    assert OneTransaction(store).purge(NOON + HALF_A_YEAR + DAY, HALF_A_YEAR).tickets == 0
    assert OneTransaction(store).purge(NOON + HALF_A_YEAR + 31 * DAY, HALF_A_YEAR).tickets == 1


def test_what_is_still_needed_outlives_the_purge(store: SqliteStore) -> None:
    """Of a walk that goes on, the live message stays changeable; a person who comes back begins anew."""
    walk = _walk_of(store, ERIKA, "Erika Beispiel")
    _deliver(store)
    late = NOON + HALF_A_YEAR + DAY
    with store.transaction() as tx:
        tx.save_walk(replace(walk, updated_at=late))
        tx.save_person(Person(team_id="T0", user_id=OLIVER, name="Oliver Sample"))
    OneTransaction(store).purge(late, HALF_A_YEAR)
    assert store.address("erika-step") is not None
    assert store.state("erika-told") is None
    with store.transaction() as tx:
        tx.save_person(Person(team_id="T0", user_id=OLIVER, name="Oliver Sample", language="en"))
    assert OneTransaction(store).purge(late + HALF_A_YEAR - DAY, HALF_A_YEAR).people == 0
    with store.transaction() as tx:
        assert tx.person("T0", OLIVER) is not None
