"""Who is asked to delete a message with a secret in it, and has, is not asked any more, wherever the plea was."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.services import pleas, screenshots, typed_input
from bot.services.merchant_messages import MerchantMessage
from tests.bot.services.test_agent_messages import SECRET
from tests.bot.services.test_held_messages import WORDS, press
from tests.bot.services.test_merchant_messages import delivered, reply, talking
from tests.bot.services.test_screenshots import SHOT, asked, called
from tests.bot.services.visits import URL, Visit

__all__ = ["talking"]
PLEA, DONE = "answers.secret_without_walk", "answers.secret_message_deleted"


def source(merchant: Visit) -> str:
    """Of the message that was typed last."""
    return f"D{merchant.who.user_id}:170000{merchant.said:04}.000100"


def delete(merchant: Visit, what: str) -> None:
    merchant.do(lambda unit: pleas.message_deleted(unit, what))


def asking(merchant: Visit) -> Any:
    """The one message that does nothing but ask to delete; Slack has it."""
    (row,) = [row for row in merchant.rows("post") if PLEA in str(row["content"]) and row["state"] == "pending"]
    assert len(row["content"]["blocks"]) == 1
    delivered(merchant, row["key"])
    return row


def shown(merchant: Visit, key: str) -> str:
    """What the message of `key` says after its last change."""
    return [str(row["content"]) for row in merchant.rows() if key in (row["key"], row["target"])][-1]


def without_a_walk(merchant: Visit) -> None:
    merchant.type(f"what is {SECRET}")


def beside_what_the_step_answers(merchant: Visit) -> None:
    merchant.begin()
    merchant.type(f"help {SECRET}")


def beside_an_error_message(merchant: Visit) -> None:
    merchant.go_to("first_fetch")
    merchant.type(f"AuthToken is not valid for SellerId and AWSAccountId {SECRET}")


@pytest.mark.parametrize("write", [without_a_walk, beside_what_the_step_answers, beside_an_error_message])
def test_the_plea_outside_the_step_goes(oliver: Visit, write: Callable[[Visit], None]) -> None:
    """Only that of the message that was deleted; what else was said stays."""
    write(oliver)
    first, answered = source(oliver), asking(oliver)
    others = [row["key"] for row in oliver.rows("post") if row["key"] != answered["key"]]
    assert others
    said = [shown(oliver, key) for key in others]
    delete(oliver, "D1:1700000000.000999")
    assert DONE not in shown(oliver, answered["key"])
    delete(oliver, first)
    assert f"en:{DONE}" in shown(oliver, answered["key"])
    assert [shown(oliver, key) for key in others] == said
    assert SECRET not in str(oliver.rows())


@pytest.mark.parametrize("write", [reply, Visit.type])
def test_the_plea_in_the_conversation_with_support_goes(talking: Visit, write: Callable[[Visit, str], None]) -> None:
    """In the thread as well; the copy for support stays."""
    write(talking, f"it is {SECRET}")
    key = asking(talking)["key"]
    delete(talking, source(talking))
    assert DONE in shown(talking, key)
    assert len([m for m in talking.do(lambda unit: unit.tx.ticket_messages(1001)) if m.side == "merchant"]) == 1


def test_a_plea_that_has_not_been_sent_is_not_sent(oliver: Visit) -> None:
    """The message was deleted before Slack took it."""
    oliver.type(f"what is {SECRET}")
    delete(oliver, source(oliver))
    assert [row["state"] for row in oliver.rows("post") if PLEA in str(row["content"])] in ([], ["dropped"])
    assert DONE not in str(oliver.rows())


def test_the_question_about_a_held_message_asks_no_more(talking: Visit) -> None:
    """It can still be passed on, and then says so; deleting it once more changes nothing."""
    talking.type(WORDS)
    held = talking.rows("post")[-1]["key"]
    assert PLEA in shown(talking, held)
    delivered(talking, held)
    delete(talking, source(talking))
    assert PLEA not in shown(talking, held)
    assert "talk.held.pass_on" in shown(talking, held)
    press(talking)
    delete(talking, source(talking))
    assert "talk.held.passed_on" in shown(talking, held)


def test_an_edited_message_is_asked_about_again_and_both_pleas_go(oliver: Visit) -> None:
    """The second text of a message that was not understood has a secret in it too."""
    oliver.begin()
    oliver.type("hm hm hm")
    said = MerchantMessage(text=f"help {SECRET}", channel="D1", ts="7.1")
    for _ in range(2):
        oliver.do(lambda unit: typed_input._hear(unit, said))
    rows = [row for row in oliver.rows("post") if PLEA in str(row["content"])]
    assert len(rows) == 2
    for row in rows:
        delivered(oliver, row["key"])
    delete(oliver, said.source)
    assert [DONE in shown(oliver, row["key"]) for row in rows] == [True, True]


@pytest.mark.parametrize(
    ("answer", "after"),
    [(None, "deleted"), (screenshots.decline_screenshots, "deleted"), (screenshots.share_screenshots, "passed_on")],
)
def test_the_plea_to_delete_a_picture_goes(erika: Visit, anna: Visit, answer: Any, after: str) -> None:
    """How to cover the token stays. A question that nobody has answered asks no more; what was passed on stays so."""
    question = asked(called(erika, anna), SHOT)
    picture = source(erika)
    delivered(erika, question.key)
    if answer is not None:
        erika.do(lambda unit: answer(unit, question, URL))
    delete(erika, picture)
    assert f"talk.screenshots.{after}" in shown(erika, question.key)


def test_nobody_else_answers_the_plea(oliver: Visit, erika: Visit) -> None:
    """A message of somebody else, also with the same address."""
    oliver.type(f"what is {SECRET}")
    key = asking(oliver)["key"]
    delete(erika, source(oliver))
    assert DONE not in str(oliver.rows()) + str(erika.rows())
    delete(oliver, source(oliver))
    assert DONE in shown(oliver, key)
