"""What a merchant writes while a person talks with them goes to that person, once, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from bot.services import merchant_messages, reminders, start, ticket_actions, typed_input
from bot.services.merchant_messages import MerchantMessage
from tests.bot.services.test_agent_messages import CHANNEL, SECRET, answers, form, send, thread
from tests.bot.services.visits import Visit

Json = dict[str, Any]


@pytest.fixture
def talking(erika: Visit, anna: Visit) -> Visit:
    """Erika stands at a step, has called a person, and Anna has answered her."""
    erika.begin()
    erika.submit("help", sentence="")
    send(anna, "What does it say?")
    delivered(erika, str(answers(erika)[0]["key"]))
    return erika


def delivered(merchant: Visit, key: str) -> None:
    """Slack has the message; replies to it have its `ts`."""
    merchant.do(lambda unit: unit.tx.mark_delivered(key, f"D{merchant.who.user_id}", "1700000000.000100"))


def reply(merchant: Visit, text: str) -> None:
    merchant.type(text, thread_ts="1700000000.000100")


def heard(agent: Visit) -> list[str]:
    return [str(row["content"]) for row in thread(agent) if "talk.to_support.heard" in str(row["content"])]


def said(merchant: Visit) -> int:
    return len(merchant.rows("post"))


@pytest.mark.parametrize("where", ["thread", "conversation"])
def test_what_the_merchant_writes_arrives_in_the_support_thread(talking: Visit, anna: Visit, where: str) -> None:
    """The owner is pinged and the merchant told once a turn, where they wrote; the step is not shown again."""
    write = reply if where == "thread" else Visit.type
    before = said(talking)
    write(talking, "It says nothing at all")
    write(talking, "Or nearly nothing")
    ticket = talking.tickets()[0]
    assert ticket.state == "waiting_for_support"
    first, second = heard(anna)
    assert "It says nothing at all" in first
    assert "talk.to_support.heard_by <@U0ANNA>" in first
    assert "ticket:answer" in first
    assert "Or nearly nothing" in second
    assert "<@U0ANNA>" not in second
    assert thread(anna)[-1]["thread"] == ticket.card_key
    assert said(talking) == before + 1
    receipt = talking.rows("post")[-1]
    assert "«de:talk.to_merchant.receipt Anna Support»" in str(receipt["content"])
    assert receipt["thread"] == ticket.talk_key
    assert receipt["content"].get("reply_broadcast", False) is (where == "conversation")
    assert talking.step == "before_start"


def test_each_turn_has_its_receipt(talking: Visit, anna: Visit) -> None:
    """After the agent's next answer the merchant's next word is told to have arrived."""
    reply(talking, "one")
    send(anna, "two")
    reply(talking, "three")
    receipts = [row for row in talking.rows("post") if "talk.to_merchant.receipt" in str(row["content"])]
    assert len(receipts) == 2


def test_the_same_message_is_passed_on_once(talking: Visit, anna: Visit) -> None:
    """Slack may deliver it again under another event."""
    one = MerchantMessage(text="once", channel="D1", ts="5.5")
    for _ in range(2):
        talking.do(lambda unit: typed_input.message_typed(unit, one))
    assert len(heard(anna)) == 1


def test_stray_words_are_support_s_from_filing_until_closing(erika: Visit, anna: Visit) -> None:
    """Open, claimed, answered or resolved: they are in the thread, and the bot refuses none."""
    erika.begin()
    erika.submit("help", sentence="")
    for act in (lambda: None, lambda: anna.do(lambda unit: ticket_actions.claim(unit, 1001, None))):
        act()
        erika.type("whatever this is")
    send(anna, "hello")
    erika.type("whatever this is")
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, None))
    erika.type("whatever this is")
    assert "talk.settled.question_again" in erika.newest()
    anna.do(lambda unit: ticket_actions.close(unit, 1001, None))
    erika.type("whatever this is")
    assert "notes.unclear" in erika.newest()
    assert len(heard(anna)) == 4


def test_the_answer_to_a_question_does_not_move_the_walk(talking: Visit, anna: Visit) -> None:
    """„ja“, „ok“ and „geklappt“ are said to the person who asked; only plain commands are the bot's."""
    step = talking.step
    for word in ("next", "worked", "failed", "help", "same"):  # the marked guide's words
        talking.type(word)
    assert len(heard(anna)) == 5
    assert talking.step == step
    before = said(talking)
    talking.type("in_talk")
    assert len(heard(anna)) == 5
    assert said(talking) == before + 1


def test_the_value_of_the_step_goes_to_the_step(erika: Visit, anna: Visit) -> None:
    """A version at its step is the bot's, also while a person talks; all other words are support's."""
    erika.go_to("connect_version")
    erika.submit("help", sentence="")
    send(anna, "Which version is it?")
    erika.type("I will have a look")
    assert erika.step == "connect_version"
    erika.type("4.9.24.4")
    assert erika.step == "account_mask"
    assert len(heard(anna)) == 2  # the agent has asked for it, so it is copied
    erika.type("4.9.24.4")
    assert len(heard(anna)) == 3


