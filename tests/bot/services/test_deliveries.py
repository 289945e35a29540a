"""What people are told has arrived is said when it has, and not before; what they read then follows by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services import agent_messages, deliveries, home_tab, ticket_actions
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore
from tests.bot.services.test_agent_messages import send
from tests.bot.services.test_card_repair import deliver
from tests.bot.services.test_notify import Glass
from tests.bot.services.visits import ERIKA, URL, Clock, Visit
from tests.conversations.amazon_token.token_walks import THREE

CHANNEL = "C0SUPPORT"


@pytest.fixture
def clock(clocked: Services) -> Clock:
    """The desk's clock, to be moved."""
    clock = clocked.config.clock
    assert isinstance(clock, Clock)
    return clock


def look(services: Services, clock: Clock, after: timedelta = timedelta(minutes=1)) -> None:
    """What the scheduler does once that much time has passed."""
    clock.now += after
    jobs = deliveries.look_for_card, deliveries.look_for_urgent, deliveries.look_for_answer
    while any(services.unit_of_work(job) for job in jobs):
        pass


def said(visitor: Visit, method: str = "update") -> list[str]:
    return [str(row["content"]) for row in visitor.rows(method)]


def deliver_all_but(store: SqliteStore, channel: str) -> None:
    """Everything arrives but what goes to this channel, which waits."""
    late = timedelta(days=1)
    now = Clock().now + late
    number = 0
    while (row := store.claim(now, timedelta(seconds=30), frozenset())) is not None:
        number += 1
        if row.destination.to == channel:
            store.postpone(row, now + late, "is_archived")
        else:
            store.delivered(row, f"D{row.destination.to}", f"{number}.0002")


def test_with_support_is_said_when_the_card_is_there(erika: Visit, store: SqliteStore, clock: Clock) -> None:
    """Until then the step says "filed, being delivered"; then the same message is edited, and no new one comes."""
    erika.go_to("with_support", THREE)
    assert "«de:frame.ticket_on_its_way 1001»" in erika.newest()
    assert "ticket_arrived" not in str(said(erika, "post"))
    deliver_all_but(store, CHANNEL)
    posts = len(erika.rows("post"))
    look(erika.services, clock)
    look(erika.services, clock, timedelta(hours=1))
    assert said(erika) == [content for content in said(erika) if "ticket_arrived" not in content]
    store.resume(CHANNEL, clock.now)
    deliver(store, {})
    look(erika.services, clock)
    assert "«de:frame.ticket_arrived »" in erika.newest("update")
    assert erika.rows("update")[-1]["target"] == erika.record.live_key
    assert "on_its_way" not in erika.newest("update")
    edits = len(erika.rows("update"))
    look(erika.services, clock, timedelta(days=1))
    assert (len(erika.rows("post")), len(erika.rows("update"))) == (posts, edits)
    erika.command("status")
    erika.press("try_fetch_again")
    erika.press("fetch_failed")
    assert "frame.ticket_arrived" in erika.newest()


def test_a_call_from_a_step_is_confirmed_above_it(erika: Visit, store: SqliteStore, clock: Clock) -> None:
    """The sentence above the step changes, and the buttons stay good; once the merchant went on nothing changes."""
    erika.go_to("settings_menu")
    erika.submit("help", sentence="")
    assert "notes.ticket_on_its_way" in erika.newest()
    deliver(store, {})
    look(erika.services, clock)
    assert "«de:notes.ticket_filed 1001»" in erika.newest("update")
    assert str(erika.address) in erika.newest("update")
    erika.press("advance")
    edits = len(erika.rows("update"))
    look(erika.services, clock)
    assert len(erika.rows("update")) == edits


def test_who_went_on_is_not_interrupted(erika: Visit, store: SqliteStore, clock: Clock) -> None:
    """The step that claimed nothing is left as it is."""
    erika.go_to("settings_menu")
    erika.submit("help", sentence="")
    erika.press("advance")
    deliver(store, {})
    edits = len(erika.rows("update"))
    look(erika.services, clock)
    assert len(erika.rows("update")) == edits


