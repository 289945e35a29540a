import re

import pytest

from bot.cli import diagram
from conversations.registry import PROCEDURES
from conversations.ticket.chart import TicketChart


def _part(heading: str) -> str:
    """What the document says below this heading of the first level."""
    _, _, after = diagram.document().partition(f"\n# {heading}\n")
    return after.partition("\n# ")[0]


def test_the_diagram_in_the_docs_is_current() -> None:
    """docs/diagram.md is what `amazon-token diagram --write` would write now."""
    assert diagram.FILE.read_text("utf-8") == diagram.document(), "run: amazon-token diagram --write"


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_way_but_back_and_cancel_is_drawn(name: str) -> None:
    """The diagram holds each way between two states under its event, and leaves out „back“ and „cancel“ only."""
    procedure = PROCEDURES[name]
    assert diagram.mermaid(procedure) in _part(f"The procedure `{name}`")
    drawn = set(re.findall(r"^    (\w+) --> (\w+) : (\w+)", diagram.mermaid(procedure), re.MULTILINE))
    ways = {
        (state.id, way.target.id, event.id)
        for state in procedure.chart.states
        for way in state.transitions
        if not way.internal
        for event in way.events
        if event.id not in {"back", "cancel"}
    }
    assert drawn == ways


def test_the_tickets_chart_is_drawn_whole() -> None:
    """Each way between two states of a ticket is drawn under its event, and what stays is listed."""
    drawn = set(re.findall(r"^    (\w+) --> (\w+) : (\w+)", diagram.ticket_mermaid(), re.MULTILINE))
    ways = {
        (state.id, way.target.id, event.id)
        for state in TicketChart.states
        for way in state.transitions
        for event in way.events
    }
    assert drawn == {way for way in ways if way[0] != way[1]}
    listed = set(re.findall(r"^- `(\w+)`: `(\w+)`$", _part("The ticket as a diagram"), re.MULTILINE))
    assert listed == {(source, event) for source, target, event in ways if source == target}


@pytest.mark.parametrize("name", PROCEDURES)
def test_events_that_stay_are_listed(name: str) -> None:
    """An event that does not leave its state is named below the diagram of its procedure."""
    listed = set(re.findall(r"^- `(\w+)`: `(\w+)`$", _part(f"The procedure `{name}`"), re.MULTILINE))
    assert listed == {
        (state.id, event.id)
        for state in PROCEDURES[name].chart.states
        for way in state.transitions
        if way.internal
        for event in way.events
    }
    if name == "amazon_token":
        assert ("ready_to_disable", "not_now") in listed
