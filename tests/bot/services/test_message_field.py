"""A form whose field is in the message of its step: what is typed there is taken, or it is said there what is wrong."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks import actions as ids
from bot.blocks.actions import parse_address
from bot.services import walkthrough
from bot.services.walkthrough import KEPT_TYPED, PressOrigin
from tests.bot.services.visits import PLACE, Visit
from tests.conversations.amazon_token.token_walks import NEW_ENOUGH, TOO_OLD, token

FIELD, FORM = "field:connect_version:version", "connect_version"


def typed(text: str, *, expanded: bool = False) -> PressOrigin:
    """Where a press comes from, with `text` in the field of its message."""
    return replace(PLACE, typed={FIELD: text}, expanded=expanded)


def drawn(visit: Visit, method: str = "update") -> list[dict[str, Any]]:
    """The blocks of the newest message, or of the newest change of one."""
    return list(visit.rows(method)[-1]["content"]["blocks"])


def field_of(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    (block,) = [block for block in blocks if block["type"] == "input"]
    return block


def test_the_step_has_the_field_above_its_buttons(erika: Visit) -> None:
    """A line of text that is sent with Enter; the address is the block's ID; the button is the primary one."""
    erika.go_to("connect_version")
    *_, block, buttons, _ = drawn(erika, "post")
    assert block == field_of(drawn(erika, "post"))
    assert parse_address(block["block_id"]) == erika.address
    assert block["dispatch_action"] is True
    assert block["element"]["action_id"] == FIELD
    assert block["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_enter_pressed"]}
    assert not block["element"]["multiline"]
    assert [(e["action_id"], e.get("style")) for e in buttons["elements"]] == [(f"form:{FORM}", "primary")]
    text = erika.rows("post")[-1]["content"]["text"]
    assert block["label"]["text"] in text, "a screen reader reads what is asked for"


@pytest.mark.parametrize("step", ["connect_version", "update_required"])
def test_what_was_typed_is_taken_once(erika: Visit, step: str) -> None:
    """One press, no modal; the same one again is silent, and another value is too late."""
    erika.go_to(step)
    where, version = erika.address, erika.record.version
    assert erika.form(FORM, at=where, place=typed(NEW_ENOUGH)) is None
    assert (erika.step, erika.record.version) == ("account_mask", version + 1)
    assert "records.enter_version" in json.dumps(erika.rows("update")[-1]["content"])
    before = (erika.record, len(erika.rows()))
    erika.form(FORM, at=where, place=typed(NEW_ENOUGH))
    assert (erika.record, len(erika.rows())) == before
    erika.form(FORM, at=where, place=typed("5.0.0.0"))
    assert "answers.stale" in erika.newest("respond")
    assert erika.record == before[0]


@pytest.mark.parametrize("version", ["4.9", "four", " 4,9 "])
def test_a_wrong_value_stays_in_the_field_with_what_is_wrong_below(erika: Visit, version: str) -> None:
    """The message is changed in place and keeps the text; the history says why, without it."""
    erika.go_to("connect_version")
    before, key = erika.record, field_of(drawn(erika, "post"))["block_id"]
    erika.form(FORM, place=typed(version))
    assert erika.record == before
    row = erika.rows("update")[-1]
    assert (row["target"], row["response_url"]) == (before.live_key, PLACE.response_url)
    blocks = row["content"]["blocks"]
    block = field_of(blocks)
    assert block["element"]["initial_value"] == version
    assert block["block_id"] != key, "in a block of the same ID Slack keeps what it held"
    assert parse_address(block["block_id"]) == replace(erika.address, said=block["block_id"].partition(" ")[2])
    below = blocks[blocks.index(block) + 1]["text"]["text"]
    assert "reasons." in below
    assert erika.events()[-1] == "refused"
    with erika.store.transaction() as tx:
        assert version not in str(tx.events(before.id)[-1].detail)
    erika.form(FORM, place=typed(NEW_ENOUGH))
    assert erika.step == "account_mask"