def test_without_a_walk_the_receipt_is_confirmed(oliver: Visit, store: SqliteStore, clock: Clock) -> None:
    """Each of two receipts says it when it is so; one that comes later says it at once."""
    oliver.command("support")
    oliver.command("support")
    receipts = [row["key"] for row in oliver.rows("post")]
    assert all("answers.ticket_on_its_way" in content for content in said(oliver, "post"))
    deliver(store, {})
    look(oliver.services, clock)
    edits = {row["target"]: str(row["content"]) for row in oliver.rows("update")}
    assert edits.keys() == set(receipts)
    assert all("«en:answers.ticket_filed 1001»" in content for content in edits.values())
    oliver.command("support")
    assert "answers.ticket_filed" in oliver.newest()


def test_home_and_status_follow(erika: Visit, store: SqliteStore, clock: Clock) -> None:
    """Both say that the ticket is being delivered, and then that it is with support."""
    erika.go_to("with_support")
    erika.do(home_tab.opened)
    assert "home.ticket_states.on_its_way" in erika.newest("publish")
    assert "home.ticket_states.on_its_way" in str(erika.command("status"))
    deliver(store, {})
    look(erika.services, clock)
    assert "home.ticket_states.open" in erika.newest("publish")
    assert "home.ticket_states.open" in str(erika.command("status"))


def test_a_restart_loses_no_look(erika: Visit, store: SqliteStore, clock: Clock) -> None:
    """What is to be looked at is in the store: another process says it."""
    erika.go_to("with_support")
    deliver(store, {})
    look(Services(erika.services.config, store), clock)
    assert "frame.ticket_arrived" in erika.newest("update")


def test_nothing_is_said_to_somebody_erased(erika: Visit, clock: Clock) -> None:
    """The look ends, and no message is made."""
    erika.go_to("with_support")
    erika.do(lambda unit: unit.tx.erase_person("T1", "U0ERIKA"))
    rows = len(list(erika.store.db.query("SELECT key FROM outbox")))
    look(erika.services, clock)
    look(erika.services, clock, timedelta(days=1))
    assert len(list(erika.store.db.query("SELECT key FROM outbox"))) == rows
    assert erika.do(lambda unit: unit.tx.due_job("arrived:", clock.now + timedelta(days=9))) is None


def test_a_claimed_ticket_is_not_on_its_way(erika: Visit, anna: Visit) -> None:
    """An agent who has it knows of it, whichever way they came by it."""
    erika.go_to("with_support")
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    erika.do(home_tab.opened)
    assert "home.ticket_states.claimed" in erika.newest("publish")


def refuse(store: SqliteStore, person: str, error: str) -> None:
    """What goes to this person is refused for good, everything else arrives."""
    now = Clock().now + timedelta(days=1)
    number = 0
    while (row := store.claim(now, timedelta(seconds=30), frozenset())) is not None:
        number += 1
        if row.destination.to == person and row.method == "post":
            store.dead_letter(row, error)
        else:
            store.delivered(row, row.destination.to, f"{number}.0003")


def copy_of_answer(agent: Visit) -> str:
    """The newest edit of the copy of the only answer, "" without one."""
    (message,) = agent.do(lambda unit: unit.tx.ticket_messages(1001))
    edits = [row for row in agent.rows("update", to=CHANNEL) if row["target"] == message.note_key]
    return str(edits[-1]["content"]) if edits else ""


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("user_disabled", "undelivered.gone Erika Beispiel"),
        ("given up after 8 attempts: account_inactive", "undelivered.gone Erika Beispiel"),
        ("channel_not_found", "undelivered.closed Erika Beispiel"),
        ("messages_tab_disabled", "undelivered.closed Erika Beispiel"),
        ("missing_scope", "undelivered.refused missing_scope Erika Beispiel"),
    ],
)
def test_an_answer_that_cannot_arrive_is_marked(
    erika: Visit, anna: Visit, store: SqliteStore, clock: Clock, error: str, why: str
) -> None:
    """The copy in the thread says why, above the text, and keeps its buttons; once, however often it is looked at."""
    erika.command("support")
    send(anna, "the answer")
    refuse(store, "U0ERIKA", error)
    look(anna.services, clock)
    assert f"«de:talk.to_support.{why}»" in copy_of_answer(anna)
    assert "the answer" in copy_of_answer(anna)
    assert "talk:take_back" in copy_of_answer(anna)
    edits = len(anna.rows("update", to=CHANNEL))
    look(anna.services, clock, timedelta(days=1))
    assert len(anna.rows("update", to=CHANNEL)) == edits


