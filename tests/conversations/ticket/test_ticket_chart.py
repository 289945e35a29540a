import pytest
from statemachine.exceptions import TransitionNotAllowed

from conversations.ticket.chart import OVER, NotPossible, TicketChart, apply

STATES = ("open", "claimed", "waiting_for_merchant", "waiting_for_support", "postponed", "resolved", "closed")
EVENTS = ("claim", "answer", "hear", "hand", "release", "resolve", "close", "expire", "reopen", "postpone", "wake",
          "absorb", "merge")  # fmt: skip
WAYS = {
    ("open", "claim"): "claimed",
    ("open", "hear"): "open",
    ("open", "hand"): "claimed",
    ("open", "resolve"): "resolved",
    ("claimed", "answer"): "waiting_for_merchant",
    ("claimed", "hear"): "waiting_for_support",
    ("claimed", "hand"): "claimed",
    ("claimed", "release"): "open",
    ("claimed", "resolve"): "resolved",
    ("waiting_for_merchant", "answer"): "waiting_for_merchant",
    ("waiting_for_merchant", "hear"): "waiting_for_support",
    ("waiting_for_merchant", "hand"): "waiting_for_merchant",
    ("waiting_for_merchant", "release"): "open",
    ("waiting_for_merchant", "resolve"): "resolved",
    ("waiting_for_merchant", "expire"): "closed",
    ("waiting_for_support", "answer"): "waiting_for_merchant",
    ("waiting_for_support", "hear"): "waiting_for_support",
    ("waiting_for_support", "hand"): "waiting_for_support",
    ("waiting_for_support", "release"): "open",
    ("waiting_for_support", "resolve"): "resolved",
    ("claimed", "postpone"): "postponed",
    ("waiting_for_merchant", "postpone"): "postponed",
    ("waiting_for_support", "postpone"): "postponed",
    ("postponed", "postpone"): "postponed",
    ("postponed", "answer"): "postponed",
    ("postponed", "hear"): "waiting_for_support",
    ("postponed", "wake"): "waiting_for_support",
    ("postponed", "hand"): "postponed",
    ("postponed", "release"): "open",
    ("postponed", "resolve"): "resolved",
    **{(state, "absorb"): state for state in STATES[:5]},
    **{(state, "merge"): "closed" for state in STATES[:5]},
    ("resolved", "close"): "closed",
    ("resolved", "expire"): "closed",
    ("resolved", "reopen"): "open",
    ("closed", "reopen"): "open",
}


@pytest.mark.parametrize(("state", "event"), [(state, event) for state in STATES for event in EVENTS])
def test_every_event_in_every_state(state: str, event: str) -> None:
    """A state takes exactly the events of the table; any other is not possible and says which one it was."""
    if (state, event) in WAYS:
        assert apply(state, event) == WAYS[state, event]
        return
    with pytest.raises(NotPossible) as caught:
        apply(state, event)
    assert (caught.value.state, caught.value.event) == (state, event)


@pytest.mark.parametrize("state", sorted(OVER))
def test_a_reopened_ticket_goes_back_to_its_owner(state: str) -> None:
    """Who owned it owes the next word; one that nobody owned is open to anybody."""
    assert apply(state, "reopen", owned=True) == "waiting_for_support"
    assert apply(state, "reopen", owned=False) == "open"


def test_what_is_merged_into_a_ticket_may_make_it_supports_turn() -> None:
    """Where support owed an answer in the duplicate, the merchant's turn is over; its owner has an open ticket then."""
    for state in ("waiting_for_merchant", "postponed"):
        assert apply(state, "absorb", owned=True, owed=True) == "waiting_for_support"
    assert apply("open", "absorb", owned=True) == "claimed"


@pytest.mark.parametrize("event", ["delete", "send", "state", "", "__class__"])
def test_a_name_that_is_no_event_is_not_possible(event: str) -> None:
    """A forged event name is refused, also when the chart has an attribute of that name."""
    with pytest.raises(NotPossible):
        apply("open", event)


def test_a_state_that_no_ticket_has_is_a_fault() -> None:
    """A stored state that does not exist is reported as a fault, not as a press that came too late."""
    with pytest.raises(ValueError, match="state"):
        apply("lost", "claim")


def test_a_tickets_history_is_that_of_fresh_charts() -> None:
    """For each state and event the answer is that of a chart made for it alone, also after refusals."""
    states, events = [s.id for s in TicketChart.states], [str(e.id) for e in TicketChart.events]  # type: ignore[attr-defined]
    for state in states * 2:
        for event in events:
            for owned in (True, False):
                chart = TicketChart()
                chart.model.state, chart.model.owned = state, owned
                try:
                    chart.send(event)
                except TransitionNotAllowed:
                    with pytest.raises(NotPossible):
                        apply(state, event, owned=owned)
                else:
                    assert apply(state, event, owned=owned) == chart.model.state
