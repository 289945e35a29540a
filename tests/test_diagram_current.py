import re

from bot.cli import diagram
from conversations.amazon_token.chart import TokenChart
from conversations.ticket.chart import TicketChart


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
    _, _, ticket = diagram.document().partition("## Acts that stay")
    listed = set(re.findall(r"^- `(\w+)`: `(\w+)`$", ticket, re.MULTILINE))
    assert listed == {(source, event) for source, target, event in ways if source == target}


def test_events_that_stay_are_listed() -> None:
    """An event that does not leave its state is named below the diagram."""
    listed = set(re.findall(r"^- `(\w+)`: `(\w+)`$", diagram.document().partition("# The ticket")[0], re.MULTILINE))
    assert listed == {
        (state.id, event.id)
        for state in TokenChart.states
        for way in state.transitions
        if way.internal
        for event in way.events
    }
    assert ("ready_to_disable", "postpone") in listed