def test_the_mark_goes_when_the_answer_arrives_after_all(
    erika: Visit, anna: Visit, store: SqliteStore, clock: Clock
) -> None:
    """The operator retries the row: the copy is as it was, also where another process looks; then nobody looks."""
    erika.command("support")
    send(anna, "the answer")
    refuse(store, "U0ERIKA", "user_disabled")
    look(anna.services, clock)
    assert "undelivered.gone" in copy_of_answer(anna)
    for row in store.dead():
        store.send_again(row.key, clock.now)
    deliver(store, {})
    look(Services(anna.services.config, store), clock, timedelta(hours=1))
    assert "undelivered" not in copy_of_answer(anna)
    assert "the answer" in copy_of_answer(anna)
    assert anna.do(lambda unit: unit.tx.due_job("answer:", clock.now + timedelta(days=9))) is None


def test_an_answer_that_waits_is_marked_after_two_minutes(
    erika: Visit, anna: Visit, store: SqliteStore, clock: Clock
) -> None:
    """Not before; a correction meanwhile keeps the mark; and it goes when the answer has arrived."""
    erika.command("support")
    send(anna, "the answer")
    deliver_all_but(store, "U0ERIKA")
    look(anna.services, clock, timedelta(seconds=60))
    assert copy_of_answer(anna) == ""
    look(anna.services, clock, timedelta(seconds=90))
    assert "«de:talk.to_support.undelivered.waiting Erika Beispiel»" in copy_of_answer(anna)
    (message,) = anna.do(lambda unit: unit.tx.ticket_messages(1001))
    anna.do(lambda unit: agent_messages.correct(unit, message.id, {"text.0": "a better answer"}))
    assert "undelivered.waiting" in copy_of_answer(anna)
    store.resume("U0ERIKA", clock.now)
    deliver(store, {})
    look(anna.services, clock)
    assert "undelivered" not in copy_of_answer(anna)
    assert "a better answer" in copy_of_answer(anna)


def test_an_answer_that_arrives_costs_nothing(erika: Visit, anna: Visit, store: SqliteStore, clock: Clock) -> None:
    """No edit of the copy, and no look after the first."""
    erika.command("support")
    send(anna, "the answer")
    deliver(store, {})
    look(anna.services, clock)
    assert copy_of_answer(anna) == ""
    assert anna.do(lambda unit: unit.tx.due_job("answer:", clock.now + timedelta(days=9))) is None


def test_an_answer_taken_back_is_not_marked(erika: Visit, anna: Visit, store: SqliteStore, clock: Clock) -> None:
    """The merchant will never read it, and that is what the copy says."""
    erika.command("support")
    send(anna, "the answer")
    refuse(store, "U0ERIKA", "user_disabled")
    (message,) = anna.do(lambda unit: unit.tx.ticket_messages(1001))
    anna.do(lambda unit: agent_messages.take_back(unit, message.id, URL))
    look(anna.services, clock)
    assert "talk.to_support.taken_back" in copy_of_answer(anna)
    assert "undelivered" not in copy_of_answer(anna)


VENDORS = "InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records."
"""An error that makes a ticket P1 at any step."""
MEMBERS = frozenset({"U0ANNA", "U0BEN", "U0BOT"})


def urgent(erika: Visit) -> None:
    """Erika files a P1, and everything arrives but the card."""
    erika.go_to("settings_menu")
    erika.submit("help", sentence=VENDORS)
    assert erika.tickets()[0].priority == "P1"
    deliver_all_but(erika.store, CHANNEL)


def tell(services: Services, members: frozenset[str] | None = MEMBERS) -> None:
    """What the scheduler does with the members of the channel; `None` while Slack does not answer."""
    team_id = services.unit_of_work(deliveries.team_to_tell)
    if team_id is not None:
        services.unit_of_work(deliveries.tell_agents, team_id, members)


def direct(agent: Visit) -> list[str]:
    return [content for content in said(agent, "post") if "desk.second_way" in content]


