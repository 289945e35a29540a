"""What agents see of everybody: their Home tabs, `tickets`, and cards that follow the walk."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.blocks.entry_messages import answer
from bot.services import home_tab, privacy, ticket_actions, ticket_card, ticket_filing, ticket_lists, timeline
from bot.services.context import User
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord
from tests.bot.services.test_agent_messages import send
from tests.bot.services.test_ticket_actions import press
from tests.bot.services.visits import NOON, TEAM, URL, Clock, Visit, titled
from tests.conversations.amazon_token.token_walks import THREE
from tests.guides import FIRST

CHANNEL = "C0SUPPORT"


@pytest.fixture
def clock(clocked: Services, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The desk's clock. It moves with each look, so a moment is longer here."""
    monkeypatch.setattr(home_tab, "SOON", timedelta(minutes=1))
    monkeypatch.setattr(ticket_card, "REFRESH_DELAY", timedelta(minutes=1))
    assert isinstance(clocked.config.clock, Clock)
    return clocked.config.clock


def later(clock: Clock, seconds: float = 90) -> None:
    clock.now += timedelta(seconds=seconds)


def catch_up(services: Services) -> int:
    """Everything that is due now; how many things that was."""
    count = 0
    while any(services.unit_of_work(case) for case in (ticket_filing.refresh_due, home_tab.publish_due)):
        count += 1
    return count


def published(visitor: Visit) -> list[str]:
    return [str(row["content"]["view"]) for row in visitor.rows("publish") if row["content"]]


def edits(visitor: Visit) -> list[str]:
    return [str(row["content"]) for row in visitor.rows("update", to=CHANNEL)]


def a_ticket(visitor: Visit, number: int, **fields: Any) -> None:
    opened: datetime = fields.pop("opened_at", NOON)
    record = TicketRecord(
        team_id=fields.pop("team_id", TEAM), merchant_id="U0ERIKA", procedure=FIRST, reason="help", language="de",
        card_key=f"{number:032x}", opened_at=opened, waiting_since=fields.pop("waiting_since", opened), **fields,
    )  # fmt: skip
    assert visitor.do(lambda unit: unit.tx.add_ticket(record)).number == number


def test_an_agents_home_shows_the_desk(erika: Visit, oliver: Visit, anna: Visit) -> None:
    """Open tickets with name, state and timeline; walks under way, those whose orders are paused first."""
    oliver.begin()
    erika.go_to("new_developer")
    erika.submit("help", sentence="where do I click")
    anna.do(home_tab.opened)
    shown = published(anna)[-1]
    assert "desk.priorities.P1" in shown
    assert "Erika Beispiel" in shown
    assert "desk.states.open" in shown
    assert "'t1001:0'" in shown
    assert "«de:ticket.card.words where do I click»" in shown
    assert "«de:ticket.due.ahead <!date" in shown
    assert shown.index("desk.overview.walk_urgent Erika Beispiel") < shown.index("desk.overview.walk Oliver Sample")
    assert "door:start" not in shown
    erika.do(home_tab.opened)
    assert "desk.overview" not in published(erika)[-1]
    anna.command("phone Frau Muster")
    anna.do(home_tab.opened)
    assert "door:go_on" in published(anna)[-1]


def test_agents_homes_follow_what_merchants_do(
    clocked: Services, clock: Clock, erika: Visit, anna: Visit, ben: Visit
) -> None:
    """Several changes in a breath are published once, a moment later, to each agent who has opened the tab."""
    anna.do(home_tab.opened)
    erika.begin()
    erika.press("orders_stopped")
    erika.submit("help", sentence="")
    assert len(published(anna)) == 1
    assert catch_up(clocked) == 0
    later(clock)
    assert catch_up(clocked) == 1
    assert len(published(anna)) == 2
    assert "desk.states.open" in published(anna)[-1]
    assert published(ben) == []
    press(ben, "claim")
    later(clock)
    catch_up(clocked)
    assert "desk.states.claimed Ben Support" in published(anna)[-1]
    assert catch_up(clocked) == 0
    later(clock, home_tab.AGAIN.total_seconds())
    assert catch_up(clocked) == 1, "how long somebody has stood still changes without any event"


def test_a_merchants_home_is_kept_current(erika: Visit, anna: Visit) -> None:
    """With each step, with ticks at the accounts that are saved, and when support does something with the ticket."""
    erika.do(home_tab.opened)
    erika.go_to("next_account", THREE)
    erika.do(home_tab.opened)
    shown = published(erika)[-1]
    assert "✓ Amazon DE" in shown
    assert "○ Amazon FR" in shown
    erika.press("turn_to_next")
    assert titled("further_account") in published(erika)[-1]
    erika.submit("help", sentence="")
    assert "home.ticket_states.on_its_way" in published(erika)[-1]
    press(anna, "claim")
    assert "home.ticket_states.claimed" in published(erika)[-1]
    assert "home:language:en" in shown


