import re

from bot import diagram
from conversations.amazon_token.chart import TokenChart


def test_the_diagram_in_the_docs_is_current() -> None:
    """docs/diagram.md is what `amazon-token diagram --write` would write now."""
    assert diagram.FILE.read_text("utf-8") == diagram.document(), "run: amazon-token diagram --write"


def test_every_way_but_back_and_cancel_is_drawn() -> None:
    """The diagram holds each way between two states under its event, and leaves out „back“ and „cancel“ only."""
    drawn = set(re.findall(r"^    (\w+) --> (\w+) : (\w+)", diagram.mermaid(), re.MULTILINE))
    ways = {
        (state.id, way.target.id, event.id)
        for state in TokenChart.states
        for way in state.transitions
        if not way.internal
        for event in way.events
        if event.id not in {"back", "cancel"}
    }
    assert drawn == ways


def test_events_that_stay_are_listed() -> None:
    """An event that does not leave its state is named below the diagram."""
    listed = set(re.findall(r"^- `(\w+)`: `(\w+)`$", diagram.document(), re.MULTILINE))
    assert listed == {
        (state.id, event.id)
        for state in TokenChart.states
        for way in state.transitions
        if way.internal
        for event in way.events
    }
    assert ("ready_to_disable", "postpone") in listed
