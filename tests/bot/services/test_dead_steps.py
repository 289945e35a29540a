"""A step whose message Slack refused for good is said again: at the person's next word, and at the next start."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.actions import Address
from bot.services import dead_steps
from bot.store.sqlite import SqliteStore
from tests.bot.services.visits import NOON, Visit

LATER = NOON + timedelta(days=1)


def refuse(store: SqliteStore, error: str = "missing_scope") -> None:
    """Slack takes nothing."""
    while (row := store.claim(LATER, timedelta(seconds=30), frozenset())) is not None:
        store.dead_letter(row, error)


def live(store: SqliteStore, worker: str = "U0ERIKA") -> dict[str, Any]:
    """The row of the live message. Read without a use case, which would be a word of hers."""
    query = "SELECT o.* FROM outbox AS o JOIN walks AS w ON w.live_key = o.key WHERE w.worker_id = ?"
    (row,) = store.db.query(query, [worker])
    return row | {"content": json.loads(row["content"])}


WORDS: dict[str, Callable[[Visit], object]] = {
    "a message": lambda visit: visit.type("hmm"),
    "a command": lambda visit: visit.command("status"),
    "a command that nobody understands": lambda visit: visit.command("abc"),
    "a press of an older message": lambda visit: visit.press(
        "orders_stopped", at=Address(1, 0, "before_start", "z" * 32)
    ),
}


@pytest.mark.parametrize("word", WORDS)
def test_the_next_word_brings_a_dead_step_back_once(erika: Visit, store: SqliteStore, word: str) -> None:
    """Whatever the person does: the step is the newest message again, once, and nothing is dead any more."""
    erika.begin()
    refuse(store)
    dead = live(store)["key"]
    WORDS[word](erika)
    assert live(store)["state"] == "pending"
    assert live(store)["key"] != dead
    assert store.dead() == []
    assert store.state(dead) == "dropped"
    assert erika.live_steps() == 1
    shown = erika.events().count("shown_again")
    erika.command("status")
    assert erika.events().count("shown_again") == shown, "it waits, and is not said once more"


def test_a_step_that_is_refused_again_is_tried_once_a_word(erika: Visit, store: SqliteStore) -> None:
    """No loop: each word makes one attempt, and leaves one dead row at most."""
    erika.begin()
    for times in range(1, 4):
        refuse(store)
        assert len(store.dead()) == 1
        erika.command("status")
        assert erika.events().count("shown_again") == times, "reading the history is a word too, but nothing is dead"


def test_what_was_refused_for_its_content_comes_in_its_plain_form(erika: Visit, store: SqliteStore) -> None:
    """Shortening was tried: only something else than before can help. Other refusals change nothing about the form."""
    erika.begin()
    refuse(store, "invalid_blocks")
    erika.command("status")
    assert live(store)["content"]["plain"] is True
    refuse(store, "missing_scope")
    erika.command("status")
    assert "plain" not in live(store)["content"]


@pytest.mark.parametrize(("at_once", "parts"), [(50, [2, 0]), (1, [1, 1, 0])])
def test_the_start_brings_all_dead_steps_back(
    erika: Visit, oliver: Visit, store: SqliteStore, monkeypatch: pytest.MonkeyPatch, at_once: int, parts: list[int]
) -> None:
    """Those of walks under way, each once, some in each transaction; not the last message of one that is over."""
    monkeypatch.setattr(dead_steps, "AT_ONCE", at_once)
    erika.begin()
    oliver.begin()
    refuse(store)
    assert [erika.services.unit_of_work(dead_steps.say_some_again) for _ in parts] == parts
    assert (live(store)["state"], live(store, "U0OLIVER")["state"]) == ("pending", "pending")
    assert store.dead() == []


def test_somebody_elses_dead_step_is_left_to_them(erika: Visit, oliver: Visit, store: SqliteStore) -> None:
    """A word of Oliver's says nothing about Erika's conversation."""
    erika.begin()
    refuse(store)
    oliver.command("status")
    assert live(store)["state"] == "dead"


def test_a_reminder_replaces_a_dead_step(erika: Visit, store: SqliteStore) -> None:
    """What is shown again for another reason leaves no dead row behind."""
    erika.begin()
    refuse(store)
    erika.command("language en")
    assert store.dead() == []
    assert live(store)["state"] == "pending"
    assert erika.events().count("shown_again") == 1
