"""Boiling water: the smallest procedure, and where the other one hands over to."""

from collections.abc import Mapping, Sequence
from typing import Any

from statemachine import State

from conversations.engine.charts import WalkChart, ways_back
from conversations.engine.examples import Act, Examples
from conversations.engine.formatter import Formatter, Section, StepTime
from conversations.engine.pictures import Pictures
from conversations.engine.procedure import (
    UNKNOWN,
    Handover,
    Measures,
    Offer,
    Procedure,
    ProcedureTexts,
    Step,
    TicketRules,
)
from conversations.engine.settings import ProcedureSettings
from conversations.engine.walk_state import ProcedureFacts, WalkState
from conversations.ticket import progress


class TeaFacts(ProcedureFacts):
    """How many machines there were, if somebody comes from them."""

    machines: int | None = None


class TeaChart(WalkChart):
    """Two steps, and the way to coffee."""

    boil_water = State(initial=True)
    add_tea = State()
    done = State(final=True)
    cancelled = State(final=True)
    transferred = State(final=True)

    advance = boil_water.to(add_tea) | add_tea.to(done)
    rather_coffee = boil_water.to(transferred, cond="goes_on")
    back = ways_back(boil_water, add_tea)
    cancel = cancelled.from_(boil_water, add_tea)


def _sections(formatter: Formatter, walk: Any, _times: Sequence[StepTime]) -> Mapping[str, Section]:
    return {"walk": formatter.section("walk", progress.stands_at(formatter, walk))}


def _carry(handover: Handover) -> WalkState[TeaFacts]:
    return PROCEDURE.begin(TeaFacts(machines=len(getattr(handover.facts, "machines", ()))))


PROCEDURE: Procedure[TeaFacts, ProcedureSettings] = Procedure(
    id="tea_kettle",
    chart=TeaChart,
    facts=TeaFacts,
    settings=ProcedureSettings,
    steps={
        "boil_water": Step(number=1, offers=(Offer("advance"), Offer("rather_coffee"))),
        "add_tea": Step(number=2, offers=(Offer("advance"),)),
        "done": Step(end="good"),
        "cancelled": Step(end="stopped"),
        "transferred": Step(end="transferred"),
    },
    texts=ProcedureTexts(package="tests.toys.tea_kettle", records={"rather_coffee": ""}),
    pictures=Pictures(
        package="tests.toys.tea_kettle", by_step={}, of=lambda _step, _facts, _settings: None,
        beforehand=lambda _settings: (),
    ),
    tickets=TicketRules(
        effect=lambda _step, _event: None, reason="no_water", priority=lambda _walk, _reason: "P3",
        categories=(UNKNOWN,), triage=lambda _text: UNKNOWN, is_error_message=lambda _text: False, sections=_sections,
    ),
    measures=Measures(funnel=("boil_water", "done")),
    examples=Examples(way=(Act("boil_water", "advance"), Act("add_tea", "advance"))),
    transfers={"rather_coffee": "coffee_machine"},
    carry=_carry,
)  # fmt: skip
