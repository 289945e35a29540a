"""What holds of every procedure, the toys included: a new one is held against this before anybody walks through it."""

import re
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from bot.blocks.actions import Address
from bot.blocks.forms import form_view
from bot.blocks.step import StepView, step_message
from bot.cli import diagram
from bot.images.drawings import drawer, every_image
from bot.images.render import png
from bot.settings.core import with_procedures
from conversations.all_texts import AllTexts, load_texts
from conversations.engine.answers import Reader
from conversations.engine.contradictions import contradictions
from conversations.engine.examples import Act
from conversations.engine.messages import summary_line
from conversations.engine.procedure import ADVANCE, RESERVED, AnyProcedure, Screen
from conversations.engine.texts import LANGUAGES, Language
from conversations.engine.walkthrough import AnyWalk, Walk
from tests.bot.blocks.slack_limits import check_content, check_view
from tests.toys.procedures import WITH_TOYS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READER = Reader(b"k" * 32, str)
ADDRESS = Address(10**17, 10**17, "s" * 40, "f" * 32)
EVERY = pytest.mark.parametrize("procedure", WITH_TOYS.values(), ids=WITH_TOYS)


@pytest.fixture(scope="module")
def all_texts() -> AllTexts:
    """The texts of all procedures as they are shipped."""
    return load_texts(None, WITH_TOYS)


def walk_of(procedure: AnyProcedure) -> AnyWalk:
    """A walk that has not begun."""
    return Walk(procedure, procedure.begin(), procedure.settings(), WITH_TOYS.keys())


def take(walk: AnyWalk, act: Act, all_texts: AllTexts) -> None:
    """Do one act of the way. The line that replaces the answered message has its text in both languages."""
    raw: Any = act.answer(Random(1)) if act.answer is not None else {"choice": act.choice} if act.choice else {}  # noqa: S311
    outcome = walk.act(act.event, raw, READER, NOW)
    assert outcome.refusals == (), f"{act.step}: the way's answer to {act.event} is refused: {outcome.refusals}"
    for language in LANGUAGES:
        assert not outcome.moved or summary_line(all_texts.of(language, walk.procedure.id), outcome)


@EVERY
def test_it_says_nothing_that_it_denies_elsewhere(procedure: AnyProcedure) -> None:
    """Chart and steps, offers and records, forms and readers, actions and events: each mistake is named."""
    assert "\n".join(map(str, contradictions(procedure))) == ""