@pytest.mark.parametrize("place", [typed(""), typed("   "), PLACE])
def test_an_empty_field_is_asked_for(erika: Visit, place: PressOrigin) -> None:
    """Nothing is refused or counted. So it is with a message of an earlier version, which has no field: it gets one."""
    erika.go_to("connect_version")
    before, events = erika.record, erika.events()
    erika.form(FORM, place=place)
    assert (erika.record, erika.events()) == (before, events)
    blocks = drawn(erika)
    below = blocks[blocks.index(field_of(blocks)) + 1]["text"]["text"]
    assert "notes.nothing_entered" in below
    assert "forms.connect_version.version.label" in below


def test_a_secret_is_not_put_back(erika: Visit) -> None:
    """A token in the place of the version is refused; neither the message nor anything stored holds it."""
    erika.go_to("connect_version")
    secret = token()
    erika.form(FORM, place=typed(secret))
    assert "initial_value" not in field_of(drawn(erika))["element"]
    assert secret not in "\n".join(erika.store.db.conn.iterdump())


def test_a_very_long_text_is_not_put_back(erika: Visit) -> None:
    """Whatever was pasted, the message stays one that Slack accepts."""
    erika.go_to("connect_version")
    erika.form(FORM, place=typed("4" * (KEPT_TYPED + 1)))
    assert "initial_value" not in field_of(drawn(erika))["element"]
    erika.form(FORM, place=typed("4" * KEPT_TYPED))
    assert len(field_of(drawn(erika))["element"]["initial_value"]) == KEPT_TYPED


def test_what_is_typed_survives_other_buttons(erika: Visit) -> None:
    """„Wo finde ich das?“ keeps the text in the field; a wrong value keeps the explanation."""
    erika.go_to("connect_version")
    where = erika.address
    erika.do(lambda unit: walkthrough.toggle(unit, where, typed("4.9.2"), expanded=True))
    assert field_of(drawn(erika))["element"]["initial_value"] == "4.9.2"
    erika.form(FORM, place=typed("4.9", expanded=True))
    assert "steps.connect_version.where" in erika.newest("update")
    erika.form(FORM, place=typed("4.9"))
    assert "steps.connect_version.where" not in erika.newest("update")


def test_what_is_typed_survives_no_more_reminders(erika: Visit) -> None:
    """„Keine Erinnerungen“ is pressed below a reminder, with something in the field: the same message says so."""
    erika.go_to("connect_version")
    where = erika.address
    erika.do(lambda unit: walkthrough.quiet(unit, where, typed("4.9.2", expanded=True)))
    assert field_of(drawn(erika))["element"]["initial_value"] == "4.9.2"
    assert "notes.reminders_declined" in erika.newest("update")
    assert "steps.connect_version.where" in erika.newest("update")
    assert ids.QUIET not in erika.newest("update")
    assert erika.address == where, "and it is still the live one"


def test_a_typed_message_says_nothing_of_the_field(erika: Visit) -> None:
    """Slack tells what is in a field with a press of its message alone: the step comes again with an empty one."""
    erika.go_to("connect_version")
    erika.type("qwertz uiop asdf")
    assert "initial_value" not in field_of(drawn(erika, "post"))["element"]


def test_a_version_that_is_too_old_is_asked_for_again(erika: Visit) -> None:
    """The next step has the field as well, and goes on with the new version."""
    erika.go_to("connect_version")
    erika.form(FORM, place=typed(TOO_OLD))
    assert erika.step == "update_required"
    assert field_of(drawn(erika, "post"))
    erika.form(FORM, place=typed(NEW_ENOUGH))
    assert erika.step == "account_mask"


def test_a_foreign_or_late_field_changes_nothing(erika: Visit, oliver: Visit) -> None:
    """The address in the block is checked like that of any button."""
    erika.go_to("connect_version")
    where = erika.address
    oliver.form(FORM, at=where, place=typed(NEW_ENOUGH))
    assert "answers.foreign" in oliver.newest("respond")
    erika.act("back")
    erika.form(FORM, at=where, place=typed(NEW_ENOUGH))
    assert "answers.stale" in erika.newest("respond")
    assert erika.step == "before_start"
