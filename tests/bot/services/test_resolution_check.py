"""How a case ends: asked, confirmed or refused by the merchant; their walk's end closes it too."""

import re

import pytest

from bot.blocks.actions import AnswerDraft, parse_answer_draft
from bot.services import resolution_answers, ticket_actions
from tests.bot.services.test_agent_messages import CHANNEL, send, thread
from tests.bot.services.visits import URL, Visit


def resolved(merchant: Visit, agent: Visit) -> AnswerDraft:
    """A ticket without a walk that the agent has answered and settled; the question that the merchant got."""
    merchant.command("support")
    send(agent, "Try it now.")
    agent.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    found = re.search(r'"value": "([^"]+)"', merchant.newest())
    question = parse_answer_draft(found[1] if found else None)
    assert question is not None
    return question


def press(merchant: Visit, question: AnswerDraft, *, works: bool) -> None:
    merchant.do(lambda unit: resolution_answers.answered(unit, question, URL, works=works))


def state(merchant: Visit) -> str:
    return str(merchant.tickets()[0].state)


def acts(merchant: Visit) -> list[tuple[str, str]]:
    return merchant.do(lambda unit: [(one.name, one.actor_id) for one in unit.tx.ticket_events(1001)])


def test_the_question_stands_in_the_conversation(oliver: Visit, anna: Visit) -> None:
    """In the thread of the talk and in the direct message, in the merchant's language."""
    resolved(oliver, anna)
    row = oliver.rows("post")[-1]
    assert (row["thread"], row["content"]["reply_broadcast"]) == (oliver.tickets()[0].talk_key, True)
    assert "«en:talk.settled.question Anna Support 1001»" in str(row["content"])


def test_yes_closes_the_ticket(oliver: Visit, anna: Visit) -> None:
    """By the merchant's word, with the owner told; pressing again changes nothing more."""
    question = resolved(oliver, anna)
    for _ in range(2):
        press(oliver, question, works=True)
    ticket = oliver.tickets()[0]
    assert (ticket.state, ticket.closed_by) == ("closed", "U0OLIVER")
    assert acts(oliver)[-2:] == [("resolve", "U0ANNA"), ("close", "U0OLIVER")]
    told = [row for row in thread(anna) if "talk.to_support.settled" in str(row["content"])]
    assert len(told) == 1
    assert "<@U0ANNA>" in str(told[0]["content"])
    assert all(row["target"] == question.key for row in oliver.rows("update"))
    assert "talk.settled.closed" in oliver.newest("update")


def test_not_yet_opens_it_again(oliver: Visit, anna: Visit) -> None:
    """With its owner, who is told; what the merchant writes next arrives; „yes“ later still closes."""
    question = resolved(oliver, anna)
    for _ in range(2):
        press(oliver, question, works=False)
    ticket = oliver.tickets()[0]
    assert (ticket.state, ticket.claimed_by, ticket.resolved_at) == ("waiting_for_support", "U0ANNA", None)
    assert len([row for row in thread(anna) if "talk.to_support.unsettled" in str(row["content"])]) == 1
    assert "talk.settled.reopened »" in oliver.newest("update")
    oliver.type("the same message as before")
    assert "the same message as before" in str(thread(anna)[-1]["content"])
    press(oliver, question, works=True)
    assert state(oliver) == "closed"


def test_a_ticket_nobody_owned_is_open_to_anybody(oliver: Visit, anna: Visit) -> None:
    """Settled without being claimed: asked on its own, and reopened for all."""
    oliver.command("support")
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert oliver.rows("post")[-1]["thread"] is None
    press(oliver, AnswerDraft(1001, str(oliver.rows("post")[-1]["key"])), works=False)
    assert state(oliver) == "open"
    assert "reopened_unowned" in oliver.newest("update")


@pytest.mark.parametrize("number", [1001, 4711])
def test_somebody_else_cannot_settle_it(oliver: Visit, erika: Visit, anna: Visit, number: int) -> None:
    """Another merchant, and a number that is none: told so, nothing changes."""
    question = resolved(oliver, anna)
    press(erika, AnswerDraft(number, question.key), works=True)
    assert "answers.foreign" in erika.newest("respond")
    erika.do(lambda unit: resolution_answers.answered(unit, AnswerDraft(number, question.key), None, works=False))
    assert len(erika.rows("respond")) == 1
    assert state(oliver) == "resolved"


@pytest.mark.parametrize("settled", [True, False])
def test_the_end_of_the_walk_closes_its_ticket(erika: Visit, anna: Visit, *, settled: bool) -> None:
    """Orders arrive: closed by the merchant, whether the agent had settled it or not."""
    erika.go_to("with_support")
    send(anna, "Try again.")
    if settled:
        anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    erika.press("problem_solved")
    ticket = erika.tickets()[0]
    assert (ticket.state, ticket.closed_by) == ("closed", "U0ERIKA")
    assert ticket.resolved_by == ("U0ANNA" if settled else "U0ERIKA")
    assert "talk.to_support.settled" in str(thread(anna)[-1]["content"])
    assert "ticket.states.closed" in anna.newest("update", to=CHANNEL)


def test_a_cancelled_walk_leaves_its_ticket_open(erika: Visit, anna: Visit) -> None:
    """Nothing is settled by giving up."""
    erika.go_to("with_support")
    send(anna, "Try again.")
    erika.act("cancel")
    assert state(erika) == "waiting_for_merchant"


def test_resolved_takes_up_the_walk_and_telling_of_a_failure_reopens(erika: Visit, anna: Visit) -> None:
    """The question comes, the step stays; a new failure wakes the ticket with its owner."""
    erika.go_to("with_support")
    send(anna, "Try again.")
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert "talk.settled.question" in erika.newest()
    assert erika.live_steps() == 1
    erika.submit("fetch_failure", accounts=[], error_text="Error: it failed again")
    ticket = erika.tickets()[0]
    assert (ticket.state, ticket.claimed_by) == ("waiting_for_support", "U0ANNA")
    assert "it failed again" in str(thread(anna)[-1]["content"])
