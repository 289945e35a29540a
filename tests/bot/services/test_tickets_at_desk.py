"""Tickets: filed once, added to, claimed and resolved by agents, told to the merchant."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from bot.services import ticket_actions, ticket_card, ticket_filing, walk_start
from tests.bot.services.visits import TEAM, URL, Visit
from tests.conversations.amazon_token.token_walks import THREE

CHANNEL = "C0SUPPORT"


def cards(visitor: Visit) -> list[str]:
    return [str(row["content"]) for row in visitor.rows("post", to=CHANNEL) if row["thread"] is None]


def threads(visitor: Visit) -> list[str]:
    """What was written in the threads below what was known when the ticket was filed."""
    replies = [str(row["content"]) for row in visitor.rows("post", to=CHANNEL) if row["thread"]]
    return [reply for reply in replies if "ticket.thread.snapshot" not in reply]


def snapshots(visitor: Visit) -> list[str]:
    replies = [str(row["content"]) for row in visitor.rows("post", to=CHANNEL) if row["thread"]]
    return [reply for reply in replies if "ticket.thread.snapshot" in reply]


def newest_card(visitor: Visit) -> str:
    return visitor.newest("update", to=CHANNEL)


def test_the_second_failure_files_the_ticket_at_once(erika: Visit) -> None:
    """The first failure files nothing; the second does, in the support channel's language, before anything is asked."""
    erika.go_to("first_fetch", THREE)
    erika.press("fetch_failed")
    assert erika.tickets() == []
    erika.press("fetch_failed")
    assert [(t.reason, t.priority, t.state) for t in erika.tickets()] == [("second_failure", "P1", "open")]
    assert len(cards(erika)) == 1
    assert "«de:ticket.title" in cards(erika)[0]
    assert "1001" in erika.newest()
    assert erika.step == "with_support"


def test_pressing_failed_twice_files_one_ticket(erika: Visit) -> None:
    """A double click on the second „fehlgeschlagen“ is a repeat."""
    erika.go_to("second_fetch")
    where = erika.address
    erika.press("fetch_failed", at=where)
    erika.press("fetch_failed", at=where)
    assert len(erika.tickets()) == len(cards(erika)) == 1


def test_what_the_merchant_tells_afterwards_is_added(erika: Visit) -> None:
    """Accounts and error text: the words in the thread once, the category and its first answer above the step."""
    erika.go_to("with_support", THREE)
    erika.submit("fetch_failure", accounts=["Amazon FR"], error_text="Error: Invalid seller id: X")
    erika.submit("fetch_failure", accounts=["Amazon FR"], error_text="")
    erika.submit("fetch_failure", accounts=[], error_text="Error: Invalid seller id: X")
    ticket = erika.tickets()[0]
    assert (ticket.category, ticket.words) == ("seller_id", ("Error: Invalid seller id: X",))
    assert len(threads(erika)) == 1
    assert "categories.seller_id.answer" in erika.newest()
    assert "categories.seller_id.name" in newest_card(erika)


def test_secrets_in_an_error_text_are_taken_out(erika: Visit) -> None:
    """Nothing that looks like a credential reaches the database or the support channel."""
    erika.go_to("with_support")
    secret = "amzn.mws." + "4" * 8 + "-4444-4444-4444-" + "4" * 12
    erika.submit("fetch_failure", accounts=[], error_text=f"Error with {secret} denied")
    erika.submit("help", sentence=f"is {secret} right?")
    everything = str(list(erika.store.db.query("SELECT * FROM tickets"))) + str(erika.rows(to=CHANNEL))
    assert secret not in everything + erika.record.state
    assert "redacted" in everything