def test_who_leaves_the_channel_does_not_see_the_desk(
    clocked: Services, clock: Clock, erika: Visit, anna: Visit, ben: Visit
) -> None:
    """At once when Slack says so, and at the next look when the bot was away then; other channels mean nothing."""
    erika.go_to("new_developer")
    for agent in (anna, ben):
        agent.do(home_tab.opened)
    anna.do(partial(home_tab.left_channel, channel="C0GENERAL"))
    assert "desk.overview.open" in published(anna)[-1]
    anna.do(partial(home_tab.left_channel, channel=CHANNEL))
    assert "desk.overview" not in published(anna)[-1]
    assert "Erika" not in published(anna)[-1]
    clocked.unit_of_work(home_tab.withdraw_from_others, frozenset({"U0BEN"}))
    assert "desk.overview.open" in published(ben)[-1]
    clocked.unit_of_work(home_tab.withdraw_from_others, frozenset({"U0CARLA"}))
    assert "desk.overview" not in published(ben)[-1]
    counts = len(published(anna)), len(published(ben))
    later(clock, home_tab.AGAIN.total_seconds() + 1)
    catch_up(clocked)
    assert (len(published(anna)), len(published(ben))) == counts


def test_the_desk_fits_into_the_tab(erika: Visit, anna: Visit) -> None:
    """However much there is to do, Slack accepts the tab, and it says how much more there is."""
    for number in range(1001, 1041):
        a_ticket(erika, number, priority="P1")
    for user in range(30):
        anna.command(f"phone Frau Muster {user}")
    anna.do(home_tab.opened)
    assert f"desk.overview.more_command /amazon-token {40 - ticket_lists.CASES}" in published(anna)[-1]
    assert f"desk.overview.more {30 - ticket_lists.WALKS}" in published(anna)[-1]


def test_urgency(erika: Visit, anna: Visit) -> None:
    """Where support owes the next word before where the merchant does; then priority; then who has waited longest."""
    hours = [NOON - timedelta(hours=hour) for hour in range(10)]
    a_ticket(erika, 1001, priority="P1", state="waiting_for_merchant", waiting_since=hours[9])
    a_ticket(erika, 1002, priority="P3", state="open", waiting_since=hours[8])
    a_ticket(erika, 1003, priority="P2", state="claimed", waiting_since=hours[1])
    a_ticket(erika, 1004, priority="P2", state="waiting_for_support", waiting_since=hours[2])
    a_ticket(erika, 1005, priority="P1", state="resolved", waiting_since=hours[5])
    a_ticket(erika, 1006, priority="P1", team_id="T2")
    found = anna.do(ticket_lists.open_tickets)
    assert [ticket.number for ticket in found] == [1004, 1003, 1002, 1001]


def test_the_command_lists_tickets(erika: Visit, anna: Visit, ben: Visit) -> None:
    """All that are open, one's own, and those open for long, oldest first; in the caller's language, with timelines."""
    assert "«de:answers.no_tickets_open »" in str(anna.command("tickets"))
    a_ticket(erika, 1001, state="claimed", claimed_by="U0BEN")
    a_ticket(erika, 1002, opened_at=NOON - timedelta(days=2))
    a_ticket(erika, 1003, opened_at=NOON - timedelta(days=9))
    assert "«de:answers.tickets_open 3»" in str(anna.command("tickets"))
    assert "'t1001:0'" in str(anna.command("tickets open"))
    assert "«de:answers.no_tickets_mine »" in str(anna.command("tickets mine"))
    mine = str(ben.command("tickets Mine"))
    assert "«en:answers.tickets_mine 1»" in mine
    assert "«en:desk.states.claimed Ben Support»" in mine
    old = str(anna.command("tickets alt"))
    assert old.index("1003") < old.index("1002")
    assert "1001" not in old
    assert "no_tickets_found" in str(anna.command("tickets everything"))
    assert "agents_only" in str(erika.command("tickets"))
    assert "commands.tickets" in str(anna.command("help"))
    assert "commands.tickets" not in str(erika.command("help"))


def test_a_long_list_fits_into_an_answer(erika: Visit, anna: Visit) -> None:
    """Slack takes 50 blocks; the rest is counted."""
    for number in range(1001, 1061):
        a_ticket(erika, number)
    assert f"desk.overview.more {60 - ticket_lists.LISTED}" in str(anna.command("tickets"))


