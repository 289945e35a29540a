"""Presses: what is accepted, what is passed over in silence, what is answered, and that nothing else ever happens."""

from dataclasses import replace
from functools import partial

import pytest

from bot.blocks.actions import Address
from bot.services import walkthrough
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.steps import STEPS
from tests.bot.services.visits import PLACE, Visit, titled

LIVE_STEPS = tuple(step for step in STEPS if step not in PROCEDURE.ends)
FORMS = sorted({(step, o.event, o.form) for step, known in STEPS.items() for o in known.offers if o.form})


def test_an_accepted_press_moves_the_walk_and_shrinks_the_message(erika: Visit) -> None:
    """The pressed message shrinks through its response URL, the next step is posted, and the old row is delivered."""
    erika.begin()
    pressed = erika.address
    erika.press("orders_stopped")
    assert erika.step == "connect_version"
    update = erika.rows("update")[-1]
    assert (update["target"], update["response_url"]) == (pressed.key, PLACE.response_url)
    assert "records.orders_stopped" in erika.newest("update")
    posted = next(row for row in erika.rows("post") if row["key"] == pressed.key)
    assert (posted["state"], posted["channel"], posted["ts"]) == ("delivered", PLACE.channel, PLACE.ts)


def test_a_repeat_is_passed_over_in_silence(erika: Visit) -> None:
    """People double-click: the second press of the same button changes nothing and says nothing."""
    erika.begin()
    pressed = erika.address
    erika.press("orders_stopped")
    before = (erika.record, len(erika.rows()))
    erika.press("orders_stopped", at=pressed)
    assert (erika.record, len(erika.rows())) == before


def test_another_choice_after_the_accepted_one_is_no_repeat(erika: Visit) -> None:
    """Who presses „Europe“ and then „North America“ in the old message is told that it came too late."""
    erika.go_to("account_region")
    pressed = erika.address
    erika.press("choose_region", "europe")
    erika.press("choose_region", "europe", at=pressed)
    assert erika.rows("respond") == []
    erika.press("choose_region", "north_america", at=pressed)
    assert "answers.stale" in erika.newest("respond")
    assert erika.facts.region == "europe"


def test_a_stale_press_is_answered_with_a_way_to_the_present_step(erika: Visit) -> None:
    """An old button of another kind changes nothing; the answer is seen by the presser only."""
    erika.begin()
    pressed = erika.address
    erika.press("orders_stopped")
    before = erika.record
    erika.press("orders_arriving", at=pressed)
    answer = erika.rows("respond")[-1]["content"]
    assert answer["response_type"] == "ephemeral"
    assert not answer["replace_original"]
    assert "answers.stale" in answer["text"]
    assert answer["blocks"][-1]["elements"][0]["action_id"] == "door:show_step"
    assert erika.record == before


def test_a_foreign_press_is_answered_without_a_word_about_the_walk(erika: Visit, oliver: Visit) -> None:
    """Only whoever works a walk can press in it, whatever address they send."""
    erika.begin()
    before = erika.record
    oliver.press("orders_stopped", at=erika.address)
    answer = oliver.rows("respond")[-1]["content"]
    assert "en:answers.foreign" in answer["text"]
    assert len(answer["blocks"]) == 1
    assert erika.record == before


def test_a_walk_of_another_team_is_foreign(erika: Visit) -> None:
    """The same user ID in another workspace is another person."""
    erika.begin()
    stranger = Visit(erika.services, erika.store, replace(erika.who, team_id="T2"))
    stranger.press("orders_stopped", at=erika.address)
    assert erika.step == "before_start"
    assert "answers.foreign" in stranger.newest("respond")


def test_a_walk_that_does_not_exist_is_foreign(erika: Visit) -> None:
    """A made-up walk ID gives nothing away."""
    erika.press("orders_stopped", at=Address(999, 1, "before_start", "0" * 32))
    assert "answers.foreign" in erika.newest("respond")


def test_a_press_after_the_end_says_so(erika: Visit) -> None:
    """An ended walk is not woken by an old button, whatever the address claims."""
    erika.begin()
    pressed = erika.address
    erika.act("cancel")
    erika.press("orders_stopped", at=pressed)
    assert "answers.ended" in erika.newest("respond")
    record = erika.record
    erika.press("begin_now", at=Address(record.id, record.version, record.step, pressed.key))
    assert [row["content"]["text"][:17] for row in erika.rows("respond")] == ["«de:answers.ended"] * 2
    assert erika.step == "cancelled"