def test_one_ticket_a_walk_and_a_second_failure_raises_it(erika: Visit) -> None:
    """Help first, failures later: one ticket, its reason and priority raised, each call in its thread."""
    erika.go_to("first_fetch", THREE)
    erika.submit("help", sentence="so nervous")
    assert [(t.reason, t.priority) for t in erika.tickets()] == [("help", "P3")]
    erika.submit("help", sentence="still nervous")
    assert "notes.ticket_added" in erika.newest()
    erika.act("fetch_failed")
    erika.act("fetch_failed")
    assert [(t.number, t.reason, t.priority) for t in erika.tickets()] == [(1001, "second_failure", "P1")]
    said = [re.findall(r"ticket\.thread\.[a-z_]+", thread)[0] for thread in threads(erika)]
    assert said == ["ticket.thread.words", "ticket.thread.call_again", "ticket.thread.second_failure"]
    assert len(cards(erika)) == 1


def test_the_card_names_the_time_of_its_reason(erika: Visit) -> None:
    """Filed for help, failed later: the card's reason has the time of the failure, also after a further call."""

    def reason_at() -> datetime:
        ticket = erika.tickets()[0]
        summary = erika.do(lambda unit: ticket_card.summary_of(unit, ticket))
        (reason,) = [line for section in summary.sections for line in section.lines if "labels.reason" in line.label]
        (moment,) = [value for value in reason.value if isinstance(value, datetime)]
        return moment

    def last(name: str) -> datetime:
        return erika.do(lambda unit: [event.at for event in unit.tx.ticket_events(1001) if event.name == name])[-1]

    erika.go_to("first_fetch", THREE)
    erika.submit("help", sentence="so nervous")
    assert reason_at() == last("file")
    erika.submit("help", sentence="still nervous")
    assert reason_at() == last("call")
    erika.act("fetch_failed")
    erika.act("fetch_failed")
    failed = last("call")
    assert reason_at() == failed
    erika.submit("help", sentence="and again")
    assert last("call") > failed
    assert reason_at() == failed


def test_help_in_the_danger_zone_is_urgent(erika: Visit) -> None:
    """All accounts are down: P1."""
    erika.go_to("new_developer")
    erika.submit("help", sentence="")
    assert erika.tickets()[0].priority == "P1"


def test_a_failure_told_without_a_ticket_files_one(erika: Visit) -> None:
    """Should the ticket be missing, telling about the failure files it."""
    erika.go_to("second_fetch")
    record = erika.record
    erika.do(lambda unit: ticket_filing.add_failure(unit, record, unit.open(record)))
    assert [t.reason for t in erika.tickets()] == ["second_failure"]


def test_going_on_and_solving_show_in_the_card(erika: Visit) -> None:
    """„Weiter versuchen“ returns to the fetch; „gelöst“ ends the walk; the card follows."""
    erika.go_to("with_support")
    erika.press("try_fetch_again")
    assert erika.step == "second_fetch"
    assert "steps.second_fetch.title" in newest_card(erika)
    erika.press("fetch_failed")
    erika.press("problem_solved")
    assert erika.step == "done"
    assert "ticket.states.closed" in newest_card(erika)
    assert len(erika.tickets()) == 1


@pytest.mark.parametrize("decide", [ticket_actions.claim, ticket_actions.resolve])
def test_only_agents_of_the_team_decide(erika: Visit, decide: Callable[..., object]) -> None:
    """A merchant, an agent of another team, and a number that is none: told so, nothing changes."""
    erika.go_to("with_support")
    for url in (URL, None):
        assert "answers.agents_only" in str(erika.do(partial(decide, number=1001, response_url=url)))
    assert erika.tickets()[0].state == "open"


def test_a_ticket_of_another_team_or_none_at_all(erika: Visit, anna: Visit) -> None:
    """Numbers in buttons are looked up within the agent's own team."""
    erika.go_to("with_support")
    anna.who = type(anna.who)("T2", "U0ANNA", is_agent=True)
    for number in (1001, 4711):
        refused = anna.do(partial(ticket_actions.claim, number=number, response_url=URL))
        assert "answers.agents_only" in str(refused)
    assert erika.tickets()[0].state == "open"


