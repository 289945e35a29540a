"""An agent who is no longer in the support channel owns no open ticket; the channel reads which ones are free."""

from functools import partial

from bot.services import departures, ticket_actions
from tests.bot.services.test_agent_messages import send
from tests.bot.services.visits import TEAM, URL, Visit

CHANNEL = "C0SUPPORT"


def left(visitor: Visit) -> list[str]:
    """What the channel was told about who left."""
    return [str(row["content"]) for row in visitor.rows("post", to=CHANNEL) if "owner_left" in str(row["content"])]


def three_tickets(erika: Visit, oliver: Visit, anna: Visit, ben: Visit) -> None:
    """1001 is Anna's and waits for the merchant, 1002 is Anna's, 1003 is Ben's."""
    erika.command("support")
    send(anna, "an answer")
    oliver.command("support")
    anna.do(lambda unit: ticket_actions.claim(unit, 1002, URL))
    erika.go_to("settings_menu")
    erika.submit("help", sentence="")
    ben.do(lambda unit: ticket_actions.claim(unit, 1003, URL))


def owners(visitor: Visit) -> dict[int, tuple[str, str | None]]:
    return {ticket.number: (ticket.state, ticket.claimed_by) for ticket in visitor.tickets()}


def test_who_leaves_releases_their_tickets(erika: Visit, oliver: Visit, anna: Visit, ben: Visit) -> None:
    """All that are open, whoever owes the next word; the cards follow, and one message names the numbers."""
    three_tickets(erika, oliver, anna, ben)
    anna.do(partial(departures.left_channel, channel="C0GENERAL"))
    assert owners(anna)[1002] == ("claimed", "U0ANNA")
    anna.do(partial(departures.left_channel, channel=CHANNEL))
    assert owners(anna) == {1001: ("open", None), 1002: ("open", None), 1003: ("claimed", "U0BEN")}
    assert len(left(anna)) == 1
    assert "«de:ticket.owner_left Anna Support 1001, 1002»" in left(anna)[0]
    cards = {ticket.card_key: ticket.number for ticket in anna.tickets()}
    newest = {
        cards[row["target"]]: str(row["content"]) for row in anna.rows("update", to=CHANNEL) if row["target"] in cards
    }
    assert "ticket.states.open" in newest[1001]
    assert "ticket.states.open" in newest[1002]
    anna.do(partial(departures.left_channel, channel=CHANNEL))
    assert len(left(anna)) == 1
    ben.do(lambda unit: ticket_actions.claim(unit, 1001, URL))
    assert owners(anna)[1001] == ("claimed", "U0BEN")


def test_who_left_while_the_bot_was_away_is_noticed(erika: Visit, oliver: Visit, anna: Visit, ben: Visit) -> None:
    """By the next look at the members; so is an owner whose ticket is reopened after they left."""
    three_tickets(erika, oliver, anna, ben)
    ben.do(lambda unit: ticket_actions.resolve(unit, 1003, URL))
    look = partial(anna.services.unit_of_work, departures.release_from_others)
    look(frozenset({"U0ANNA", "U0BEN"}))
    assert left(anna) == []
    look(frozenset({"U0BOT"}))
    assert owners(anna) == {1001: ("open", None), 1002: ("open", None), 1003: ("resolved", "U0BEN")}
    assert len(left(anna)) == 1
    erika.submit("help", sentence="still broken")
    assert owners(anna)[1003] == ("waiting_for_support", "U0BEN")
    look(frozenset({"U0BOT"}))
    assert owners(anna)[1003] == ("open", None)
    assert "«de:ticket.owner_left Ben Support 1003»" in left(anna)[-1]


def test_an_agent_who_is_deactivated_releases_their_tickets(
    erika: Visit, oliver: Visit, anna: Visit, ben: Visit
) -> None:
    """As if they had left the channel."""
    three_tickets(erika, oliver, anna, ben)
    anna.services.unit_of_work(departures.deactivated, TEAM, "U0ANNA")
    assert {number for number, (_, owner) in owners(anna).items() if owner is None} == {1001, 1002}
    assert "1001, 1002" in left(anna)[0]


def test_support_is_told_that_a_merchant_is_deactivated(erika: Visit, anna: Visit) -> None:
    """Slack still takes messages for them: the thread says once that nobody reads them, and so does the timeline."""
    erika.command("support")
    send(anna, "an answer")
    for _ in range(2):
        anna.services.unit_of_work(departures.deactivated, TEAM, "U0ERIKA")
    told = [row for row in anna.rows("post", to=CHANNEL) if "merchant_gone" in str(row["content"])]
    assert len(told) == 1
    assert told[0]["thread"] == anna.tickets()[0].card_key
    assert "«de:ticket.thread.merchant_gone Erika Beispiel»" in str(told[0]["content"])
    assert owners(anna)[1001] == ("waiting_for_merchant", "U0ANNA")


def test_a_stranger_who_is_deactivated_means_nothing(erika: Visit) -> None:
    """Nothing is said, and nothing is kept of them."""
    rows = len(erika.rows())
    erika.services.unit_of_work(departures.deactivated, TEAM, "U0STRANGER")
    assert len(erika.rows()) == rows
    assert erika.do(lambda unit: unit.tx.person(TEAM, "U0STRANGER")) is None
