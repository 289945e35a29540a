"""Waiting at the desk: said to the right people, once, recorded, and planned anew with every change of a ticket."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.blocks.kit import date
from bot.services import escalations, ticket_actions, ticket_filing
from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore
from tests.bot.services.visits import URL
from tests.bot.services.watched import CHANNEL, DAY, HOUR, MONDAY, Watched


def test_every_living_ticket_has_one_timer(watched: Watched) -> None:
    """From filing to closing there is exactly one next thing, and none after."""
    watched.file()
    assert watched.timers() == [(1001, "answer_warning")]
    watched.claim()
    watched.answer()
    assert watched.timers() == [(1001, "close_announced")]
    watched.change("hear")
    assert watched.timers() == [(1001, "answer_warning")]
    watched.anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert watched.timers() == [(1001, "close_announced")]
    watched.change("close", closed_at=watched.clock.now)
    assert watched.timers() == []


def test_nobody_took_it_so_the_channel_sees_it(watched: Watched) -> None:
    """A warning without an owner stands in the channel too; at the limit the people for escalation are mentioned."""
    watched.file()
    card = next(row for row in watched.erika.rows("post", to=CHANNEL) if row["key"] == watched.ticket.card_key)
    assert "«de:ticket.due.ahead <!date^1772467200" in json.dumps(card["content"], ensure_ascii=False)
    watched.pass_to(MONDAY + 7 * HOUR)
    warning = watched.thread()[-1]
    assert "«de:ticket.waiting.answer_warning" in warning
    assert "«de:ticket.waiting.nobody" in warning
    assert '"reply_broadcast": true' in warning
    watched.pass_to(MONDAY + 8 * HOUR)
    limit = next(line for line in watched.thread() if "answer_limit" in line)
    assert "<@U0CHEF> «de:ticket.waiting.answer_limit" in limit
    assert "«de:ticket.due.late <!date^1772467200" in watched.erika.newest("update", to=CHANNEL)
    assert "reply_broadcast" not in limit
    assert [event.name for event in watched.history][-3:] == ["answer_warning", "answer_limit", "merchant_word"]


def test_the_owner_is_mentioned(watched: Watched) -> None:
    """Whoever took the ticket is warned; at the limit they are mentioned again, with the people for escalation."""
    watched.file()
    watched.claim()
    watched.pass_to(MONDAY + 8 * HOUR)
    warning, limit = (line for line in watched.thread() if "waiting.answer" in line)
    assert "<@U0ANNA> «de:ticket.waiting.answer_warning" in warning
    assert "<@U0ANNA> <@U0CHEF> «de:ticket.waiting.answer_limit" in limit
    assert "nobody" not in warning + limit


def test_the_merchant_hears_that_it_takes_longer(watched: Watched) -> None:
    """At the limit a word with who has it, once each working day, and support reads that it was said."""
    watched.file()
    watched.claim()
    watched.pass_to(MONDAY + 8 * HOUR)
    said = watched.to_merchant()[-1]
    assert "«de:answers.ticket_takes_longer_with Anna Support" in said
    assert date(MONDAY + 32 * HOUR) in said, "and when they hear again"
    assert "«de:ticket.waiting.merchant_word" in watched.thread()[-1]
    watched.pass_to(MONDAY + 2 * DAY)
    assert watched.by_itself.count("merchant_word") == 2
    watched.answer()
    watched.pass_to(MONDAY + 2 * DAY + 12 * HOUR)
    assert watched.by_itself.count("merchant_word") == 2


def test_closing_is_announced_in_the_thread_and_reopened_by_a_word(watched: Watched) -> None:
    """The merchant owes: announced with the day, closed by itself, and open again when they call."""
    watched.file()
    watched.claim()
    watched.answer()
    watched.pass_to(MONDAY + 3 * DAY)
    rows = [row for row in watched.erika.rows("post") if "ticket_closing" in json.dumps(row["content"])]
    assert [row["thread"] for row in rows] == ["talk"]
    assert "«de:answers.ticket_closing <!date^1773043200" in json.dumps(rows[0]["content"], ensure_ascii=False)
    watched.pass_to(MONDAY + 7 * DAY)
    assert (watched.ticket.state, watched.ticket.closed_by) == ("closed", None)
    assert watched.ticket.closed_at == datetime.fromtimestamp(1773043200, UTC)
    assert watched.by_itself == ["close_announced", "expire"]
    assert "«de:answers.ticket_closed_by_itself 1001»" in watched.to_merchant()[-1]
    assert "ticket.states.closed" in watched.erika.newest("update", to=CHANNEL)
    watched.erika.do(
        lambda unit: ticket_filing.request_support(unit, unit.tx.open_walks("T1", "U0ERIKA")[0], "doch noch etwas")
    )
    assert (watched.ticket.state, watched.ticket.claimed_by) == ("waiting_for_support", "U0ANNA")
    assert watched.timers() == [(1001, "answer_warning")]


def test_while_support_owes_nothing_closes(watched: Watched) -> None:
    """Months of support's silence close no ticket."""
    watched.file()
    watched.claim()
    watched.answer()
    watched.change("hear")
    for day in range(1, 120):
        watched.sleep_to(MONDAY + day * DAY)
    assert watched.ticket.state == "waiting_for_support"
    assert not {"close_announced", "expire"} & set(watched.by_itself)