def test_claiming_tells_both_sides(erika: Visit, anna: Visit, ben: Visit) -> None:
    """Who and when on the card, a word to the merchant in their language; the second agent learns who was first."""
    erika.go_to("with_support")
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    ticket = erika.tickets()[0]
    assert (ticket.state, ticket.claimed_by) == ("claimed", "U0ANNA")
    assert ticket.claimed_at is not None
    assert "ticket.states.claimed" in newest_card(erika)
    assert "«de:answers.ticket_claimed Anna Support 1001»" in erika.newest()
    assert anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL)) is None
    refused = ben.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    assert "«en:answers.ticket_already_claimed Anna Support 1001»" in str(refused)
    assert erika.tickets()[0] == ticket


def test_resolving_asks_the_merchant(erika: Visit, anna: Visit, ben: Visit) -> None:
    """The question comes as a message of its own, the step stays; resolving twice is answered."""
    erika.go_to("with_support")
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert erika.tickets()[0].state == "resolved"
    assert "«de:talk.settled.question Anna Support 1001»" in erika.newest()
    assert erika.step == "with_support"
    assert erika.live_steps() == 1
    for decide in (ticket_actions.resolve, ticket_actions.claim):
        refused = ben.do(partial(decide, number=1001, response_url=URL))
        assert "ticket_already_resolved Anna Support" in str(refused)


def test_resolving_is_told_also_after_the_walk(erika: Visit, oliver: Visit, ben: Visit) -> None:
    """With no walk under way the merchant gets a message of its own, in their language."""
    erika.go_to("with_support")
    erika.act("cancel")
    ben.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    ben.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert "«de:talk.settled.question Ben Support 1001»" in erika.newest()
    oliver.command("support")
    ben.do(lambda unit: ticket_actions.resolve(unit, 1002, URL))
    assert "«en:talk.settled.question Ben Support 1002»" in oliver.newest()


def test_a_resolved_ticket_is_reopened_by_a_new_call(erika: Visit, anna: Visit) -> None:
    """The same number, with the agent who owned it, who owes the next word; every act is in the history."""
    erika.go_to("with_support")
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    erika.submit("help", sentence="no it is not")
    ticket = erika.tickets()[0]
    assert (ticket.number, ticket.state, ticket.claimed_by) == (1001, "waiting_for_support", "U0ANNA")
    assert (ticket.resolved_by, ticket.resolved_at) == (None, None)
    with erika.store.transaction() as tx:
        acts = [(event.name, event.actor_id, event.next_state) for event in tx.ticket_events(1001)]
    assert acts == [
        ("file", "U0ERIKA", "open"),
        ("claim", "U0ANNA", "claimed"),
        ("resolve", "U0ANNA", "resolved"),
        ("reopen", "U0ERIKA", "waiting_for_support"),
    ]
    assert "ticket:resolve" in newest_card(erika)
    assert "no it is not" in threads(erika)[-1]


def test_support_without_a_walk_adds_to_the_open_ticket(oliver: Visit, anna: Visit) -> None:
    """Calling twice is one ticket; after it is resolved there is a new one."""
    oliver.command("support")
    oliver.command("support")
    assert len(oliver.tickets()) == 1
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    oliver.command("support")
    assert [ticket.number for ticket in oliver.tickets()] == [1002, 1001]


def test_a_ticket_from_the_phone_names_the_caller(anna: Visit) -> None:
    """The card names who is on the phone."""
    anna.command("phone Frau Muster")
    anna.submit("help", sentence="")
    assert "Frau Muster" in cards(anna)[0]


def test_a_ticket_of_an_invited_walk_names_who_invited(anna: Visit, erika: Visit) -> None:
    """The first reply in the thread says that an agent began it."""
    erika.do(lambda unit: walk_start.begin(unit, invited_by="U0ANNA"))
    erika.submit("help", sentence="")
    assert "<@U0ANNA>" in snapshots(erika)[0]
    assert erika.record.team_id == TEAM
    assert anna.rows("post") == []


def test_a_person_whose_name_is_unknown_is_named_by_id(erika: Visit, ben: Visit) -> None:
    """Slack may never have told the name of an agent."""
    erika.go_to("with_support")
    stranger = type(ben.who)(TEAM, "U9", is_agent=True)
    erika.services.do(stranger, lambda unit: ticket_actions.claim(unit, 1001, URL))
    refused = ben.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    assert "ticket_already_claimed U9 1001" in str(refused)
