"""The chart of a ticket: who has to answer next, and which events lead from one state to another."""

from typing import Any, cast

from pydantic import BaseModel, ConfigDict
from statemachine import State, StateChart

from conversations.engine.charts import ReusedChart
from conversations.ticket.models import TicketState

OVER: frozenset[TicketState] = frozenset({"resolved", "closed"})
"""Nobody has to answer, until somebody writes again."""
IN_CONVERSATION: frozenset[TicketState] = frozenset({"waiting_for_merchant", "waiting_for_support", "postponed"})
"""An agent and the merchant are writing to each other, so the bot does not answer the merchant's messages."""


class NotPossible(Exception):  # noqa: N818 - it is an answer, not a fault
    """The ticket's state does not allow the event: somebody else was faster, or the button is outdated."""

    def __init__(self, state: str, event: str) -> None:
        self.state = state
        self.event = event
        super().__init__(f"{event} is not possible while the ticket is {state}")


class TicketPosition(BaseModel):
    """The chart's model: the state. An unknown one raises `ValidationError`.

    `owned`: an agent owns the ticket. `owed`: in what is merged into it, support owes an answer.
    """

    model_config = ConfigDict(validate_assignment=True)

    state: TicketState = "open"
    owned: bool = False
    owed: bool = False


class TicketChart(StateChart[TicketPosition]):
    """The states of a ticket. A second claim is refused, so that two agents never both believe that it is theirs.

    `answer`: the agent wrote to the merchant. `hear`: the merchant wrote. `expire`: the merchant did not answer in
    time. `postpone`: support waits until a date, for its own development perhaps; `wake`: the date has come, and `hear`
    wakes it too. `absorb`: a duplicate was merged into this ticket; `merge`: this one was merged into another.
    A ticket that had an owner goes back to that owner when it is reopened.
    """

    atomic_configuration_update = True
    catch_errors_as_events = False
    allow_event_without_transition = False

    open = State(initial=True)
    claimed = State()
    waiting_for_merchant = State()
    waiting_for_support = State()
    postponed = State()
    resolved = State()
    closed = State()

    claim = open.to(claimed)  # noqa: A003 - `open` is the state here
    answer = (
        claimed.to(waiting_for_merchant)
        | waiting_for_support.to(waiting_for_merchant)
        | waiting_for_merchant.to(waiting_for_merchant)
        | postponed.to(postponed)
    )
    hear = (
        open.to(open)  # noqa: A003
        | claimed.to(waiting_for_support)
        | waiting_for_merchant.to(waiting_for_support)
        | waiting_for_support.to(waiting_for_support)
        | postponed.to(waiting_for_support)
    )
    postpone = (
        claimed.to(postponed)
        | waiting_for_merchant.to(postponed)
        | waiting_for_support.to(postponed)
        | postponed.to(postponed)
    )
    wake = postponed.to(waiting_for_support)
    hand = (
        open.to(claimed)  # noqa: A003
        | claimed.to(claimed)
        | waiting_for_merchant.to(waiting_for_merchant)
        | waiting_for_support.to(waiting_for_support)
        | postponed.to(postponed)
    )
    release = (
        claimed.to(open)  # noqa: A003
        | waiting_for_merchant.to(open)  # noqa: A003
        | waiting_for_support.to(open)  # noqa: A003
        | postponed.to(open)  # noqa: A003
    )
    resolve = (
        open.to(resolved)  # noqa: A003
        | claimed.to(resolved)
        | waiting_for_merchant.to(resolved)
        | waiting_for_support.to(resolved)
        | postponed.to(resolved)
    )
    absorb = (
        open.to(claimed, cond="owned")  # noqa: A003
        | open.to(open)  # noqa: A003
        | claimed.to(claimed)
        | waiting_for_merchant.to(waiting_for_support, cond="owed")
        | waiting_for_merchant.to(waiting_for_merchant)
        | waiting_for_support.to(waiting_for_support)
        | postponed.to(waiting_for_support, cond="owed")
        | postponed.to(postponed)
    )
    merge = (
        open.to(closed)  # noqa: A003
        | claimed.to(closed)
        | waiting_for_merchant.to(closed)
        | waiting_for_support.to(closed)
        | postponed.to(closed)
    )
    close = resolved.to(closed)
    expire = waiting_for_merchant.to(closed) | resolved.to(closed)
    reopen = (
        resolved.to(waiting_for_support, cond="owned")
        | closed.to(waiting_for_support, cond="owned")
        | resolved.to(open)  # noqa: A003
        | closed.to(open)  # noqa: A003
    )

    def __init__(self) -> None:
        super().__init__(TicketPosition(), state_field="state")


_CHART = ReusedChart(TicketChart)


def apply(state: str, event: str, *, owned: bool = False, owed: bool = False) -> TicketState:
    """The state after `event`. Raises `NotPossible`, or `ValueError` for an unknown state."""
    with _CHART.borrow() as chart:
        ticket = chart.model
        ticket.state, ticket.owned, ticket.owed = cast("TicketState", state), owned, owed  # checked on assignment
        offered: list[Any] = chart.enabled_events()
        if event not in {possible.id for possible in offered}:
            raise NotPossible(state, event)
        chart.send(event)
        return ticket.state
