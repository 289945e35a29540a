import pytest

from conversations.ticket.chart import NotPossible, apply

STATES = ("open", "claimed", "resolved")
WAYS = {
    ("open", "claim"): "claimed",
    ("open", "resolve"): "resolved",
    ("claimed", "resolve"): "resolved",
    ("resolved", "reopen"): "open",
}
EVERY_PAIR = [(state, event) for state in STATES for event in ("claim", "resolve", "reopen")]


@pytest.mark.parametrize(("state", "event"), EVERY_PAIR)
def test_every_event_in_every_state(state: str, event: str) -> None:
    """A state takes exactly the events of the table; any other is not possible and says which one it was."""
    if (state, event) in WAYS:
        assert apply(state, event) == WAYS[state, event]
        return
    with pytest.raises(NotPossible) as caught:
        apply(state, event)
    assert (caught.value.state, caught.value.event) == (state, event)


@pytest.mark.parametrize("event", ["delete", "send", "state", "", "__class__"])
def test_a_name_that_is_no_event_is_not_possible(event: str) -> None:
    """A forged event name is refused, also when the chart has an attribute of that name."""
    with pytest.raises(NotPossible):
        apply("open", event)


def test_a_state_that_no_ticket_has_is_a_fault() -> None:
    """A stored state that does not exist is reported as a fault, not as a press that came too late."""
    with pytest.raises(ValueError, match="state"):
        apply("lost", "claim")
