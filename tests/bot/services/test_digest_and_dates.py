"""The morning list, and tickets that wait for a date."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.blocks.actions import SeenTicket
from bot.services import daily_digest, ticket_actions, ticket_lists, triage_form
from bot.store.sqlite import SqliteStore
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.visits import URL, Visit
from tests.bot.services.watched import CHANNEL, DAY, HOUR, MONDAY, Watched


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
