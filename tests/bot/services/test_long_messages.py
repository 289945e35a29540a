"""A message that is too long for Slack goes on in its thread, and what is there changes with it."""

from typing import Any

import pytest

from bot.blocks.kit import Content, section
from bot.services.publisher import part_key
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Destination
from bot.store.sqlite import SqliteStore
from tests.bot.services.visits import ANNA, URL, Visit

CARD = "c" * 32
CHANNEL = Destination("T1", "C0SUPPORT")


def long(*digits: str) -> Content:
    """Six blocks of text for each digit: more than one message takes."""
    return {"text": "1", "blocks": [section(f"[{digit}]" + " ·" * 1000) for digit in digits for _ in range(6)]}


def rows(store: SqliteStore, services: Services) -> list[Any]:
    return Visit(services, store, ANNA).rows(to="C0SUPPORT")


@pytest.fixture
def posted(services: Services) -> Services:
    services.unit_of_work(lambda unit: unit.post(CHANNEL, long("1"), key=CARD))
    return services


def test_what_is_too_long_goes_on_in_the_thread(posted: Services, store: SqliteStore) -> None:
    """The rest is posted behind the message, in its thread, under a key that follows from the message's."""
    card, rest = rows(store, posted)
    assert (card["key"], card["thread"]) == (CARD, None)
    assert (rest["key"], rest["thread"], rest["method"]) == (part_key(CARD, 1), CARD, "post")
    assert card["ordering_key"] == rest["ordering_key"]
    assert "frame.rest_in_thread" in str(card["content"])
    assert str([card["content"]["blocks"], rest["content"]["blocks"]]).count("[1]") == 6


def test_a_change_changes_what_is_in_the_thread(posted: Services, store: SqliteStore) -> None:
    """A message that grows gets another part; nothing is posted twice."""
    posted.unit_of_work(lambda unit: unit.update(CARD, CHANNEL, long("2", "3")))
    changed = rows(store, posted)[2:]
    assert [(row["method"], row["target"], row["thread"]) for row in changed] == [
        ("update", CARD, None),
        ("update", part_key(CARD, 1), None),
        ("post", None, CARD),
    ]
    assert changed[-1]["key"] == part_key(CARD, 2)


def test_what_is_not_needed_any_more_says_so(posted: Services, store: SqliteStore) -> None:
    """When everything fits again, no old words stay in the thread."""
    posted.unit_of_work(lambda unit: unit.update(CARD, CHANNEL, {"text": "1", "blocks": [section("1")]}))
    card, rest = rows(store, posted)[2:]
    assert (card["target"], rest["target"]) == (CARD, part_key(CARD, 1))
    assert "frame.rest_in_thread" not in str(card["content"])
    assert "«de:frame.rest_gone »" in str(rest["content"])


def test_a_reply_goes_on_in_the_same_thread(posted: Services, store: SqliteStore) -> None:
    """A reply has no thread of its own."""
    posted.unit_of_work(lambda unit: unit.post(CHANNEL, long("4"), key="d" * 32, thread=CARD))
    assert [row["thread"] for row in rows(store, posted)[2:]] == [CARD, CARD]


def test_an_answer_goes_on_below_it(erika: Visit) -> None:
    """An answer to a press has no thread: what follows is seen by the same person only, in order."""
    erika.do(lambda unit: unit.respond(URL, long("5")))
    first, rest = erika.rows("respond")
    assert rest["response_url"] == first["response_url"]
    assert rest["content"]["response_type"] == "ephemeral"
    assert rest["content"]["replace_original"] is False


def test_the_answer_to_a_command_goes_on_at_its_response_url(erika: Visit) -> None:
    """An acknowledgement takes one message."""

    def case(unit: UnitOfWork) -> Content:
        return unit.begin_answer(long("6"), URL)

    first = erika.do(case)
    assert "«de:frame.rest_follows »" in str(first)
    (rest,) = erika.rows("respond")
    assert str([first["blocks"], rest["content"]["blocks"]]).count("[6]") == 6