def test_a_solved_ticket_without_conversation_gets_a_thread(watched: Watched) -> None:
    """The announcement itself is what the merchant answers to."""
    watched.file()
    watched.anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    watched.pass_to(MONDAY + 3 * DAY)
    row = watched.erika.rows("post")[-1]
    assert "ticket_closing_solved" in json.dumps(row["content"])
    assert row["thread"] is None
    assert watched.ticket.talk_key == row["key"]


def test_after_days_away_only_the_nearest_is_said(watched: Watched) -> None:
    """The bot was down for a fortnight: one line to support, one word to the merchant, at the next working hour."""
    watched.file()
    watched.sleep_to(MONDAY + 13 * DAY + 2 * HOUR)  # a Sunday
    assert watched.by_itself == []
    watched.sleep_to(MONDAY + 14 * DAY)
    assert watched.by_itself == ["solution_limit", "merchant_word"]
    watched.sleep_to(MONDAY + 14 * DAY + HOUR)
    assert watched.by_itself == ["solution_limit", "merchant_word"]


def test_what_changed_meanwhile_is_looked_at_again(watched: Watched, store: SqliteStore) -> None:
    """A timer that comes up for a ticket that has moved on says nothing."""
    watched.file()
    with store.transaction() as tx:
        timer = tx.ticket_timer(1001)
    assert timer is not None
    watched.pass_to(MONDAY + 5 * HOUR)
    watched.claim()
    watched.answer()
    with store.transaction() as tx:
        tx.save_ticket_timer(timer)
    said = len(watched.thread())
    watched.sleep_to(MONDAY + 8 * HOUR)
    assert len(watched.thread()) == said
    assert watched.timers() == [(1001, "close_announced")]


def test_a_restart_changes_nothing(watched: Watched, config: AppConfig, store: SqliteStore) -> None:
    """Another process with the same file says what was due, once."""
    watched.file()
    watched.clock.now = MONDAY + 7 * HOUR
    again = Services(replace(config, clock=watched.clock), store)
    assert again.unit_of_work(escalations.fire_due)
    assert not again.unit_of_work(escalations.fire_due)
    assert not watched.services.unit_of_work(escalations.fire_due)
    assert watched.by_itself == ["answer_warning"]


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_kill_loses_nothing_and_says_nothing_twice(
    watched: Watched, config: AppConfig, store: SqliteStore, point: str
) -> None:
    """Whatever ends the process around the commit: the next one says it once, or finds it said."""

    def killed(at: str) -> None:
        if at == point:
            raise KeyboardInterrupt

    watched.file()
    watched.clock.now = MONDAY + 7 * HOUR
    with pytest.raises(KeyboardInterrupt):
        Services(replace(config, clock=watched.clock), store, killed).unit_of_work(escalations.fire_due)
    watched.look()
    assert watched.by_itself == ["answer_warning"]
    assert sum("answer_warning" in line for line in watched.thread()) == 1


def test_nobody_is_told_of_an_erased_merchants_ticket(watched: Watched, store: SqliteStore) -> None:
    """Whoever was forgotten is not written to, and no timer is left over."""
    watched.file()
    with store.transaction() as tx:
        timer = tx.ticket_timer(1001)
        tx.erase_person("T1", "U0ERIKA")
        assert timer is not None
        tx.save_ticket_timer(timer)
    rows = store.db["outbox"].count
    watched.sleep_to(MONDAY + 3 * DAY)
    assert store.db["outbox"].count == rows
    assert watched.timers() == []


def test_a_ticket_from_before_histories_is_waited_for_too(watched: Watched, store: SqliteStore) -> None:
    """Where no act is known, the record says how long somebody has waited."""
    watched.file()
    store.db.execute("DELETE FROM ticket_events")
    store.db.conn.commit()
    watched.pass_to(MONDAY + 7 * HOUR)
    assert watched.by_itself == ["answer_warning"]
