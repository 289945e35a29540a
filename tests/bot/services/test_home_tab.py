"""The Home tab, and how long a walk stood at each step."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services import home_tab, start, ticket_actions
from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.services.ticket_card import step_times
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Event, TicketRecord
from bot.store.postgres import open_store as open_postgres
from bot.store.sqlite import SqliteStore
from conversations.engine.formatter import StepTime
from tests.bot.services.visits import NOON, TEAM, URL, Clock, Visit
from tests.guides import FIRST


def published(visitor: Visit) -> list[str]:
    return [str(row["content"]["view"]) for row in visitor.rows("publish") if row["content"]]


def test_home_is_published_when_it_is_opened_and_kept_current_from_then_on(erika: Visit) -> None:
    """Before the first look nothing is published; later, beginning and ending a walk show at once."""
    erika.begin()
    assert published(erika) == []
    erika.do(home_tab.opened)
    assert "steps.before_start.title" in published(erika)[-1]
    walk = erika.walk_id
    erika.do(lambda unit: start.cancel_pressed(unit, walk, None))
    assert "door:start" in published(erika)[-1]
    erika.do(home_tab.opened)
    erika.do(lambda unit: start.start_pressed(unit, None))
    assert "steps.before_start.title" in published(erika)[-1]
    erika.command("language en")
    assert "«en:home.title" in published(erika)[-1]


def test_home_of_somebody_never_met(erika: Visit) -> None:
    """Slack's answer about the person may be missing; the tab is shown all the same."""
    stranger = Visit(erika.services, erika.store, replace(erika.who, user_id="U9"))
    stranger.do(home_tab.opened)
    assert "door:start" in published(stranger)[-1]


def test_home_warns_while_orders_are_paused_and_shows_the_ticket(erika: Visit, anna: Visit) -> None:
    """Where I am, what it means, my ticket and its state."""
    erika.go_to("new_developer")
    erika.submit("help", sentence="")
    erika.do(home_tab.opened)
    assert "home.urgent" in published(erika)[-1]
    assert "home.ticket " in published(erika)[-1]
    assert "home.ticket_states.on_its_way" in published(erika)[-1]
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    erika.do(home_tab.opened)
    assert "home.ticket_states.claimed" in published(erika)[-1]


def test_support_shows_at_home(oliver: Visit) -> None:
    """A ticket filed by the command is on the tab."""
    oliver.do(home_tab.opened)
    assert "home.no_ticket" in published(oliver)[-1]
    oliver.command("support")
    assert "home.ticket " in published(oliver)[-1]


def test_home_tells_the_walks_on_the_phone_apart(anna: Visit) -> None:
    """An agent with several callers sees whose walk is which, and however many there are, Slack accepts the tab."""
    for number in range(30):
        anna.command(f"phone Frau Muster {number}")
    anna.do(home_tab.opened)
    assert "Frau Muster 29" in published(anna)[-1]


def test_home_shows_tickets_of_the_own_team_only(erika: Visit) -> None:
    """A person is (team, user): the same user ID elsewhere has other tickets."""
    other = TicketRecord(
        team_id="T2",
        merchant_id="U0ERIKA",
        procedure=FIRST,
        reason="help",
        language="de",
        card_key="e" * 32,
        opened_at=NOON,
    )  # fmt: skip
    erika.do(lambda unit: unit.tx.add_ticket(other))
    erika.do(home_tab.opened)
    assert "home.no_ticket" in published(erika)[-1]


def event(minutes: int, step: str, next_step: str) -> Event:
    return Event(
        walk_id=1, version=1, at=NOON + timedelta(minutes=minutes), actor_id="U0ERIKA", name="x", step=step,
        next_step=next_step,
    )  # fmt: skip


def test_times_add_up_by_step_in_the_order_first_met(erika: Visit) -> None:
    """Steps visited twice are added; what stays at a step is no visit; the present step counts until now or the end."""
    erika.begin()
    record = replace(erika.record, started_at=NOON, team_id=TEAM)
    events = [
        event(0, "before_start", "before_start"), event(1, "before_start", "account_region"), event(3,
        "account_region", "account_region"),
        event(6, "account_region", "before_start"), event(10, "before_start", "account_region"),
    ]  # fmt: skip
    now = NOON + timedelta(minutes=15)
    assert step_times(events, record, {}, now) == [StepTime("before_start", 300, 2), StepTime("account_region", 600, 2)]
    ended = replace(record, ended_at=NOON + timedelta(minutes=11))
    assert step_times(events, ended, {}, now)[-1] == StepTime("account_region", 360, 2)


