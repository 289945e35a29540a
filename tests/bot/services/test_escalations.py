"""Waiting at the desk: said to the right people, once, recorded, and planned anew with every change of a ticket."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.blocks.actions import SeenTicket
from bot.blocks.kit import date
from bot.services import (
    daily_digest,
    escalations,
    ticket_actions,
    ticket_card,
    ticket_filing,
    ticket_lists,
    triage_form,
)
from bot.services.context import AppConfig, SupportConfig
from bot.services.runner import Services
from bot.store.models import TicketEvent, TicketRecord
from bot.store.sqlite import SqliteStore
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.visits import ANNA, ERIKA, URL, Visit

CHANNEL = "C0SUPPORT"
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 9:00 in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


class Watched:
    """A desk with Erika, Anna and a clock that is moved by hand."""

    def __init__(self, config: AppConfig, store: SqliteStore) -> None:
        self.clock = Clock()
        self.store = store
        self.services = Services(
            replace(config, clock=self.clock, support=SupportConfig(escalation=("U0CHEF",))), store
        )
        self.erika, self.anna = (Visit(self.services, store, who).meet() for who in (ERIKA, ANNA))

    def pass_to(self, moment: datetime) -> None:
        """Time passes in steps of five minutes, and the bot looks each time."""
        while self.clock.now < moment:
            self.clock.now = min(self.clock.now + timedelta(minutes=5), moment)
            self.look()

    def sleep_to(self, moment: datetime) -> None:
        """The bot is down until then."""
        self.clock.now = moment
        self.look()

    def look(self) -> None:
        while self.services.unit_of_work(escalations.fire_due):
            pass

    def file(self) -> TicketRecord:
        """Erika asks for help at her first step: a question, P3."""
        self.erika.begin()
        self.erika.do(lambda unit: ticket_filing.request_support(unit, unit.tx.open_walks("T1", "U0ERIKA")[0], "bitte"))
        return self.ticket

    def change(self, event: str, **fields: object) -> None:
        ticket = self.ticket
        self.anna.do(lambda unit: ticket_card.transition(unit, ticket, event, **fields))

    def answer(self) -> None:
        """Anna answers in the merchant's direct message."""
        self.change("answer", talk_key="talk", answered_at=self.clock.now)

    def claim(self) -> None:
        self.anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))

    @property
    def ticket(self) -> TicketRecord:
        found: TicketRecord = self.erika.tickets()[0]
        return found

    @property
    def history(self) -> list[TicketEvent]:
        return self.erika.do(lambda unit: unit.tx.ticket_events(1001))

    @property
    def by_itself(self) -> list[str]:
        return [event.name for event in self.history if not event.actor_id]

    def timers(self) -> list[tuple[int, str]]:
        return [(row["number"], row["kind"]) for row in self.store.db.query("SELECT * FROM ticket_timers")]

    def thread(self) -> list[str]:
        """Replies in the ticket's thread, oldest first."""
        rows = [row for row in self.erika.rows("post", to=CHANNEL) if row["thread"]]
        return [json.dumps(row["content"], ensure_ascii=False) for row in rows]

    def to_merchant(self) -> list[str]:
        return [json.dumps(row["content"], ensure_ascii=False) for row in self.erika.rows("post")]


@pytest.fixture
def watched(config: AppConfig, store: SqliteStore) -> Watched:
    return Watched(config, store)


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


def digests(watched: Watched) -> list[str]:
    rows = [row for row in watched.erika.rows("post", to=CHANNEL) if row["thread"] is None]
    return [json.dumps(row["content"], ensure_ascii=False) for row in rows if "digest" in json.dumps(row["content"])]


def test_the_morning_list_comes_on_working_mornings(watched: Watched, store: SqliteStore) -> None:
    """Once a working day, the overdue and the old on top, each with a link to its card; nothing where nothing waits."""
    services, clock = watched.services, watched.clock
    assert not services.unit_of_work(daily_digest.post_due)
    clock.now = MONDAY + 4 * HOUR
    watched.file()
    with store.transaction() as tx:
        card = store.db.query("SELECT key FROM outbox WHERE recipient = ? AND thread IS NULL", [CHANNEL])
        key = next(iter(card))["key"]
        tx.mark_delivered(key, CHANNEL, "1772438400.000100")
    link = f"https://slack.com/archives/{CHANNEL}/p1772438400000100"
    store.keep_permalink(key, link)
    watched.erika.command("cancel")
    clock.now = MONDAY + DAY - timedelta(minutes=46)
    assert not services.unit_of_work(daily_digest.post_due)
    clock.now = MONDAY + DAY - timedelta(minutes=45)  # 8:15 in Berlin
    assert services.unit_of_work(daily_digest.post_due)
    assert not services.unit_of_work(daily_digest.post_due)
    assert f"<{link}|«de:ticket.digest.ticket 1001»>" in digests(watched)[0]
    assert "«de:ticket.digest.support »" in digests(watched)[0]
    clock.now = MONDAY + 4 * DAY
    assert services.unit_of_work(daily_digest.post_due)
    assert "«de:ticket.digest.late »" in digests(watched)[1]
    for hours in range(24, 72, 3):  # the weekend
        clock.now = MONDAY + 4 * DAY + hours * HOUR
        assert not services.unit_of_work(daily_digest.post_due)
    clock.now = MONDAY + 7 * DAY + 2 * HOUR  # the bot was down in the morning
    assert services.unit_of_work(daily_digest.post_due)
    assert len(digests(watched)) == 3


