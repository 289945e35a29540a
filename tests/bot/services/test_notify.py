"""What mirrors are told: each use case that changes a ticket once, with the whole ticket, in plain text."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.actions import AnswerDraft
from bot.services import agent_messages, privacy
from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.services.ticket_sync import SyncedTicket
from bot.store.sqlite import SqliteStore
from tests.bot.services.test_ticket_actions import hand, press, sort
from tests.bot.services.visits import ERIKA, Clock, Visit

Json = dict[str, Any]
LEASE = timedelta(seconds=9)
TOKEN = "amzn.mws." + "7" * 8 + "-7777-7777-7777-" + "7" * 12


class Glass:
    """A mirror that keeps the ticket as it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, ticket: SyncedTicket) -> Json:
        return ticket.model_dump(mode="json")


@pytest.fixture
def clocked(config: AppConfig, store: SqliteStore) -> Services:
    """A desk with two mirrors."""
    return Services(replace(config, clock=Clock(), ticket_senders=(Glass("left"), Glass("right"))), store)


@pytest.fixture
def ticket(erika: Visit) -> Visit:
    """Erika has a ticket that nobody has taken yet."""
    return erika.go_to("with_support")


def rows(visitor: Visit, name: str = "left") -> list[Json]:
    return visitor.rows("mirror", to=name)


def told(visitor: Visit) -> list[Json]:
    return [row["content"] for row in rows(visitor)]


def acts(visitor: Visit) -> list[list[str]]:
    return [[act["name"] for act in one["acts"]] for one in told(visitor)]


def answer(agent: Visit, text: str, key: str) -> None:
    agent.do(lambda unit: agent_messages.answer(unit, AnswerDraft(1001, key), {"text.0": text}))


def test_each_change_is_told_once_and_in_order(ticket: Visit, anna: Visit, ben: Visit) -> None:
    """One row a use case, whatever it did to the ticket; what changes nothing is told to nobody."""
    sort(anna, "P2", "unknown")
    sort(anna, "P2", "unknown")
    press(anna, "claim")
    press(ben, "claim")
    hand(anna, "U0BEN", "U0ANNA", "Bitte übernehmen")
    answer(ben, "Ist das Schlüsselset umgestellt?", "k1")
    ticket.type("Ja, ist es.")
    press(ben, "resolve")
    press(ben, "reopen")
    press(ben, "release")
    press(ben, "resolve")
    press(ben, "close")
    assert acts(ticket) == [
        ["file"], ["sort"], ["claim"], ["hand"], ["answer"], ["hear"], ["resolve"], ["reopen"], ["release"],
        ["resolve"], ["close"],
    ]  # fmt: skip
    assert [one["state"] for one in told(ticket)][-2:] == ["resolved", "closed"]


def test_what_happens_at_once_is_told_at_once(ticket: Visit, anna: Visit) -> None:
    """Who answers an open ticket takes it: one mail and not two, with both acts."""
    answer(anna, "Guten Tag", "k1")
    assert acts(ticket) == [["file"], ["claim", "answer"]]
    last = told(ticket)[-1]
    assert [act["words"] for act in last["acts"]] == ["", "Guten Tag"]
    assert last["owner"] == "Anna Support"


def test_the_whole_ticket_is_told_in_plain_text(ticket: Visit, anna: Visit) -> None:
    """All that is on the card, people by their names, moments by a clock, and nothing of Slack's markup."""
    press(anna, "claim")
    one = told(ticket)[-1]
    SyncedTicket.model_validate(one)
    text = str(one)
    assert one["merchant"] == "Erika Beispiel"
    assert "Erika Beispiel (Erika Beispiel)" not in text
    assert "Anna Support" in one["status"]
    assert "2026-03-02 12:00 CET" in text
    assert "<" not in text.replace("'permalink'", "")
    for part in ("connect", "amazon", "walk", "fetches", "tokens"):
        assert f"«de:ticket.sections.{part} »" in text


