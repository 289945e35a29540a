"""The chart of a ticket: open, claimed, resolved, and what leads from one to another."""

from typing import Any, Literal

from pydantic import BaseModel
from statemachine import State, StateChart

TicketStateName = Literal["open", "claimed", "resolved"]


class NotPossible(Exception):  # noqa: N818 - it is an answer, not a fault
    """The ticket's state does not allow the event: somebody else was faster, or the button is an old one."""

    def __init__(self, state: str, event: str) -> None:
        self.state = state
        self.event = event
        super().__init__(f"{event} is not possible while the ticket is {state}")


class TicketState(BaseModel):
    """The chart's model: one word."""

    state: TicketStateName = "open"


class TicketChart(StateChart[TicketState]):
    """The life of a ticket. Claiming twice is refused, so that two agents never both believe it is theirs."""

    atomic_configuration_update = True
    catch_errors_as_events = False
    allow_event_without_transition = False

    open = State(initial=True)
    claimed = State()
    resolved = State()

    claim = open.to(claimed)  # noqa: A003 - the state is meant
    resolve = open.to(resolved) | claimed.to(resolved)  # noqa: A003
    reopen = resolved.to(open)  # noqa: A003

    def __init__(self, model: TicketState) -> None:
        super().__init__(model, state_field="state")


def apply(state: str, event: str) -> TicketStateName:
    """The state after `event`. Raises `NotPossible`, or `ValueError` for a state that no ticket has."""
    ticket = TicketState.model_validate({"state": state})
    chart = TicketChart(ticket)
    offered: list[Any] = chart.enabled_events()
    if event not in {one.id for one in offered}:
        raise NotPossible(state, event)
    chart.send(event)
    return ticket.state
