"""A card that somebody deleted in Slack comes back with its thread; nothing else is taken for one."""

from datetime import timedelta
from functools import partial

import pytest

from bot.blocks.actions import SeenTicket
from bot.blocks.kit import section
from bot.services import card_repair, ticket_actions, triage_form
from bot.services.publisher import part_key
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Destination
from bot.store.sqlite import SqliteStore
from tests.bot.services.test_agent_messages import send
from tests.bot.services.visits import NOON, URL, Visit
from tests.one_transaction import OneTransaction

CHANNEL = "C0SUPPORT"
SUPPORT = Destination("T1", CHANNEL)
LATER = NOON + timedelta(days=1)


def deliver(store: SqliteStore, refuse: dict[str | None, str]) -> None:
    """The courier: what belongs to a message that is gone is refused, the rest arrives."""
    number = 0
    while (row := store.claim(LATER, timedelta(seconds=30), frozenset())) is not None:
        number += 1
        error = refuse.get(row.target or "-") or refuse.get(row.thread or "-")
        if error is not None:
            store.dead_letter(row, error)
        else:
            store.delivered(row, row.destination.to, f"{number}.0001")


def test_a_deleted_card_comes_back_with_everything(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """A new card, the words of the call, both sides' messages, and the lines that were refused, each once."""
    erika.go_to("with_support")
    erika.submit("help", sentence="so nervous")
    send(anna, "first answer")
    old = erika.tickets()[0].card_key
    deliver(store, {})
    send(anna, "second answer")
    note = {"to": "U0BEN", "note": "an internal note"}
    seen = SeenTicket(1001, "U0ANNA")
    assert anna.do(lambda unit: triage_form.handover_submitted(unit, seen, note, frozenset({"U0BEN"}))) is None
    deliver(store, {old: "thread_not_found"})
    assert erika.services.unit_of_work(card_repair.repair_one)
    assert not erika.services.unit_of_work(card_repair.repair_one)
    ticket = erika.tickets()[0]
    assert ticket.card_key != old
    assert store.dead() == []
    posts = [row for row in erika.rows("post", to=CHANNEL) if ticket.card_key in {row["key"], row["thread"]}]
    assert [row["key"] for row in posts if row["thread"] is None] == [ticket.card_key]
    said = [str(row["content"]["blocks"]) for row in posts if row["thread"]]
    assert "ticket.thread.snapshot" in said[1]
    for text in ("card_again", "so nervous", "first answer", "second answer", "an internal note"):
        assert sum(text in one for one in said) == 1, text
    deliver(store, {})
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert anna.rows("update", to=CHANNEL)[-1]["target"] == ticket.card_key


def test_what_continued_the_old_card_is_not_posted_twice(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """A long card and a long first reply go on in the thread; the new ones go on in their own."""
    erika.go_to("with_support")
    deliver(store, {})
    old = erika.tickets()[0].card_key
    part = {"text": "«de:ticket.thread.reopened »", "blocks": [section("«de:ticket.thread.reopened »")]}
    for key in (old, part_key(old, 0)):
        anna.do(partial(UnitOfWork.post, to=SUPPORT, content=part, key=part_key(key, 1), thread=old))
    send(anna, "an answer")
    deliver(store, {old: "thread_not_found"})
    assert erika.services.unit_of_work(card_repair.repair_one)
    new = erika.tickets()[0].card_key
    posts = [str(row["content"]) for row in erika.rows("post", to=CHANNEL) if row["thread"] == new]
    assert any("an answer" in post for post in posts)
    assert not any("ticket.thread.reopened" in post for post in posts)
    assert sum("ticket.thread.snapshot" in post for post in posts) == 1


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_kill_inside_the_repair_leaves_one_card_and_no_dead_row(
    erika: Visit, anna: Visit, store: SqliteStore, point: str
) -> None:
    """The refused rows go in the same transaction in which the new card comes: no kill leaves them behind for ever."""

    def killed(at: str) -> None:
        if at == point:
            raise KeyboardInterrupt

    erika.go_to("with_support")
    deliver(store, {})
    old = erika.tickets()[0].card_key
    send(anna, "an answer")
    deliver(store, {old: "thread_not_found"})
    assert store.dead() != []
    with pytest.raises(KeyboardInterrupt):
        Services(erika.services.config, store, killed).unit_of_work(card_repair.repair_one)
    while erika.services.unit_of_work(card_repair.repair_one):
        pass
    assert store.dead() == []
    ticket = erika.tickets()[0]
    assert ticket.card_key != old
    cards = [row for row in erika.rows("post", to=CHANNEL) if row["thread"] is None and row["key"] != old]
    assert [row["key"] for row in cards] == [ticket.card_key]
    said = [str(row["content"]["blocks"]) for row in erika.rows("post", to=CHANNEL) if row["thread"] == ticket.card_key]
    assert sum("an answer" in one for one in said) == 1


def test_another_message_that_is_gone_is_left_alone(erika: Visit, store: SqliteStore) -> None:
    """A step whose message is gone, and a card refused for another reason, stay what they are."""
    erika.go_to("with_support")
    deliver(store, {})
    erika.press("try_fetch_again")
    card = erika.tickets()[0].card_key
    deliver(store, {card: "is_archived"})
    assert not erika.services.unit_of_work(card_repair.repair_one)
    assert [row.error for row in store.dead()] == ["is_archived"]


def test_the_card_of_somebody_erased_stays_deleted(erika: Visit, store: SqliteStore) -> None:
    """Nobody brings back what was forgotten."""
    erika.go_to("with_support")
    deliver(store, {})
    erika.press("try_fetch_again")
    card = erika.tickets()[0].card_key
    deliver(store, {card: "message_not_found"})
    OneTransaction(store).erase_person("T1", "U0ERIKA")
    assert not erika.services.unit_of_work(card_repair.repair_one)


def test_pictures_and_what_still_waits_come_again_too(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """A screenshot that was refused, and a row for the old card that was not tried yet, are in the new thread, once."""
    erika.go_to("with_support")
    deliver(store, {})
    old = erika.tickets()[0].card_key
    picture = {"file": "F1", "filename": "F1.png", "title": "F1", "text": "«de:picture F1.png»", "instead": "gone"}
    anna.do(lambda unit: unit.pass_on(unit.support_channel, picture, key="p" * 32, thread=old))
    deliver(store, {old: "thread_not_found"})
    note = {"to": "U0BEN", "note": "an internal note"}
    seen = SeenTicket(1001, None)
    assert anna.do(lambda unit: triage_form.handover_submitted(unit, seen, note, frozenset({"U0BEN"}))) is None
    assert erika.services.unit_of_work(card_repair.repair_one)
    card = erika.tickets()[0].card_key
    deliver(store, {old: "thread_not_found"})
    assert store.dead() == []
    query = "SELECT method FROM outbox WHERE thread = ? AND state = 'delivered' AND method IN ('post', 'upload')"
    methods = [row["method"] for row in store.db.query(query, [card])]
    assert sorted(methods) == ["post"] * 3 + ["upload"], "the line about the card, what is known, the note, the picture"
