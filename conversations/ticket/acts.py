"""Who may do what with a ticket, and when. The card, the services and docs/agents.md follow this one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from conversations.ticket.models import TicketFacts, TicketState

Place = Literal["button", "menu", "timeline"]
Who = Literal["any", "owner", "owner_or_free"]
"""Any agent, the ticket's owner, or the owner and, while there is none, any agent."""

_ALL: frozenset[TicketState] = frozenset(get_args(TicketState))
_OWNED: frozenset[TicketState] = frozenset({"claimed", "waiting_for_merchant", "waiting_for_support", "postponed"})
_UNDER_WAY: frozenset[TicketState] = _OWNED | frozenset({"open"})
_OVER = _ALL - _UNDER_WAY


@dataclass(frozen=True)
class AgentAct:
    """What an agent can do in some states, and where it is offered: not where it is of no use."""

    who: Who
    states: frozenset[TicketState]
    place: Place
    of_no_use: frozenset[TicketState] = frozenset()


ACTS: Mapping[str, AgentAct] = {
    "claim": AgentAct("any", frozenset({"open"}), "button"),
    "answer": AgentAct("owner_or_free", _UNDER_WAY, "button"),
    "resolve": AgentAct("any", _UNDER_WAY, "button"),
    "reopen": AgentAct("any", _OVER, "button"),
    "close": AgentAct("any", frozenset({"resolved"}), "button"),
    "postpone": AgentAct("owner", _OWNED, "button"),
    "history": AgentAct("any", _ALL, "button"),
    "step": AgentAct("owner", _OWNED, "menu"),
    "hand": AgentAct("any", _UNDER_WAY, "menu"),
    "take": AgentAct("any", _UNDER_WAY, "menu", of_no_use=frozenset({"open"})),
    "release": AgentAct("owner", _OWNED, "menu"),
    "sort": AgentAct("any", _UNDER_WAY, "menu"),
    "merge": AgentAct("any", _UNDER_WAY, "timeline"),
}
"""By the name of the button, in the order shown."""


def offered(state: TicketState, place: Place, *, merged: bool = False) -> tuple[str, ...]:
    """The acts that the card offers in that place. All agents see the same card, so it is not looked at who may.

    A ticket that was `merged` into another goes on there: it can only be looked at.
    """
    return tuple(
        name
        for name, act in ACTS.items()
        if act.place == place and state in act.states - act.of_no_use and (name == "history" or not merged)
    )


def refusal(name: str, ticket: TicketFacts, user_id: str) -> Literal["state", "owner"] | None:
    """Why this agent may not do it now: the ticket's state, or that it is not theirs; `None` if they may."""
    act = ACTS[name]
    if ticket.state not in act.states or (ticket.merged_into is not None and name != "history"):
        return "state"
    may = {"any": True, "owner": ticket.claimed_by == user_id, "owner_or_free": ticket.claimed_by in {None, user_id}}
    return None if may[act.who] else "owner"
