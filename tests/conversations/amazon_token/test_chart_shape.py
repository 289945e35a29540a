"""What holds of the chart as a whole, whatever way is taken."""

from itertools import product

import pytest
from statemachine.exceptions import TransitionNotAllowed
from token_walks import ALONE, CONFIGURED_ID, DOCUMENTED_ID, HANDBOOK_ID, READER, THREE, Merchant, at, walk_at

from conversations.amazon_token import variants
from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.checks import CheckedInput
from conversations.amazon_token.developer_ids import KEY_SETS, REGIONS
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.amazon_token.steps import STEPS
from conversations.engine.procedure import RESERVED
from conversations.engine.walkthrough import NotOffered

STATES = {state.id: state for state in TokenChart.states}
WAYS = {
    name: {
        (str(event), transition.target.id)
        for transition in state.transitions
        for event in transition.event.split()
        if transition.target is not None
    }
    for name, state in STATES.items()
}
"""For each state: every event and where it may lead."""


def _reachable(start: str, *, without: frozenset[str] = frozenset()) -> set[str]:
    reached, new = {start}, [start]
    while new:
        ways = {target for event, target in WAYS[new.pop()] if event not in without}
        new += ways - reached
        reached |= ways
    return reached


def test_every_state_has_a_step_and_every_step_a_state() -> None:
    """Chart and steps name the same places, and the same of them are ends."""
    assert set(STATES) == set(STEPS)
    assert {name for name, state in STATES.items() if state.final} == PROCEDURE.ends


def test_no_callback_is_called_by_accident() -> None:
    """`on_enter_…` is called for an event and for entering a state of that name; none may mean both."""
    events = {state for state in STATES for verb in ("enter", "exit") if hasattr(TokenChart, f"on_{verb}_{state}")}
    assert events == set()
    assert not PROCEDURE.events & set(STATES)


def test_each_documented_row_has_a_state() -> None:
    """Rows 1 to 17 are numbered steps; row 0 is the version's, without a number."""
    assert {step.number for step in STEPS.values()} - {None} == set(range(1, 18))
    assert STEPS["connect_version"].number is None
    assert ("enter_version", "account_mask") in WAYS["connect_version"]


def test_rows_are_walked_in_order() -> None:
    """On the straight way the numbers people see rise by one from 1 to 17."""
    seen = [number for step in Merchant().finish().seen if (number := STEPS[step].number) is not None]
    assert list(dict.fromkeys(seen)) == list(range(1, 18))
    assert seen == sorted(seen)


@pytest.mark.parametrize("step", ALONE)
def test_every_state_reaches_an_end(step: str) -> None:
    """From everywhere some way leads to an end, and without giving up to a good one."""
    assert _reachable(step) & PROCEDURE.ends
    if step != "cancelled":
        assert _reachable(step, without=frozenset({"cancel"})) & {"done", "old_access_restored"}


@pytest.mark.parametrize("step", ALONE)
def test_every_state_is_reached_from_the_beginning(step: str) -> None:
    """No step is out of reach without going back."""
    assert step in _reachable("before_start", without=frozenset({"back"}))


@pytest.mark.parametrize("step", ALONE)
def test_cancel_leaves_every_state_but_the_ends(step: str) -> None:
    """A walk can be ended from anywhere, once."""
    assert (("cancel", "cancelled") in WAYS[step]) == (step not in PROCEDURE.ends)
    assert at(step).walk.can("cancel") == (step not in PROCEDURE.ends)


@pytest.mark.parametrize("step", ALONE)
def test_what_a_step_offers_is_what_its_state_accepts(step: str) -> None:
    """Every event of a state is offered by its step and the other way round, but for those that no step offers.

    Back and cancel are offered elsewhere, and an error message from SP-API is pasted.
    """
    accepted = {event for event, _ in WAYS[step]} - {"back", "cancel", "sp_api_error"}
    assert {offer.event for offer in STEPS[step].offers} - {"cancel"} == accepted


@pytest.mark.parametrize("step", ALONE)
def test_events_not_offered_raise_and_change_nothing(step: str) -> None:
    """What a state does not accept now is refused by the chart and by the walk, and leaves no trace."""
    merchant = at(step, answers=THREE)
    before = merchant.walk.state.model_copy(deep=True)
    chart = TokenChart()

    for event in sorted(PROCEDURE.events - set(chart.offers(merchant.walk.state, merchant.settings))):
        with pytest.raises(TransitionNotAllowed):
            chart.take(event, merchant.walk.state, merchant.settings, answer=CheckedInput(), now=merchant.now)
        with pytest.raises(NotOffered):
            merchant.walk.act(event, {}, READER, merchant.now)
    assert merchant.walk.state == before


