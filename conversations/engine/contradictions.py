"""What a procedure says in one place and denies in another: found when its texts are loaded, before anybody walks."""

from collections.abc import Iterator
from typing import Any

from conversations.engine.charts import BACK, CANCEL
from conversations.engine.procedure import ADVANCE, TRANSFERRED, AnyProcedure
from conversations.engine.texts import Problem

_GENERAL = frozenset({"on_transition", "on_enter_state", "on_exit_state"})
"""Actions that python-statemachine runs with every event."""


def contradictions(procedure: AnyProcedure) -> Iterator[Problem]:
    """Each mistake that the first person who gets that far would meet, named by what is to be changed."""
    kinds = (_steps, _offers, _forms, _actions, _handovers)
    for key, what, remedy in (found for kind in kinds for found in kind(procedure)):
        yield Problem(f"{procedure.id}/procedure", key, what, remedy)


_Found = Iterator[tuple[str, str, str]]


def _steps(procedure: AnyProcedure) -> _Found:
    states = {state.id for state in _states(procedure)}
    for step in sorted(states - set(procedure.steps)):
        yield f"steps.{step}", "the chart has this state, and `steps` has no such step", "Add it, or correct one name."
    for step in sorted(set(procedure.steps) - states):
        yield (
            f"steps.{step}",
            "`steps` has this step, and the chart has no such state",
            "Remove it, or correct one name.",
        )


def _offers(procedure: AnyProcedure) -> _Found:
    for event in sorted({offer.event for offer in procedure.offers} - procedure.events):
        yield f"offers.{event}", "a step offers this event, and the chart has no such event", "Correct one name."
    for form, event in sorted(procedure.form_events.items()):
        if event not in procedure.readers:
            yield f"readers.{event}", f"the form `{form}` has no reader for this event", "Add one to `readers`."
    recorded = {ADVANCE, BACK, CANCEL, *procedure.texts.records}
    for event in sorted({offer.event for offer in procedure.offers} & _moving(procedure) - recorded):
        what = "the event leads on, and no line is there to replace the answered message"
        yield f"records.{event}", what, "Add it to `ProcedureTexts.records`, and its text to both files."


def _forms(procedure: AnyProcedure) -> _Found:
    for name, form in procedure.forms.items():
        lines = [field.name for field in form.fields if field.options is None and not field.paragraph]
        if form.in_message and (len(form.fields) != 1 or lines != [form.typed] or form.secret):
            what = "the form is in the message and is not one line of text that may also be typed as a message"
            yield f"forms.{name}", what, "Leave out `in_message`, or `typed` must name its only field, and no secret."


def _actions(procedure: AnyProcedure) -> _Found:
    known = {f"on_{event}" for event in procedure.events} | _GENERAL
    known |= {f"on_{when}_{state.id}" for when in ("enter", "exit") for state in _states(procedure)}
    for action in sorted(name for name in dir(procedure.chart) if name.startswith("on_") and name not in known):
        yield (
            f"chart.{action}",
            "no event of the chart is called like this action, so it never runs",
            "Correct one name.",
        )


def _handovers(procedure: AnyProcedure) -> _Found:
    for state in _states(procedure):
        for transition in state.transitions:
            guards = {word for guard in transition.cond for word in str(guard.func).split()}
            if transition.target.id == TRANSFERRED and "goes_on" not in guards:
                what = f"the way from `{state.id}` to `{TRANSFERRED}` is open where there is no other procedure"
                yield f"chart.{transition.event}", what, 'Give it the guard `cond="goes_on"`.'


def _states(procedure: AnyProcedure) -> list[Any]:
    return list(procedure.chart.states)


def _moving(procedure: AnyProcedure) -> set[str]:
    """The events that lead from some step to another one; after any other event the step is shown again."""
    return {
        event
        for state in _states(procedure)
        for transition in state.transitions
        if transition.target is not state
        for event in transition.event.split()
    }