def test_agents_are_told_of_an_urgent_ticket_that_does_not_arrive(
    erika: Visit, anna: Visit, ben: Visit, store: SqliteStore, clock: Clock
) -> None:
    """After two minutes each agent gets one message in their language: number, merchant, answer and timeline."""
    urgent(erika)
    look(erika.services, clock, timedelta(seconds=90))
    tell(erika.services)
    assert direct(anna) == []
    look(erika.services, clock, timedelta(seconds=40))
    tell(erika.services)
    (to_anna,), (to_ben,) = direct(anna), direct(ben)
    assert "«de:desk.second_way »" in to_anna
    assert "«en:desk.second_way »" in to_ben
    for part in ("1001", "Erika Beispiel", "«de:desk.priorities.P1 »", "ticket:answer", "ticket:history"):
        assert part in to_anna
    assert "InvalidAccessKeyId" not in to_anna
    assert erika.rows("post", to="U0BOT") == []
    for hours in (1, 100):
        look(Services(erika.services.config, store), clock, timedelta(hours=hours))
        tell(erika.services)
    assert (len(direct(anna)), len(direct(ben))) == (1, 1)
    assert [e.name for e in anna.do(lambda unit: unit.tx.ticket_events(1001))] == ["file", "second_way"]
    send(anna, "I have it")
    assert owner_of(anna) == "U0ANNA"


def owner_of(agent: Visit) -> str | None:
    owner: str | None = agent.tickets()[0].claimed_by
    return owner


def test_a_ticket_that_arrives_in_time_takes_one_way(
    erika: Visit, anna: Visit, store: SqliteStore, clock: Clock
) -> None:
    """Nobody is written to, and nothing is left to look at."""
    erika.go_to("settings_menu")
    erika.submit("help", sentence=VENDORS)
    deliver(store, {})
    look(erika.services, clock, timedelta(minutes=5))
    tell(erika.services)
    assert direct(anna) == []
    for kind in ("arrived:", "urgent:", "direct:"):
        assert erika.do(lambda unit, kind=kind: unit.tx.due_job(kind, clock.now + timedelta(days=9))) is None


def test_a_card_that_arrives_while_slack_does_not_answer_is_enough(
    erika: Visit, anna: Visit, store: SqliteStore, clock: Clock
) -> None:
    """While Slack takes nothing no direct message is made, and none once the card has arrived."""
    urgent(erika)
    look(erika.services, clock, timedelta(minutes=3))
    tell(erika.services, None)
    tell(erika.services)
    assert direct(anna) == []
    store.resume(CHANNEL, clock.now)
    deliver(store, {})
    look(erika.services, clock)
    tell(erika.services)
    assert direct(anna) == []


def test_when_slack_answers_again_agents_are_told_in_one_message(
    erika: Visit, oliver: Visit, anna: Visit, clock: Clock
) -> None:
    """However many tickets wait; whoever has one already is not written to about it."""
    urgent(erika)
    oliver.go_to("settings_menu")
    oliver.submit("help", sentence=VENDORS)
    look(erika.services, clock, timedelta(minutes=3))
    tell(erika.services, None)
    look(erika.services, clock, timedelta(minutes=1))
    tell(erika.services)
    (told,) = direct(anna)
    assert "1001" in told
    assert "1002" in told
    assert "ticket:answer" not in told


def test_what_becomes_urgent_later_is_noticed(erika: Visit, anna: Visit, clock: Clock) -> None:
    """A question waits for its card; once it is P1 the agents are told."""
    erika.go_to("settings_menu")
    erika.submit("help", sentence="")
    deliver_all_but(erika.store, CHANNEL)
    look(erika.services, clock, timedelta(minutes=10))
    tell(erika.services)
    assert direct(anna) == []
    erika.submit("help", sentence=VENDORS)
    look(erika.services, clock)
    tell(erika.services)
    assert len(direct(anna)) == 1


def test_ticket_senders_are_told_too(erika: Visit, store: SqliteStore, clock: Clock) -> None:
    """Once, and at once: no agent and no Slack is needed for it."""
    services = Services(replace(erika.services.config, ticket_senders=(Glass("mail"),)), store)
    urgent(Visit(services, store, ERIKA))
    look(services, clock, timedelta(minutes=3))
    look(services, clock, timedelta(hours=3))
    acts = [act["name"] for row in erika.rows("mirror", to="mail") for act in row["content"].get("acts", [])]
    assert acts == ["second_way"]
