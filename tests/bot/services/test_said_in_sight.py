"""Only the end of a long message is in sight on a phone: what somebody has just asked or done is answered there."""

from typing import Any

import pytest

from bot.blocks import actions as ids
from bot.services import deliveries, putting_off
from conversations.amazon_token.plays import made_up_token
from tests.bot.services.test_outages import announce
from tests.bot.services.visits import PLACE, Visit

TITLE = "«de:steps.{}.title »"


def shown(visit: Visit, method: str = "post") -> list[str]:
    """Each block of the newest message of a step: its words, or "buttons" and "picture"."""
    content = next(row["content"] for row in reversed(visit.rows(method)) if len(row["content"].get("blocks", [])) > 1)
    return [_words(block) for block in content["blocks"]]


def _words(block: dict[str, Any]) -> str:
    if block["type"] == "section":
        return str(block["text"]["text"])
    names = {"actions": "buttons", "image": "picture"}
    return names.get(block["type"], block["type"])


def order(blocks: list[str], *parts: str) -> list[int]:
    """Where the first block with each of these words is."""
    return [next(number for number, block in enumerate(blocks) if part in block) for part in parts]


def test_the_question_when_is_right_above_the_buttons(erika: Visit) -> None:
    """„Später“ is pressed below the step: the question, and the answer to it, come up there and not above the step."""
    erika.go_to("ready_to_disable").press("not_now")
    blocks = shown(erika)
    step, postponed, question = order(blocks, TITLE.format("ready_to_disable"), "notes.postponed", "heard.later_when")
    assert step < postponed < question
    assert blocks[question + 1 : question + 4] == ["buttons", "divider", "buttons"], "whose buttons they are is seen"
    address = erika.address
    erika.do(lambda unit: putting_off.chosen(unit, address, PLACE, when="morning"))
    step, planned = order(shown(erika, "update"), TITLE.format("ready_to_disable"), "heard.later_planned")
    assert step < planned


def test_what_is_wrong_with_a_typed_token_is_right_above_the_buttons(erika: Visit) -> None:
    """And so is the plea to delete the message, also when the token is right and the next step is long."""
    token = made_up_token()
    erika.go_to("new_token").type(f"{token[:13]}o{token[14:]}")
    blocks = shown(erika)
    step, picture, plea, wrong = order(
        blocks, TITLE.format("new_token"), "picture", "notes.delete_typed_secret", "reasons.not_hexadecimal"
    )
    assert step < picture < plea < wrong
    assert blocks[wrong + 1] == "buttons", "nothing separates it from the buttons that it is about"
    erika.type(token)
    step, picture, plea = order(shown(erika), "screens.save_and_next.title", "picture", "notes.delete_typed_secret")
    assert step < picture < plea


@pytest.mark.parametrize(("between", "note"), [("", "token_fine"), (" ", "token_repaired")])
def test_only_what_is_to_be_done_comes_after_the_next_step(erika: Visit, between: str, note: str) -> None:
    """Good news comes first; that the field in CONNECT has to be emptied comes last."""
    token = made_up_token()
    erika.go_to("new_token").submit("new_token", token=f"{token[:20]}{between}{token[20:]}")
    step, said = order(shown(erika), "screens.save_and_next.title", f"notes.{note}")
    assert (said < step) == (note == "token_fine")


def test_an_answer_is_right_above_the_buttons(erika: Visit) -> None:
    """The same with what was not understood; both buttons that call a person bring what was typed."""
    erika.go_to("new_token").type("qwertz uiop asdf")
    blocks = shown(erika)
    step, said = order(blocks, TITLE.format("new_token"), "heard.unknown")
    assert step < said
    content = erika.rows("post")[-1]["content"]
    calls = [
        element["value"]
        for block in content["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == f"{ids.FORM}:help"
    ]
    assert [value.endswith(" qwertz uiop asdf") for value in calls] == [True, True]


def test_that_support_has_the_case_stays_where_it_was_said(erika: Visit) -> None:
    """Right above the buttons, also when the sentence changes because the ticket has arrived."""
    erika.go_to("new_token").submit("help", sentence="Das Feld ist grau")
    step, said = order(shown(erika), TITLE.format("new_token"), "notes.ticket_on_its_way")
    assert step < said
    record, ticket = erika.record, erika.tickets()[0]
    erika.do(lambda unit: deliveries.show_at_step(unit, record, ticket))
    step, said = order(shown(erika, "update"), TITLE.format("new_token"), "notes.ticket_on_its_way")
    assert step < said


def test_a_reminder_and_a_welcome_come_first(erika: Visit) -> None:
    """They introduce the step."""
    erika.go_to("new_token").type("start")
    said, step = order(shown(erika), "notes.welcome_back", TITLE.format("new_token"))
    assert said < step


def test_a_status_is_right_above_the_buttons(erika: Visit) -> None:
    """Which step it is, since when the walk is under way, and in the danger zone since when no orders are fetched."""
    erika.go_to("new_token").type("status")
    blocks = shown(erika)
    step, said = order(blocks, TITLE.format("new_token"), "answers.status")
    assert step < said
    assert "answers.status_urgent" in blocks[said]
    assert blocks[said + 1] == "buttons"


def test_who_is_held_is_not_sent_to_buttons_that_are_not_there(anna: Visit, erika: Visit) -> None:
    """During an outage "next" and "ok" get its text, and nothing about the buttons of the step."""
    erika.go_to("which_mask")
    announce(anna)
    for typed in ("next", "acknowledged", "help"):
        erika.type(typed)
        said = " ".join(shown(erika))
        assert "notes.outage_held" in said
        assert [code for code in ("needs_choice", "ok_presses_nothing", "help_offered") if code in said] == []