def test_a_token_in_the_conversation_is_removed_and_told(talking: Visit, anna: Visit) -> None:
    """Neither the agent nor the database sees it; the merchant is told to delete the message."""
    reply(talking, f"it is {SECRET} <!channel> *bold*")
    kept = str(list(anna.store.db.query("SELECT * FROM ticket_messages"))) + str(anna.rows(to=CHANNEL))
    assert SECRET not in kept
    assert "redacted" in heard(anna)[0]
    assert "<!channel>" not in thread(anna)[-1]["content"]["text"]
    assert "answers.secret_without_walk" in talking.newest()


def test_a_word_in_the_thread_reopens(talking: Visit, anna: Visit) -> None:
    """A settled ticket wakes with its owner; the merchant learns that it has arrived."""
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, None))
    reply(talking, "it failed again")
    ticket = talking.tickets()[0]
    assert (ticket.state, ticket.claimed_by, ticket.resolved_at) == ("waiting_for_support", "U0ANNA", None)
    assert "<@U0ANNA>" in heard(anna)[-1]
    assert "talk.settled.reopened" in talking.newest()
    assert form(anna) is not None


def test_somebody_elses_thread_is_not_mine(talking: Visit, oliver: Visit, anna: Visit) -> None:
    """The thread of a conversation belongs to its merchant alone."""
    oliver.do(
        lambda unit: typed_input.message_typed(
            unit, MerchantMessage(text="hello", channel="DU0ERIKA", thread_ts="1700000000.000100")
        )
    )
    assert heard(anna) == []
    assert "introduction" in oliver.newest()
    assert talking.tickets()[0].state == "waiting_for_merchant"


def test_an_edited_message_is_corrected_in_the_thread(talking: Visit, oliver: Visit, anna: Visit) -> None:
    """The copy follows and says so; other people's, unchanged and unknown messages change nothing."""
    talking.do(lambda unit: typed_input.message_typed(unit, MerchantMessage(text="befor", channel="D1", ts="5.5")))
    for visitor, text in ((oliver, "x"), (talking, "befor"), (talking, ""), (talking, f"after {SECRET}")):
        visitor.do(
            lambda unit, text=text: merchant_messages.follow_edit(
                unit, MerchantMessage(text=text, channel="D1", ts="5.5")
            )
        )
    talking.do(lambda unit: merchant_messages.follow_edit(unit, MerchantMessage(text="x", channel="D1", ts="6.6")))
    copies = [str(row["content"]) for row in anna.rows("update", to=CHANNEL) if "changed" in str(row["content"])]
    assert len(copies) == 1
    assert "after" in copies[0]
    assert SECRET not in copies[0]
    with anna.store.transaction() as tx:
        assert [message.state for message in tx.ticket_messages(1001)] == ["sent", "corrected"]


def test_a_reminder_waits_while_a_person_talks(talking: Visit) -> None:
    """It is put off by a day, and comes when nobody talks any more."""
    record, before = talking.record, said(talking)
    due = talking.do(lambda unit: unit.tx.reminder(record.id))
    assert due is not None
    now = talking.do(lambda unit: reminders.remind(unit, record, due) or unit.now)
    assert said(talking) == before
    put_off = talking.do(lambda unit: unit.tx.reminder(record.id))
    assert put_off is not None
    assert (put_off.due_at, put_off.sent) == (now + timedelta(days=1), due.sent)


def test_without_a_walk_words_go_to_the_open_ticket(oliver: Visit, anna: Visit) -> None:
    """Whoever has called and writes on is not introduced to the bot; „start“ still begins a walk."""
    oliver.command("support")
    oliver.type("hello? I am still waiting")
    assert "still waiting" in heard(anna)[0]
    assert "<@" not in heard(anna)[0]
    assert "«en:talk.to_merchant.receipt_nobody »" in oliver.newest()
    assert oliver.rows("post")[-1]["thread"] is None
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, None))
    oliver.type("and now?")
    assert oliver.tickets()[0].state == "waiting_for_support"
    assert len(heard(anna)) == 2


def test_start_begins_a_walk_also_with_an_open_ticket(oliver: Visit, anna: Visit) -> None:
    """The words that the bot knows are its own as long as nobody talks."""
    oliver.command("support")
    oliver.type("start")
    assert oliver.step == "before_start"
    assert heard(anna) == []


def test_words_go_to_the_case_that_is_open_though_a_newer_one_is_over(erika: Visit, anna: Visit) -> None:
    """Who has no walk under way is heard by whoever has their open ticket, whatever became of later ones."""
    erika.begin()
    erika.submit("help", sentence="The first thing")
    erika.do(lambda unit: start.cancel_pressed(unit, 1, None))
    erika.begin()
    erika.submit("help", sentence="The second thing")
    erika.do(lambda unit: start.cancel_pressed(unit, 2, None))
    first, second = sorted(one.number for one in erika.tickets())
    for act in (ticket_actions.claim, ticket_actions.resolve):
        anna.do(lambda unit, act=act: act(unit, second, None))
    erika.type("What about the first thing?")
    assert "What about the first thing?" in heard(anna)[-1]
    assert {one.number: one.state for one in erika.tickets()} == {first: "open", second: "resolved"}