def test_a_walk_without_history_stands_where_it_stands(erika: Visit) -> None:
    """All the time belongs to its present step."""
    erika.begin()
    record = replace(erika.record, started_at=NOON)
    assert step_times([], record, {}, NOON + timedelta(seconds=30)) == [StepTime("before_start", 30, 1)]


def channel_refuses(store: SqliteStore, error: str, *, for_good: bool = False) -> None:
    """What waits for the support channel is tried once more, without success; everything else arrives."""
    while (row := store.claim(NOON + timedelta(days=9), timedelta(seconds=30), frozenset())) is not None:
        if row.destination.to != "C0SUPPORT":
            store.delivered(row, row.destination.to, f"{row.id}.0")
        elif for_good:
            store.dead_letter(row, error)
        else:
            store.postpone(row, NOON + timedelta(days=99), error)


def later(erika: Visit, **time: float) -> None:
    """So much time passes."""
    clock = erika.services.config.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(**time)


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        ("is_archived", "is_archived"),
        ("not_in_channel", "not_in_channel"),
        ("channel_not_found", "channel_not_found"),
        ("restricted_action", "restricted_action"),
        ("ratelimited", "other"),
    ],
)
def test_agents_see_what_has_not_arrived_and_what_to_do(
    erika: Visit, anna: Visit, store: SqliteStore, error: str, todo: str
) -> None:
    """How many tickets, that their channel is paused, and how it is opened again; nothing any more once it is over."""
    anna.do(home_tab.opened)
    erika.go_to("with_support")
    channel_refuses(store, error)
    anna.do(home_tab.opened)
    assert "desk.undelivered" not in published(anna)[-1], "short trouble is not worth a word"
    later(erika, minutes=2)
    assert erika.services.unit_of_work(home_tab.publish_due)
    shown = published(anna)[-1]
    for text in ("«de:desk.undelivered.tickets 1", "«de:desk.undelivered.paused", f"«de:desk.undelivered.todo.{todo} "):
        assert text in shown
    assert "desk.undelivered.refused" not in shown
    erika.do(home_tab.opened)
    assert "desk.undelivered" not in published(erika)[-1], "it is of no use to merchants"
    store.resume("C0SUPPORT", NOON)
    while (row := store.claim(NOON + timedelta(days=9), timedelta(seconds=30), frozenset())) is not None:
        store.delivered(row, row.destination.to, f"{row.id}.0")
    later(erika, minutes=1)
    assert erika.services.unit_of_work(home_tab.publish_due), "looked at again every minute while something waits"
    assert "desk.undelivered" not in published(anna)[-1]
    later(erika, minutes=2)
    assert not erika.services.unit_of_work(home_tab.publish_due)


def test_agents_see_that_a_card_was_refused(erika: Visit, anna: Visit, store: SqliteStore) -> None:
    """It comes with the next act; the channel itself is not paused."""
    erika.go_to("with_support")
    channel_refuses(store, "missing_scope", for_good=True)
    later(erika, minutes=2)
    anna.do(home_tab.opened)
    shown = published(anna)[-1]
    assert "«de:desk.undelivered.tickets 1" in shown
    assert "desk.undelivered.refused" in shown
    assert "desk.undelivered.paused" not in shown


def test_changes_by_two_processes_at_the_same_time_are_no_conflict(config: AppConfig, postgres_url: str) -> None:
    """Each makes the agents' Home tabs due soon, and they are published once for both."""
    one, other = open_postgres(postgres_url), open_postgres(postgres_url)
    with one.transaction() as tx:
        tx.schedule_job(home_tab.JOB, NOON + timedelta(minutes=15))
    at_noon, soon = (replace(config, clock=lambda now=now: now) for now in (NOON, NOON + home_tab.SOON))
    with one.transaction() as first, other.transaction() as second:
        for tx in (first, second):
            home_tab.schedule_support_homes(UnitOfWork(at_noon, tx))
    assert not Services(at_noon, one).unit_of_work(home_tab.publish_due)
    assert Services(soon, one).unit_of_work(home_tab.publish_due)
    assert not Services(soon, other).unit_of_work(home_tab.publish_due)
    for store in (one, other):
        store.close()