@EVERY
def test_its_ids_have_two_words_or_mean_what_they_mean_everywhere(procedure: AnyProcedure) -> None:
    """So that generic code, which has words of one part for its own things, can hardly spell one of them."""
    own = {*procedure.steps, *procedure.events, *procedure.forms, *procedure.screens} - RESERVED
    short = [name for name in sorted(own) if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", name)]
    assert short == [], f"rename them: an ID has two words at least, lower case, with an underscore between: {short}"


@EVERY
def test_chart_and_steps_say_the_same(procedure: AnyProcedure) -> None:
    """Each end is final, each event is a button, `back` or what an error does, and each button can be pressed."""
    states: list[Any] = list(procedure.chart.states)
    unknown = {state.id for state in states} - set(procedure.steps)
    assert not unknown, f"states of the chart that `steps` lacks: {sorted(unknown)}"
    final, ends = {state.id for state in states if state.final}, procedure.ends
    assert not final - ends, f"final in the chart, without `end` in `steps`: {sorted(final - ends)}"
    assert not ends - final, f"with `end` in `steps`, not final in the chart: {sorted(ends - final)}"
    others = {"back", "cancel", procedure.tickets.stop}
    unoffered = procedure.events - {offer.event for offer in procedure.offers} - others
    assert not unoffered, f"events of the chart that no step offers: {sorted(unoffered)}"
    for state in states:
        events = {event for transition in state.transitions for event in transition.event.split()}
        offered = {offer.event for offer in procedure.steps[state.id].offers}
        assert offered <= events, f"{state.id} offers what its state does not accept: {sorted(offered - events)}"
        assert state.final or "cancel" in events, f"{state.id} is missing in `cancel` of the chart"


@EVERY
def test_forms_readers_and_examples_belong_together(procedure: AnyProcedure) -> None:
    """Each form is offered and read; what the examples call good is accepted somewhere, and what is refused is not."""
    offered, forms = set(procedure.form_events), set(procedure.forms)
    assert not offered - forms, f"offered, and not in `forms`: {sorted(offered - forms)}"
    assert not forms - offered, f"in `forms`, and offered at no step: {sorted(forms - offered)}"
    unheard = set(procedure.readers) - procedure.events
    assert not unheard, f"in `readers`, and no event of the chart: {sorted(unheard)}"
    strange = {*procedure.examples.answers, *procedure.examples.refused} - forms
    assert not strange, f"in `examples`, and no form: {sorted(strange)}"
    for name, form in procedure.forms.items():
        assert form.typed is None or form.typed in {field.name for field in form.fields}, f"{name} has no such field"


@EVERY
def test_screens_are_consecutive_steps_of_their_own(procedure: AnyProcedure) -> None:
    """Each step is on one screen at most, and `advance` leads from one to the next."""
    grouped = [step for screen in procedure.screens.values() for step in screen.steps]
    assert len(grouped) == len(set(grouped))
    for name, screen in procedure.screens.items():
        assert name not in procedure.steps
        assert screen.pictured in screen.steps
        _assert_consecutive(procedure, screen)


def _assert_consecutive(procedure: AnyProcedure, screen: Screen) -> None:
    states: dict[str, Any] = {state.id: state for state in procedure.chart.states}
    for step, following in zip(screen.steps, screen.steps[1:], strict=False):
        leads = {t.target.id for t in states[step].transitions if ADVANCE in t.event.split()}
        assert following in leads, f"{step} does not lead to {following}"


@EVERY
def test_its_way_visits_every_step_and_every_message_fits_slack(procedure: AnyProcedure, all_texts: AllTexts) -> None:
    """In both languages, with and without the longer explanation; the texts name nothing that nobody supplies."""
    walk, visited = walk_of(procedure), set[str]()
    for act in procedure.examples.way:
        assert walk.step == act.step, f"the way goes on at {act.step}, and the chart has led to {walk.step}"
        visited.add(walk.step)
        _messages_fit(walk, all_texts)
        take(walk, act, all_texts)
    _messages_fit(walk, all_texts)
    assert walk.over, f"the way ends at {walk.step}, which is no end"
    missed = set(procedure.steps) - procedure.ends - visited
    inside = {step for screen in procedure.screens.values() for step in screen.steps[1:]}
    missed -= inside | _instead_of_handing_over(procedure)
    assert not missed, f"no act of the way stands at {sorted(missed)}"


@EVERY
def test_what_is_tried_is_what_happens(procedure: AnyProcedure, all_texts: AllTexts) -> None:
    """Where a plain act leads on a copy, the act itself leads, and what the procedure knows then is the same."""
    walk, tried = walk_of(procedure), 0
    for act in procedure.examples.way:
        if (event := walk.plain_next()) is not None:
            before, done = walk.state.model_dump_json(), walk.copy()
            done.act(event, {}, READER, datetime.fromtimestamp(0, UTC))
            assert walk.after(event).state == done.state, f"{event} at {walk.step}"
            assert walk.state.model_dump_json() == before
            tried += 1
        take(walk, act, all_texts)
    assert tried or not procedure.screens


def _instead_of_handing_over(procedure: AnyProcedure) -> set[str]:
    """The steps to which only events lead that hand over where the other procedure is there."""
    ways = [
        (transition.target.id, set(transition.event.split()))
        for state in procedure.chart.states
        for transition in state.transitions
        if transition.target is not state
    ]
    return {
        step
        for step in procedure.steps
        if all(events <= procedure.transfers.keys() | {"back"} for target, events in ways if target == step)
    } - {procedure.chart.initial_state.id}


def _messages_fit(walk: AnyWalk, all_texts: AllTexts) -> None:
    for language in LANGUAGES:
        texts = all_texts.of(language, walk.procedure.id)
        for expanded in (False, True):
            view = StepView(texts=texts, walk=walk, address=ADDRESS, expanded=expanded, ticket=1001)
            check_content(step_message(view))
        for offer in walk.offers():
            if offer.form is not None and not walk.form(offer.form).in_message:
                check_view(form_view(texts, offer.form, walk.form(offer.form), walk.facts, ADDRESS))


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_pictures_are_drawn_with_their_labels(
    procedure: AnyProcedure, all_texts: AllTexts, language: Language
) -> None:
    """Every picture of a step has a drawing and an alternative text, and becomes a PNG."""
    pictures, texts = procedure.pictures, all_texts.of(language, procedure.id)
    assert {name for name in pictures.by_step.values() if name is not None} <= set(pictures.names)
    assert set(pictures.by_step) <= set(procedure.steps)
    for picture in pictures.all_examples():
        assert png(pictures.drawing(texts, picture)).startswith(b"\x89PNG")
        assert pictures.alt_text(texts, picture)
    draw = drawer(all_texts, WITH_TOYS)
    images = every_image((language,), {procedure.id: procedure}, {})
    assert all(draw(image).startswith("<svg") for image in images)


@EVERY
def test_its_settings_reach_it(procedure: AnyProcedure) -> None:
    """From the environment's names to the procedure's own class, each described."""
    settings = with_procedures(WITH_TOYS)
    for name in procedure.settings.model_fields:
        assert settings.model_fields[name].description
    values = {"slack_bot_token": "xoxb-1-test", "support_channel_id": "C0SUPPORT", "slack_app_token": "xapp-1-test"}
    assert isinstance(settings(_env_file=None, **values).of(procedure), procedure.settings)


@EVERY
def test_its_diagram_shows_every_step(procedure: AnyProcedure) -> None:
    """Numbers before the names, as people see them."""
    drawn = diagram.mermaid(procedure)
    assert all(name in drawn for name in procedure.steps)


@EVERY
def test_every_handover_is_answered(procedure: AnyProcedure) -> None:
    """Where it hands over to, somebody says where that begins."""
    for event, target in procedure.transfers.items():
        assert event in procedure.events
        assert WITH_TOYS[target].carry is not None