def test_without_a_response_url_a_late_press_is_not_answered(erika: Visit) -> None:
    """There is nowhere to say it, and nothing changes."""
    erika.begin()
    pressed = erika.address
    erika.press("orders_stopped")
    erika.press("orders_arriving", at=pressed, place=walkthrough.PressOrigin())
    assert erika.rows("respond") == []


def test_a_press_whose_place_is_unknown_counts_all_the_same(erika: Visit) -> None:
    """Without channel and ts the row cannot be marked as delivered; the walk moves."""
    erika.begin()
    erika.press("orders_stopped", place=walkthrough.PressOrigin())
    assert erika.step == "connect_version"
    erika.do(
        lambda unit: walkthrough.toggle(unit, erika_address(unit, erika), walkthrough.PressOrigin(), expanded=True)
    )


def erika_address(unit: object, visitor: Visit) -> Address:
    """Where the live buttons point, read in a transaction that is open already."""
    record = unit.tx.open_walks("T1", visitor.who.user_id)[0]  # type: ignore[attr-defined]
    return Address(record.id, record.version, record.step, str(record.live_key))


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"step": "save_account"}, id="step"),
        pytest.param({"version": 99}, id="version"),
        pytest.param({"key": "f" * 32}, id="key"),
    ],
)
def test_a_forged_address_changes_nothing(erika: Visit, forged: dict[str, object]) -> None:
    """Step, version and message are compared with what is stored, in the transaction."""
    erika.begin()
    before = erika.record
    erika.press("orders_stopped", at=replace(erika.address, **forged))  # type: ignore[arg-type]
    assert erika.record == before
    assert "answers.stale" in erika.newest("respond")


@pytest.mark.parametrize(
    "event", ["advance", "fetch_worked", "all_saved", "confirm_reverted", "state_now", "__init__", "x"]
)
def test_an_event_that_the_step_does_not_offer_changes_nothing(erika: Visit, event: str) -> None:
    """Events come from Slack and are allow-listed: neither another step's event nor an attribute's name passes."""
    erika.begin()
    before = erika.record
    erika.press(event)
    assert erika.record == before
    assert "answers.stale" in erika.newest("respond")


@pytest.mark.parametrize("choice", [None, "mars", "standard"])
def test_a_forged_choice_changes_nothing(erika: Visit, choice: str | None) -> None:
    """A choice that the step does not offer, or none, is refused."""
    erika.go_to("account_region")
    before = erika.record
    erika.press("choose_region", choice)
    assert erika.record == before
    assert "answers.stale" in erika.newest("respond")


@pytest.mark.parametrize(("step", "event", "form"), FORMS)
def test_an_event_that_needs_a_form_cannot_be_pressed_past_it(erika: Visit, step: str, event: str, form: str) -> None:
    """Nobody gets past version, ID, accounts or token with a forged press."""
    erika.go_to(step)
    before = erika.record
    erika.press(event)
    assert erika.record == before, form
    assert "answers.stale" in erika.newest("respond")


@pytest.mark.parametrize("step", LIVE_STEPS)
def test_every_step_shows_within_the_limits_and_marked(erika: Visit, step: str) -> None:
    """Each step's message, plain and with its explanation, can be posted; one step is live; back or on, no dead end."""
    erika.go_to(step)
    where = erika.address
    for expanded in (True, False):
        erika.do(partial(walkthrough.toggle, address=where, place=PLACE, expanded=expanded))
    assert erika.live_steps() == 1
    assert titled(step) in erika.newest("post") + erika.newest("update")


def test_the_longer_explanation_comes_back_to_the_same_step(erika: Visit) -> None:
    """„Wo finde ich das?“ changes the live message in place: same address, step and version; shown again on less."""
    erika.go_to("select_account")
    where, before = erika.address, erika.record
    erika.do(lambda unit: walkthrough.toggle(unit, where, PLACE, expanded=True))
    assert "steps.select_account.where" in erika.newest("update")
    assert "step:less" in erika.newest("update")
    assert "asked_where" in erika.events()
    erika.do(lambda unit: walkthrough.toggle(unit, where, PLACE, expanded=False))
    assert "steps.select_account.where" not in erika.newest("update")
    assert erika.record == before
    assert [row["target"] for row in erika.rows("update")[-2:]] == [where.key] * 2
    erika.press("advance")
    assert erika.step == "key_set"