def test_a_line_leads_to_the_card(erika: Visit, anna: Visit) -> None:
    """Once the card stands in Slack, by the link that Slack gave; to the channel where it gave none."""
    erika.go_to("with_support")
    assert "slack://" not in str(anna.command("tickets"))
    key = erika.tickets()[0].card_key
    erika.do(lambda unit: unit.tx.mark_delivered(key, CHANNEL, "1700000000.000100"))
    assert f"<slack://channel?team={TEAM}&amp;id={CHANNEL}|" in str(anna.command("tickets"))
    link = f"https://slack.com/archives/{CHANNEL}/p1700000000000100"
    erika.store.keep_permalink(key, link)
    assert f"<{link}|" in str(anna.command("tickets"))


def test_the_card_links_to_the_merchants_profile(erika: Visit) -> None:
    """By the address that Slack documents for it."""
    erika.go_to("with_support")
    assert f"<slack://user?team={TEAM}&amp;id=U0ERIKA>" in erika.newest("post", to=CHANNEL)


def test_the_card_follows_the_walk(clocked: Services, clock: Clock, erika: Visit, anna: Visit) -> None:
    """Several steps in a breath are one edit of the card; an act shows at once and makes the edit needless."""
    erika.begin()
    erika.submit("help", sentence="")
    count = len(edits(erika))
    erika.press("orders_stopped")
    erika.submit("connect_version", version="4.9.24.10")
    assert len(edits(erika)) == count
    assert catch_up(clocked) == 0
    later(clock)
    assert catch_up(clocked) == 1
    assert titled("account_mask") in edits(erika)[-1]
    assert len(edits(erika)) == count + 1
    erika.press("advance")
    erika.press("sees_key_set")
    press(anna, "claim")
    assert titled("account_region") in edits(erika)[-1]
    later(clock)
    assert catch_up(clocked) == 0
    press(anna, "resolve")
    erika.press("sees_key_set")
    later(clock)
    assert catch_up(clocked) == 0, "a ticket that is over follows nobody"


def test_a_ticket_that_is_gone_is_not_followed(clocked: Services, clock: Clock, erika: Visit) -> None:
    """What was to be shown may have been forgotten meanwhile."""
    erika.do(lambda unit: unit.tx.schedule_job("card:4711", NOON))
    later(clock)
    assert catch_up(clocked) == 1
    assert edits(erika) == []


def test_a_unit_for_somebody_else_speaks_to_them(erika: Visit, anna: Visit) -> None:
    """Nothing of the caller's rights goes with it, and what is to be sent goes out with the same commit."""
    erika.begin()
    language = erika.do(lambda unit: unit.user.language)
    anna.meet()

    def speak(unit: UnitOfWork) -> tuple[User, str]:
        other = unit.acting_for(TEAM, "U0ERIKA")
        return other.user, other.post(other.direct_message, answer(other.texts, "stale"))

    other, key = anna.do(speak)
    assert (other.is_agent, other.name, other.language) == (False, "Erika Beispiel", language)
    assert anna.store.state(key) == "pending"


def test_the_next_ticket_is_the_most_urgent_one(erika: Visit, oliver: Visit, anna: Visit, ben: Visit) -> None:
    """Nobody's before a less urgent one of one's own, never a colleague's, and never where the merchant owes a word."""
    oliver.begin()
    oliver.submit("help", sentence="a question")
    erika.go_to("with_support")
    assert "1002" in str(anna.command("tickets next"))
    tickets = {ticket.number: ticket for ticket in erika.tickets()}
    assert (tickets[1002].claimed_by, tickets[1001].claimed_by) == ("U0ANNA", None)
    assert "answers.ticket_claimed Anna Support 1002" in erika.newest()
    view = ben.do(timeline.show_next)
    assert "desk.history.title 1001" in str(view)
    again = anna.command("tickets nächstes")
    assert "1002" in str(again), "hers is still to be answered"
    send(anna, "an answer", 1002)
    assert "desk.overview.none_next" in str(anna.command("tickets next"))
    assert "desk.overview.none_next" in str(anna.do(timeline.show_next))
    assert "answers.agents_only" in str(erika.do(timeline.show_next))


def test_the_home_tab_offers_what_its_agent_may_do(erika: Visit, anna: Visit, ben: Visit) -> None:
    """An open ticket is claimed or answered there, one's own is answered, and a colleague's only looked at."""
    erika.command("support")
    assert _acts(anna) == ["ticket:claim", "ticket:answer", "ticket:history"]
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    assert (_acts(anna), _acts(ben)) == (["ticket:answer", "ticket:history"], ["ticket:history"])
    erika.do(privacy.forget)
    anna.do(lambda unit: ticket_actions.release(unit, 1001, URL))
    assert _acts(ben) == ["ticket:claim", "ticket:history"], "nobody would read an answer"


def _acts(agent: Visit) -> list[str]:
    agent.do(home_tab.opened)
    blocks = agent.rows("publish")[-1]["content"]["view"]["blocks"]
    rows = [block for block in blocks if str(block.get("block_id")).startswith("desk.acts.")]
    return [element["action_id"] for row in rows for element in row["elements"]]
