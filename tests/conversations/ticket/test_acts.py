"""Who may do what with a ticket: one table, which the chart and docs/agents.md confirm."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from ticket_samples import SAMPLE_CASE

from conversations.engine.texts import LANGUAGES
from conversations.ticket.acts import ACTS, offered, refusal
from conversations.ticket.chart import NotPossible, apply
from conversations.ticket.models import TicketState
from tests.guides import GUIDES

STATES = get_args(TicketState)
EVENTS = {"claim": "claim", "resolve": "resolve", "reopen": "reopen", "close": "close", "hand": "hand", "take": "hand",
          "release": "release", "postpone": "postpone"}  # fmt: skip
"""The acts that are an event of the chart; `answer` claims an open ticket first."""
WHO = {"any": "any agent", "owner": "the owner", "owner_or_free": "the owner; any agent while there is none"}


@pytest.mark.parametrize("name", EVENTS)
def test_the_table_allows_what_the_chart_can_do(name: str) -> None:
    """No more and no less: so an act that is permitted never fails afterwards."""

    def possible(state: TicketState) -> bool:
        try:
            apply(state, EVENTS[name])
        except NotPossible:
            return False
        return True

    assert {state for state in STATES if possible(state)} == ACTS[name].states


def test_answering_is_for_the_owner_or_for_whoever_is_first() -> None:
    """And for nobody once the ticket is over."""
    free, owned = SAMPLE_CASE, replace(SAMPLE_CASE, state="claimed", claimed_by="U0ANNA")
    assert refusal("answer", free, "U0BEN") is None
    assert refusal("answer", owned, "U0ANNA") is None
    assert refusal("answer", owned, "U0BEN") == "owner"
    assert refusal("answer", replace(owned, state="resolved"), "U0ANNA") == "state"


def test_what_only_the_owner_does() -> None:
    """Nobody gives away, or plans steps in, what a colleague has."""
    owned = replace(SAMPLE_CASE, state="claimed", claimed_by="U0ANNA")
    refused = {name for name in ACTS if refusal(name, owned, "U0BEN") == "owner"}
    assert refused == {"answer", "step", "release", "postpone"}
    assert all(refusal(name, owned, "U0ANNA") is None for name in offered("claimed", "button"))


def test_the_card_offers_what_is_of_use() -> None:
    """Five entries at most in a menu; a ticket without an owner is taken from nobody."""
    assert offered("open", "button") == ("claim", "answer", "resolve", "history")
    assert offered("resolved", "button") == ("reopen", "close", "history")
    assert "take" not in offered("open", "menu")
    assert offered("closed", "menu") == ()
    assert all(len(offered(state, "menu")) <= 5 for state in STATES)


@pytest.mark.parametrize("name", ACTS)
def test_the_manual_says_who_may(name: str) -> None:
    """Each act has a row in docs/agents.md with its button in both languages and who may press it."""
    german, english = (GUIDES[language].say(f"ticket.buttons.{name}").removesuffix(" …") for language in LANGUAGES)
    text = (Path(__file__).parents[3] / "docs" / "agents.md").read_text("utf-8")
    assert f"| {english} | {german} | {WHO[ACTS[name].who]} |" in text


def test_the_manual_is_read_in_three_minutes() -> None:
    """At 250 words a minute; the rest is in docs/agents-details.md."""
    words = (Path(__file__).parents[3] / "docs" / "agents.md").read_text("utf-8").replace("|", " ").split()
    assert len(words) <= 750
