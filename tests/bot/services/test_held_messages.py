"""What only its words make a secret is shown to the merchant first, cleaned, and reaches support in any case."""

from datetime import timedelta

import pytest

from bot.services import merchant_messages
from bot.services.merchant_messages import MerchantMessage
from tests.bot.services.test_agent_messages import SECRET, thread
from tests.bot.services.test_merchant_messages import delivered, heard, reply, said, talking
from tests.bot.services.visits import URL, Clock, Visit

__all__ = ["talking"]
PASSWORD = "Sommer-2026!"
WORDS = f"Mein Passwort ist {PASSWORD} und CONNECT meldet MD9000"


def press(merchant: Visit, message_id: int = 2) -> None:
    """The second message of the ticket, after the agent's."""
    merchant.do(lambda unit: merchant_messages.pass_on_pressed(unit, message_id, URL))


def due(merchant: Visit) -> bool:
    return merchant.services.unit_of_work(merchant_messages.pass_on_due)


def later(merchant: Visit, minutes: float) -> None:
    clock = merchant.services.config.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(minutes=minutes)


@pytest.mark.parametrize("where", ["thread", "conversation"])
def test_one_press_passes_it_on(talking: Visit, anna: Visit, where: str) -> None:
    """The merchant sees what is left, and how to delete the original; support gets just that, once."""
    (reply if where == "thread" else Visit.type)(talking, WORDS)
    question = talking.rows("post")[-1]
    assert "talk.held.question" in str(question["content"])
    assert "MD9000" in str(question["content"])
    assert "answers.secret_without_walk" in str(question["content"])
    assert PASSWORD not in str(question["content"])
    assert heard(anna) == []
    for _ in range(2):
        press(talking)
    copies = heard(anna)
    assert len(copies) == 1
    assert "MD9000" in copies[0]
    assert PASSWORD not in copies[0]
    assert talking.tickets()[0].state == "waiting_for_support"
    assert "talk.held.passed_on" in talking.newest("update")
    assert not due(talking)


def test_after_two_minutes_it_is_passed_on_by_itself(talking: Visit, anna: Visit) -> None:
    """Nobody has to press; not before, and not twice."""
    talking.type(WORDS)
    later(talking, 1.5)
    assert not due(talking)
    later(talking, 0.6)
    assert due(talking)
    assert "MD9000" in heard(anna)[0]
    press(talking)
    assert len(heard(anna)) == 1
    assert not due(talking)


def test_the_next_message_does_not_overtake_it(talking: Visit, anna: Visit) -> None:
    """Whoever writes on has seen it: support reads both in their order."""
    talking.type(WORDS)
    talking.type("and now?")
    first, second = heard(anna)
    assert "MD9000" in first
    assert "and now?" in second


@pytest.mark.parametrize(
    ("changed", "copies"), [("CONNECT meldet MD9000", 1), (f"Passwort: {PASSWORD} hilft nicht", 0)]
)
def test_an_edit_is_looked_at_anew(talking: Visit, anna: Visit, changed: str, copies: int) -> None:
    """Without the secret it is passed on at once; with one the question shows what is left now."""
    talking.do(lambda unit: merchant_messages.pass_on_message(
        unit, unit.tx.tickets()[0], MerchantMessage(text=WORDS, channel="D1", ts="5.5")
    ))  # fmt: skip
    talking.do(lambda unit: merchant_messages.follow_edit(unit, MerchantMessage(text=changed, channel="D1", ts="5.5")))
    assert len(heard(anna)) == copies
    assert PASSWORD not in str(talking.rows()) + str(anna.rows())
    press(talking)
    assert len(heard(anna)) == 1


def test_a_token_is_certain_and_waits_for_nobody(talking: Visit, anna: Visit) -> None:
    """It is removed and the rest passed on at once, as ever."""
    talking.type(f"it is {SECRET}")
    assert len(heard(anna)) == 1
    assert "answers.secret_without_walk" in talking.newest()


def test_somebody_else_cannot_pass_it_on(talking: Visit, oliver: Visit, anna: Visit) -> None:
    """The button of another person's message, or of none, does nothing."""
    talking.type(WORDS)
    before = said(talking)
    press(oliver)
    press(talking, 999)
    assert (heard(anna), said(talking)) == ([], before)


def test_it_is_not_in_the_ticket_before(talking: Visit, anna: Visit) -> None:
    """Neither in the thread nor in the timeline; an erased merchant's message never gets there."""
    talking.type(WORDS)
    delivered(talking, "x")
    assert "MD9000" not in str(thread(anna))
    talking.do(lambda unit: unit.tx.erase_person(unit.user.team_id, unit.user.user_id))
    later(talking, 3)
    assert due(talking)
    assert heard(anna) == []