def test_each_mirror_and_ticket_has_a_lane_of_its_own(ticket: Visit, oliver: Visit, anna: Visit) -> None:
    """A mirror that fails holds up neither another one, nor another ticket, nor Slack."""
    oliver.command("support")
    press(anna, "claim")
    keys = {row["ordering_key"] for name in ("left", "right") for row in rows(ticket, name)}
    assert keys == {"mirror:left:1001", "mirror:right:1001", "mirror:left:1002", "mirror:right:1002"}
    slack = {
        row["ordering_key"] for row in ticket.store.db.query("SELECT ordering_key FROM outbox WHERE method <> 'mirror'")
    }
    assert not keys & slack


def test_what_begins_a_thread_has_a_key_that_the_rest_can_name(ticket: Visit, anna: Visit) -> None:
    """The key of the first is the thread's name and the mirror's; all keys differ."""
    press(anna, "claim")
    first, second = rows(ticket)
    assert first["key"] == f"{first['content']['thread']}.left"
    assert second["content"]["thread"] == first["content"]["thread"]
    assert second["key"] != first["key"]


def test_a_priority_that_rises_by_itself_is_told(ticket: Visit, anna: Visit) -> None:
    """An agent has thought it less urgent; then the merchant reports that all accounts fail, without a word."""
    sort(anna, "P3", "unknown")
    ticket.act("describe_failure", accounts=[], error_text="")
    assert acts(ticket)[1:] == [["sort"], ["sort"]]
    assert [one["priority"] for one in told(ticket)] == ["P1", "P3", "P1"]


def test_secrets_are_not_told(ticket: Visit, anna: Visit) -> None:
    """Neither what a merchant pastes, nor what an agent notes."""
    ticket.command("support")
    press(anna, "claim")
    hand(anna, "U0BEN", "U0ANNA", f"Token {TOKEN}")
    ticket.act("describe_failure", accounts=[], error_text=f"Error: key {TOKEN} is refused")
    assert "told" in acts(ticket)[-1]
    assert TOKEN[9:30] not in str(told(ticket))


def test_without_mirrors_nothing_is_put_down(config: AppConfig, store: SqliteStore) -> None:
    """They are off unless the operator sets one."""
    erika = Visit(Services(replace(config, clock=Clock()), store), store, ERIKA).meet().go_to("with_support")
    assert rows(erika) == []
    assert "«de:answers.privacy_no_copies »" in str(erika.do(privacy.shown))
    assert "delete_copies" not in str(erika.do(privacy.question))


def test_an_erasure_takes_back_what_is_not_told_yet_and_says_so(ticket: Visit, anna: Visit) -> None:
    """What waits is gone, and the receivers learn that they, too, have something to delete; of a pseudonym."""
    ticket.type("Ein Wort von Erika Beispiel")
    press(anna, "claim")
    later = Clock().now.replace(year=2030)
    under_way = iter(lambda: ticket.store.claim(later, LEASE, frozenset()), None)
    running = next(row for row in under_way if row is not None and row.destination.to == "left")
    ticket.do(privacy.forget)
    being_told, *waiting = rows(ticket)
    assert (being_told["key"], being_told["content"]) == (running.key, {})
    assert [act["name"] for row in waiting for act in row["content"]["acts"]] == ["erased"]
    assert [row["content"]["acts"][0]["name"] for row in rows(ticket, "right")] == ["erased"]
    assert "Erika" not in str(told(ticket))
    assert "U0ERIKA" not in str(told(ticket))


def test_a_merchant_is_told_that_there_are_copies(ticket: Visit, oliver: Visit) -> None:
    """Where they ask what is known of them, and before they delete it; who has no ticket has no copies."""
    assert "«de:answers.privacy_copies »" in str(ticket.do(privacy.shown))
    assert "«de:answers.delete_copies »" in str(ticket.do(privacy.question))
    assert "delete_copies" not in str(oliver.do(privacy.question))


def test_an_erased_agents_name_is_taken_out_of_what_is_not_told_yet(ticket: Visit, anna: Visit) -> None:
    """In every field, since every field is read there."""
    answer(anna, "Grüße von Anna Support", "k1")
    anna.do(privacy.forget)
    assert acts(ticket) == [["file"], ["claim", "answer"]]
    assert "Anna Support" not in str(told(ticket))
    assert "U0ANNA" not in str(told(ticket))
    SyncedTicket.model_validate(told(ticket)[-1])
