"""The chart as a picture: a Mermaid diagram, drawn from the chart itself."""

from pathlib import Path

from statemachine.contrib.diagram.extract import extract
from statemachine.contrib.diagram.model import DiagramGraph
from statemachine.contrib.diagram.renderers.mermaid import MermaidRenderer, MermaidRendererConfig

from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.steps import STEPS

FILE = Path(__file__).parents[1] / "docs" / "diagram.md"

_LEFT_OUT = frozenset({"back", "cancel"})
_HEAD = """\
# The walkthrough as a diagram

Made by `amazon-token diagram --write` from `conversations/amazon_token/chart.py`; do not edit it by hand.

Each box is a state; a number before its name is the step that people read ("Schritt 7 von 17"). An arrow is an event,
in brackets the guard that must hold. Events that leave the state where it is are listed below the diagram.
Two events are left out, because they would cover everything else: **back** leads from a step to the one the
person came from (a guard compares with the trail), and **cancel** leads from every state that is no end to `cancelled`.

"""


def mermaid() -> str:
    """The chart in Mermaid's language, without „back“ and „cancel“."""
    return str(MermaidRenderer(MermaidRendererConfig(direction="TB")).render(_graph()))


def document() -> str:
    """The whole of docs/diagram.md."""
    staying = sorted({f"- `{one.source}`: `{one.event}`" for one in _graph().transitions if one.is_internal})
    return f"{_HEAD}```mermaid\n{mermaid()}```\n\n## Events that stay\n\n" + "\n".join(staying) + "\n"


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