def test_a_late_start_says_no_list_in_the_evening(watched: Watched) -> None:
    """After working time the list waits for the next morning."""
    watched.services.unit_of_work(daily_digest.post_due)
    watched.file()
    watched.clock.now = MONDAY + DAY + 11 * HOUR
    assert not watched.services.unit_of_work(daily_digest.post_due)
    watched.clock.now = MONDAY + 2 * DAY
    assert watched.services.unit_of_work(daily_digest.post_due)


def test_nothing_waits_so_nothing_is_said(watched: Watched) -> None:
    """Only a solved ticket is there: no list, and its timer is there."""
    watched.services.unit_of_work(daily_digest.post_due)
    watched.file()
    watched.anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    watched.store.db.execute("DELETE FROM ticket_timers")
    watched.store.db.conn.commit()
    watched.clock.now = MONDAY + DAY
    assert watched.services.unit_of_work(daily_digest.post_due)
    assert digests(watched) == []
    assert watched.timers() == [(1001, "close_announced")]


def test_a_long_list_goes_on_in_its_thread(watched: Watched, store: SqliteStore) -> None:
    """Every ticket is named, the oldest first; what Slack does not take in one message is in the thread."""
    watched.services.unit_of_work(daily_digest.post_due)
    watched.file()
    ticket = watched.ticket
    with store.transaction() as tx:
        for place in range(89):
            tx.add_ticket(
                replace(ticket, number=0, walk_id=None, card_key=f"k{place}", state="claimed", claimed_by="U0ANNA")
            )
    watched.clock.now = MONDAY + DAY
    assert watched.services.unit_of_work(daily_digest.post_due)
    rows = [row for row in watched.anna.rows("post", "C0SUPPORT") if "digest" in str(row["content"])]
    assert [row["thread"] for row in rows] == [None, *[rows[0]["key"]] * (len(rows) - 1)]
    assert len(rows) > 1
    assert "«de:frame.rest_in_thread »" in str(rows[0]["content"])
    named = re.findall(r"ticket\.digest\.ticket ([0-9]+)»", "".join(str(row["content"]["blocks"]) for row in rows))
    assert named == [str(number) for number in range(1001, 1091)]


def test_a_postponed_ticket_waits_for_its_date(watched: Watched) -> None:
    """The form, a word to the merchant with the date, nothing until then; then the owner is mentioned, once."""
    watched.file()
    watched.claim()
    view = watched.anna.do(lambda unit: triage_form.postpone_form(unit, 1001, URL))
    assert view is not None
    days = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    assert days[:6] == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"]
    assert all(day < "2026-10" for day in days)
    assert "desk.forms.postpone.tuesday" in view["blocks"][1]["element"]["options"][0]["text"]["text"]
    check_view(view)
    postpone(watched, "2026-03-16")
    assert watched.ticket.state == "postponed"
    until = f"<!date^{int(datetime(2026, 3, 16, 7, tzinfo=UTC).timestamp())}"
    assert f"«de:answers.ticket_postponed Anna Support {until}" in watched.to_merchant()[-1]
    assert "the development" in watched.thread()[-1]
    assert "the development" not in str(watched.to_merchant())
    card = watched.erika.newest("update", to=CHANNEL)
    assert f"«de:ticket.states.postponed <@U0ANNA> {until}" in card
    listed = watched.anna.do(lambda unit: ticket_lists.listed_ticket(unit, unit.tx.tickets()[0]))
    assert (listed.due, listed.due_kind) == (datetime(2026, 3, 16, 7, tzinfo=UTC), "postponed")
    assert "desk.overview.none_next" in str(watched.anna.command("tickets next"))
    watched.pass_to(datetime(2026, 3, 16, 6, 55, tzinfo=UTC))
    assert watched.by_itself == []
    watched.pass_to(datetime(2026, 3, 16, 7, 5, tzinfo=UTC))
    assert watched.by_itself == ["wake"]
    assert watched.ticket.state == "waiting_for_support"
    assert watched.ticket.claimed_by == "U0ANNA"
    assert "<@U0ANNA> «de:ticket.waiting.wake" in watched.thread()[-1]
    assert watched.timers() == [(1001, "answer_warning")]


def test_only_the_owner_postpones_and_only_to_a_day_that_was_offered(watched: Watched) -> None:
    """A merchant, a ticket of nobody's, and a forged day change nothing."""
    watched.file()
    assert "ticket_not_now" in str(postpone(watched, "2026-03-16"))
    assert "ticket_not_now" in str(watched.anna.do(lambda unit: triage_form.postpone_form(unit, 1001, URL)))
    watched.claim()
    assert "agents_only" in str(postpone(watched, "2026-03-16", watched.erika))
    for day in ("", "2026-03-01", "2026-03-15", "2036-03-17", "tomorrow"):
        assert "answers.form_outdated" in str(postpone(watched, day))
    assert watched.ticket.state == "claimed"


def test_a_merchant_who_writes_wakes_a_postponed_ticket(watched: Watched) -> None:
    """Whatever date it has: it is support's turn."""
    watched.file()
    watched.claim()
    postpone(watched, "2026-03-16")
    watched.erika.type("Es hat sich etwas geändert: heute kommen wieder Aufträge an")
    assert watched.ticket.state == "waiting_for_support"
    assert watched.timers() == [(1001, "answer_warning")]


def postpone(watched: Watched, day: str, who: Visit | None = None) -> object:
    seen, raw = SeenTicket(1001, "U0ANNA"), {"until": day, "note": "waits for the development"}
    return (who or watched.anna).do(lambda unit: triage_form.postpone_submitted(unit, seen, raw))