def test_a_late_look_for_the_explanation_is_answered(erika: Visit, oliver: Visit) -> None:
    """A toggle of an old message, or of somebody else's, touches nothing."""
    erika.begin()
    where = erika.address
    erika.press("orders_stopped")
    count = len(erika.rows("update"))
    erika.do(lambda unit: walkthrough.toggle(unit, where, PLACE, expanded=True))
    assert "answers.stale" in erika.newest("respond")
    live = erika.address
    oliver.do(lambda unit: walkthrough.toggle(unit, live, PLACE, expanded=True))
    assert "answers.foreign" in oliver.newest("respond")
    assert len(erika.rows("update")) == count


def test_a_message_that_was_never_sent_is_taken_back(erika: Visit) -> None:
    """When the walk moves on before the courier came, the old step is dropped and not sent."""
    erika.begin()
    first = erika.address.key
    erika.act("orders_stopped")
    states = {row["key"]: row["state"] for row in erika.rows("post")}
    assert states[first] == "dropped"
    assert states[erika.address.key] == "pending"
    assert erika.rows("update") == []


def test_there_is_always_exactly_one_live_step(erika: Visit) -> None:
    """Through presses, repeats, typed words, help and the way back."""
    erika.begin()
    deeds = (
        lambda: erika.press("orders_stopped"), lambda: erika.type("weiter"), lambda: erika.type("4.9.24.4"),
        lambda: erika.press("advance"), lambda: erika.press("sees_key_set"), lambda: erika.type("zurück"),
        lambda: erika.submit("help", sentence=""), lambda: erika.command("back"), lambda: erika.command("language en"),
        lambda: erika.type("hello?"), lambda: erika.command("support"),
    )  # fmt: skip
    for deed in deeds:
        deed()
        assert erika.live_steps() == 1
    erika.act("cancel")


def test_crashing_before_the_commit_leaves_nothing(erika: Visit) -> None:
    """History, rows, state and the „seen“ mark go together or not at all."""
    erika.begin()
    where, before = erika.address, (erika.record, erika.events(), len(erika.rows()))

    def killed(point: str) -> None:
        if point == "before_commit":
            raise RuntimeError(point)

    erika.services._at = killed
    with pytest.raises(RuntimeError):
        erika.services.do(erika.who, lambda unit: walkthrough.press(unit, where, "orders_stopped", None, PLACE), "Ev1")
    erika.services._at = lambda _point: None
    assert (erika.record, erika.events(), len(erika.rows())) == before
    erika.services.do(erika.who, lambda unit: walkthrough.press(unit, where, "orders_stopped", None, PLACE), "Ev1")
    assert erika.step == "connect_version"


def test_a_delivery_that_was_seen_does_nothing(erika: Visit) -> None:
    """Slack delivers events again: the same event ID is answered and not acted upon."""
    erika.begin()
    erika.services.do(
        erika.who,
        lambda unit: walkthrough.act(unit, unit.tx.open_walks("T1", "U0ERIKA")[0], "orders_stopped", {}),
        "Ev1",
    )
    count = len(erika.rows())
    again = erika.services.do(erika.who, lambda unit: unit.post(unit.direct_message, {}), "Ev1")
    assert again is None
    assert len(erika.rows()) == count


def test_the_record_of_a_step_lets_no_markup_of_people_work(erika: Visit) -> None:
    """What a message shrinks to names accounts as they are called; Slack's own signs in them are disarmed."""
    erika.go_to("account_names")
    erika.do(lambda unit: unit.tx.mark_delivered(unit.tx.open_walks("T1", "U0ERIKA")[0].live_key or "", "D1", "1.1"))
    erika.act("name_accounts", names="<!channel> & <@U0ANNA>")
    record = erika.rows("update")[-1]["content"]
    assert "<!" not in record["text"] + record["blocks"][0]["elements"][0]["text"]
    assert "<@" not in record["text"] + record["blocks"][0]["elements"][0]["text"]


def test_an_event_without_a_button_cannot_be_pressed(erika: Visit) -> None:
    """What an error message of SP-API does has no button, so a forged press of it moves nothing."""
    erika.begin()
    before = erika.record
    erika.press("sp_api_error")
    assert erika.record == before
    assert "answers.stale" in erika.newest("respond")
