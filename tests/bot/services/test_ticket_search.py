"""`tickets …` finds what an agent remembers of a ticket: its number, a person, words, the category, the state."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.services.context import Actor
from tests.bot.services.test_agent_messages import send
from tests.bot.services.test_error_evidence import SELLER
from tests.bot.services.test_ticket_actions import press
from tests.bot.services.visits import Clock, Visit

FOUND = {
    "1001": [1001], "#1002": [1002], "4711": [], "9" * 400: [],
    "<@U0ERIKA>": [1001], "<@U0OLIVER|oliver>": [1002, 1003], "<@U0ANNA|anna>": [1001, 1003],
    "erika": [1001], "Oliver Sample": [1002, 1003], "Frau": [],
    "NERVOUS": [1001], "an answer": [1001], "seller_id": [1002, 1003], "Oliver seller_id": [1002, 1003],
    "Erika seller_id": [],
    "P3": [1002, 1001, 1003], "closed": [1003], "geschlossen": [1003], "offen": [1002, 1001], "neu": [1002],
    "wartend": [1001], "gelöst": [], "mine": [1001], "mine closed": [1003], "meine Erika": [1001], "alt Erika": [],
    "%": [], "*": [],
}  # fmt: skip


def numbers(answer: Any) -> list[int]:
    """The tickets in an answer, in the order shown."""
    return [int(number) for number in re.findall(r"'value': 't(\d+):0'", str(answer))]


@pytest.fixture
def desk(clocked: Any, erika: Visit, oliver: Visit, anna: Visit) -> Visit:
    """1001: Erika's, answered by Anna. 1002: Oliver's, new, with an error. 1003: Oliver's, closed by Anna."""
    assert isinstance(clocked.config.clock, Clock)
    erika.begin()
    erika.submit("help", sentence="so nervous")
    send(anna, "an answer")
    oliver.begin()
    oliver.submit("help", sentence=SELLER)
    oliver.act("cancel")
    oliver.command("support")
    for act in ("claim", "resolve", "close"):
        press(anna, act, 1003)
    return anna


@pytest.mark.parametrize("query", FOUND)
def test_a_ticket_is_found_by_what_is_remembered_of_it(desk: Visit, query: str) -> None:
    """Every word must fit; what is under way comes first, the most urgent on top."""
    answer = desk.command(f"tickets {query}")
    assert numbers(answer) == FOUND[query]
    assert ("answers.tickets_" if FOUND[query] else "answers.no_tickets_found") in str(answer)


def test_old_and_found(desk: Visit) -> None:
    """What has been open for more than a day, and fits the other words."""
    clock = desk.services.config.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(days=2)
    assert numbers(desk.command("tickets alt erika")) == [1001]
    assert numbers(desk.command("tickets old closed")) == []


def test_only_agents_find_and_only_in_their_workspace(desk: Visit, erika: Visit) -> None:
    """A merchant is told so; an agent of another workspace finds nothing, by number neither."""
    assert "agents_only" in str(erika.command("tickets nervous"))
    desk.who = Actor("T2", "U0ANNA", is_agent=True)
    for query in ("1001", "nervous", "<@U0ERIKA>"):
        assert numbers(desk.command(f"tickets {query}")) == []


def test_the_card_names_the_earlier_tickets(desk: Visit) -> None:
    """Only those before it, and only this merchant's."""
    with desk.store.transaction() as tx:
        keys = {number: ticket.card_key for number in (1001, 1002, 1003) if (ticket := tx.ticket(number)) is not None}
    posted = {row["key"]: str(row["content"]) for row in desk.rows("post", to="C0SUPPORT")}
    assert "«de:ticket.card.earlier 1002»" in posted[keys[1003]]
    assert "card.earlier" not in posted[keys[1002]]
    assert "card.earlier" not in posted[keys[1001]]
