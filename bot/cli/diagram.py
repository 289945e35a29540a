"""The charts as pictures: Mermaid diagrams, drawn from the charts themselves."""

from pathlib import Path

from statemachine.contrib.diagram.extract import extract
from statemachine.contrib.diagram.model import DiagramGraph, DiagramTransition
from statemachine.contrib.diagram.renderers.mermaid import MermaidRenderer, MermaidRendererConfig

from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.steps import STEPS
from conversations.ticket.chart import TicketChart

FILE = Path(__file__).parents[2] / "docs" / "diagram.md"

_LEFT_OUT = frozenset({"back", "cancel"})
_HEAD = """\
# The walkthrough as a diagram

Made by `amazon-token diagram --write` from `conversations/amazon_token/chart.py`; do not edit it by hand.

Each box is a state; a number before its name is the step that people read ("Schritt 7 von 17"). An arrow is an event,
in brackets the guard that must hold. Events that leave the state where it is are listed below the diagram.
Two events are left out, because they would cover everything else: **back** leads from a step to the one the
person came from (a guard compares with the trail), and **cancel** leads from every state that is no end to `cancelled`.

"""
_TICKET_HEAD = """\

# The ticket as a diagram

Drawn from `conversations/ticket/chart.py` by the same command. `answer`: the agent wrote to the merchant. `hear`: the
merchant wrote. `expire`: the merchant owed a word and never said it. What leaves the state as it is stands below.

"""


def mermaid() -> str:
    """The chart in Mermaid's language, without „back“ and „cancel“."""
    return str(MermaidRenderer(MermaidRendererConfig(direction="TB")).render(_graph()))


def document() -> str:
    """The whole of docs/diagram.md: the walkthrough and the ticket."""
    staying = sorted({f"- `{one.source}`: `{one.event}`" for one in _graph().transitions if one.is_internal})
    walk = f"{_HEAD}```mermaid\n{mermaid()}```\n\n## Events that stay\n\n" + "\n".join(staying) + "\n"
    same = sorted({f"- `{one.source}`: `{one.event}`" for one in _ticket().transitions if _stays(one)})
    ticket = f"{_TICKET_HEAD}```mermaid\n{ticket_mermaid()}```\n\n## Acts that stay\n\n" + "\n".join(same) + "\n"
    return walk + ticket


def ticket_mermaid() -> str:
    """The ticket's chart in Mermaid's language, without what leaves the state as it is."""
    graph = _ticket()
    graph.transitions = [one for one in graph.transitions if not _stays(one)]
    return str(MermaidRenderer(MermaidRendererConfig(direction="TB")).render(graph))


def _ticket() -> DiagramGraph:
    graph = extract(TicketChart)
    for state in graph.states:
        state.name = state.id
        state.actions = []
    for transition in graph.transitions:
        transition.event = transition.event.lower().replace(" ", "_")
    return graph


def _stays(transition: DiagramTransition) -> bool:
    return transition.targets == [transition.source]


def _graph() -> DiagramGraph:
    """What is drawn: states and events by their IDs, states with their numbers."""
    graph = extract(TokenChart)
    for state in graph.states:
        number = STEPS[state.id].number
        state.name = state.id if number is None else f"{number} {state.id}"
        state.actions = []
    for transition in graph.transitions:
        # The library has put the event's display name here, which it derives from the ID.
        transition.event = transition.event.lower().replace(" ", "_")
    graph.transitions = [one for one in graph.transitions if one.event not in _LEFT_OUT]
    return graph