@pytest.mark.parametrize("event", ["", "nonsense", "send", "states", "model", "offers", "help", "initial_state"])
def test_unknown_events_raise_and_change_nothing(event: str) -> None:
    """Words that are no events are refused, also those that are attributes of the chart."""
    merchant = at("new_token")
    before = merchant.walk.state.model_copy(deep=True)

    with pytest.raises(NotOffered):
        merchant.walk.act(event, {}, READER, merchant.now)
    assert merchant.walk.state == before


@pytest.mark.parametrize("event", ["choose_region", "choose_key_set"])
@pytest.mark.parametrize("choice", ["", "mars", "Europe", "europe "])
def test_forged_choices_raise_and_change_nothing(event: str, choice: str) -> None:
    """A choice that no button offers is refused without a trace."""
    merchant = at("account_region" if event == "choose_region" else "current_key_set")
    before = merchant.walk.state.model_copy(deep=True)

    with pytest.raises(ValueError, match="does not offer"):
        merchant.do(event, choice=choice)
    assert merchant.walk.state == before


def test_stored_step_that_is_none_of_ours_is_noticed() -> None:
    """A step of another version of the chart raises instead of offering nothing."""
    with pytest.raises(KeyError):
        TokenChart().offers(walk_at("gone").state, TokenSettings())


def test_each_form_belongs_to_one_event() -> None:
    """A form's name tells its event, and every form has fields; „help“ is none of the chart's."""
    pairs = {(offer.form, offer.event) for step in STEPS.values() for offer in step.offers if offer.form}
    assert dict(pairs) == PROCEDURE.form_events
    assert len(pairs) == len(PROCEDURE.form_events)
    assert set(PROCEDURE.forms) == set(PROCEDURE.form_events)
    assert all(form.fields for form in PROCEDURE.forms.values())
    assert not RESERVED & set(PROCEDURE.forms)
    assert set(PROCEDURE.form_events.values()) <= PROCEDURE.events
    assert set(PROCEDURE.choices) <= PROCEDURE.events


def test_steps_before_something_that_cannot_be_undone_are_confirmations() -> None:
    """A typed „weiter“ passes neither the question before row 9 nor any other question."""
    for step in (
        "before_start",
        "which_mask",
        "account_region",
        "ready_to_disable",
        "next_account",
        "first_fetch",
        "going_back",
    ):
        assert at(step).walk.plain_next() is None
    for step in ("connect_version", "account_names", "new_token", "no_developer_id"):
        assert at(step).walk.plain_next() is None
        assert at(step).walk.value_form() is not None
    assert at("save_account").walk.plain_next() == "advance"


COMBINATIONS = [*product(REGIONS, KEY_SETS)]


@pytest.mark.parametrize(("region", "key_set"), COMBINATIONS)
def test_documented_id_only_for_europe_with_alternativ(region: str, key_set: str) -> None:
    """Without settings no other combination is given an ID."""
    facts = Facts.model_validate({"region": region, "key_set": key_set})
    expected = DOCUMENTED_ID if (region, key_set) == ("europe", "alternativ") else None
    assert given_developer_id(facts, TokenSettings()) == expected


@pytest.mark.parametrize(("region", "key_set"), COMBINATIONS)
@pytest.mark.parametrize("configured", COMBINATIONS)
def test_configured_id_only_for_exactly_its_combination(region: str, key_set: str, configured: tuple[str, str]) -> None:
    """A configured ID is shown to its own region and key set and to nobody else."""
    settings = TokenSettings(developer_ids={":".join(configured): CONFIGURED_ID})
    facts = Facts.model_validate({"region": region, "key_set": key_set})
    given = given_developer_id(facts, settings)
    if (region, key_set) == ("europe", "alternativ"):
        assert given in {DOCUMENTED_ID, CONFIGURED_ID if configured == (region, key_set) else DOCUMENTED_ID}
    else:
        assert given == (CONFIGURED_ID if configured == (region, key_set) else None)


@pytest.mark.parametrize("step", ALONE)
def test_developer_id_is_supplied_to_one_step_only(step: str) -> None:
    """Only the step that needs the ID gets it, whatever is known."""
    facts = Facts.model_validate({"region": "europe", "key_set": "alternativ", "version": "5.0"})
    supplied = variants.values(step, facts, TokenSettings())
    assert (DOCUMENTED_ID in map(str, supplied.values())) == (step == "authorize_developer")


def test_documented_id_cannot_be_entered_for_another_combination() -> None:
    """The ID that holds for Europe with „Alternativ“ only is refused where the handbook's is asked for."""
    merchant = at("no_developer_id")
    refused = merchant.do("enter_developer_id", developer_id=DOCUMENTED_ID)
    assert [refusal.field for refusal in refused.refusals] == ["developer_id"]
    assert merchant.facts.handbook_developer_id is None
    merchant.do("enter_developer_id", developer_id=HANDBOOK_ID)
    assert merchant.finish().step == "done"
