"""What a procedure says in one place and denies in another is named before anybody walks through it."""

from dataclasses import replace
from typing import Any

import pytest
from statemachine import State

from conversations.engine.charts import WalkChart, ways_back
from conversations.engine.contradictions import contradictions
from conversations.engine.procedure import AnyProcedure, Field, Form, Offer, Step
from tests.toys.coffee_machine.chart import CoffeeChart
from tests.toys.procedures import COFFEE, TEA, WITH_TOYS


def found(procedure: AnyProcedure) -> list[str]:
    """The keys of what is wrong; each has a reason and a remedy, and names the procedure."""
    problems = list(contradictions(procedure))
    assert all(problem.what and problem.remedy and procedure.id in problem.file for problem in problems)
    return [problem.key for problem in problems]


@pytest.mark.parametrize("procedure", WITH_TOYS.values(), ids=WITH_TOYS)
def test_a_procedure_that_works_has_none(procedure: AnyProcedure) -> None:
    """Neither a real procedure nor a toy is complained about."""
    assert found(procedure) == []


@pytest.mark.parametrize("event", ["drinks_coffee", "list_machines", "drinks_tea"])
def test_an_event_that_leads_on_needs_a_record(event: str) -> None:
    """A press, a form and a handover: each replaces the answered message by a line, and without one it fails."""
    records = {name: values for name, values in COFFEE.texts.records.items() if name != event}
    assert found(replace(COFFEE, texts=replace(COFFEE.texts, records=records))) == [f"records.{event}"]


def test_an_event_that_stays_needs_no_record() -> None:
    """The step is shown again then, whatever was said; `advance`, `back` and `cancel` have texts of their own."""
    assert {"describe_taste", "advance", "back", "cancel"}.isdisjoint(COFFEE.texts.records)
    assert found(COFFEE) == []


def test_a_state_and_a_step_of_different_names_are_told_apart() -> None:
    """The message says which side has the name and which has not."""
    renamed = {("steep_tea" if name == "add_tea" else name): step for name, step in TEA.steps.items()}
    first, second = contradictions(replace(TEA, steps=renamed))
    assert (first.key, second.key) == ("steps.add_tea", "steps.steep_tea")
    assert first.what.startswith("the chart has")
    assert second.what.startswith("`steps` has")


def test_an_offer_that_no_transition_takes_is_named() -> None:
    """A misspelt offer would never be a button, and nobody would notice."""
    steps = {**TEA.steps, "add_tea": Step(number=2, offers=(Offer("advanced"),))}
    assert found(replace(TEA, steps=steps)) == ["offers.advanced"]


def test_a_form_without_a_reader_is_named() -> None:
    """Nobody would take what was filled in."""
    readers = {event: read for event, read in COFFEE.readers.items() if event != "describe_taste"}
    (problem,) = contradictions(replace(COFFEE, readers=readers))
    assert problem.key == "readers.describe_taste"
    assert "`taste_report`" in problem.what


@pytest.mark.parametrize(
    ("fields", "more", "fits"),
    [
        ((Field(name="names"),), {"typed": "names"}, True),
        ((Field(name="names", paragraph=True),), {"typed": "names"}, False),
        ((Field(name="names"), Field(name="more")), {"typed": "names"}, False),
        ((Field(name="names"),), {}, False),
        ((Field(name="names"),), {"typed": "names", "secret": True}, False),
    ],
    ids=["a line", "a paragraph", "two fields", "not typed", "a secret"],
)
def test_a_form_in_the_message_is_one_line(fields: tuple[Field, ...], more: dict[str, Any], *, fits: bool) -> None:
    """Only a line is sent with Enter; where no field can be shown, the value is a message; no secret stays there."""
    forms = {**COFFEE.forms, "machine_names": Form(fields=fields, in_message=True, **more)}
    assert found(replace(COFFEE, forms=forms)) == ([] if fits else ["forms.machine_names"])


def test_an_action_that_no_event_runs_is_named() -> None:
    """A misspelt action is never called: what it was to change stays as it was, and something else fails later."""

    class Misspelt(CoffeeChart):
        """The chart, with one letter missing."""

        def on_list_machine(self, facts: Any) -> None:
            """Never called."""

        def on_enter_first_taste(self) -> None:
            """Called by python-statemachine, as it should be."""

    assert found(replace(COFFEE, chart=Misspelt)) == ["chart.on_list_machine"]


def test_a_way_to_another_procedure_needs_its_guard() -> None:
    """Without it somebody would be handed over to a procedure that is not there."""

    class Unguarded(WalkChart):
        """The kettle's chart, its way to coffee open to everybody."""

        boil_water = State(initial=True)
        add_tea = State()
        done = State(final=True)
        cancelled = State(final=True)
        transferred = State(final=True)

        advance = boil_water.to(add_tea) | add_tea.to(done)
        rather_coffee = boil_water.to(transferred)
        back = ways_back(boil_water, add_tea)
        cancel = cancelled.from_(boil_water, add_tea)

    assert found(replace(TEA, chart=Unguarded)) == ["chart.rather_coffee"]
