"""An agent offers another step; the merchant goes there or stays. Nothing that happened is undone."""

import re
from functools import partial
from typing import Any

import pytest

from bot.blocks.actions import SeenTicket
from bot.services import step_proposals
from bot.store.models import TicketEvent
from tests.bot.services.marks import all_marked
from tests.bot.services.test_ticket_actions import NUMBER, press, thread
from tests.bot.services.visits import URL, Visit
from tests.conversations.amazon_token.token_walks import THREE


@pytest.fixture
def stuck(erika: Visit, anna: Visit) -> Visit:
    """Erika cannot go on at the second account's fields, and Anna takes care."""
    erika.go_to("new_token", THREE)
    erika.submit("help", sentence="")
    press(anna, "claim")
    return erika


def form(agent: Visit) -> Any:
    view = agent.do(lambda unit: step_proposals.form(unit, NUMBER, URL))
    if view is not None:
        all_marked(view["blocks"][0])  # the labels of the choice are cut where Slack would refuse them
    return view


def places(agent: Visit) -> list[str]:
    return [option["value"] for option in form(agent)["blocks"][1]["element"]["options"]]


def offer(agent: Visit, place: str) -> Any:
    return agent.do(partial(step_proposals.submitted, seen=SeenTicket(NUMBER, None), raw={"place": place}))


def proposal(merchant: Visit) -> str:
    """The key of the newest proposal."""
    return re.findall(r"1001:([k-z]{32})", merchant.newest())[-1]


def answer(merchant: Visit, key: str, *, goes: bool, url: str | None = URL) -> None:
    merchant.do(partial(step_proposals.answered, number=NUMBER, key=key, response_url=url, goes=goes))


def acts(visitor: Visit) -> list[TicketEvent]:
    return [one for one in visitor.do(lambda unit: unit.tx.ticket_events(NUMBER)) if one.name.startswith("offer")]


def test_the_merchant_goes_there(stuck: Visit, anna: Visit) -> None:
    """Further back than „Zurück“ leads; the access stays off, the trail is taken up, and support reads of it."""
    off_at, saved = stuck.facts.access_off_at, len(stuck.facts.saved)
    version = stuck.record.version
    assert offer(anna, "new_credentials:0") is None
    assert "«de:answers.offer Anna Support" in stuck.newest()
    assert "steps.new_credentials.title" in stuck.newest()
    assert "ticket.thread.offer " in thread(anna)
    assert stuck.step == "new_token", "nothing moves before the merchant says so"
    answer(stuck, proposal(stuck), goes=True)
    assert stuck.step == "new_credentials"
    assert (stuck.facts.access_off_at, len(stuck.facts.saved)) == (off_at, saved)
    assert stuck.record.version == version + 1
    assert stuck.live_steps() == 1
    assert "answers.offer_taken" in stuck.newest("update")
    assert "ticket.thread.offer_taken" in thread(anna)
    assert [one.name for one in acts(anna)] == ["offer", "offer_taken"]
    stuck.act("advance")
    assert stuck.step == "check_seller_id", "from there the way goes on as ever"


def test_the_merchant_stays(stuck: Visit, anna: Visit) -> None:
    """The step is the same one, support reads of it, and pressing the other button afterwards changes nothing."""
    offer(anna, "check_seller_id:0")
    key, then = proposal(stuck), stuck.record
    answer(stuck, key, goes=False)
    assert stuck.record == then
    assert "answers.offer_declined" in stuck.newest("update")
    assert "ticket.thread.offer_declined" in thread(anna)
    count = len(acts(anna))
    for goes in (True, False):
        answer(stuck, key, goes=goes)
    assert (stuck.record, len(acts(anna))) == (then, count)


def test_only_what_can_be_reached_is_offered(stuck: Visit, anna: Visit) -> None:
    """The nearest first, the present one not among them, the old access last; nothing else."""
    offered = places(anna)
    assert offered[0] == "check_seller_id:0"
    assert offered[-1] == "going_back:0"
    assert "new_token:0" not in offered
    assert "first_fetch:0" not in offered
    assert "done:0" not in offered
    assert "disable_access:0" in offered
    assert len(offered) == len(set(offered))
    for forged in ("done:0", "first_fetch:0", "new_token:0", "new_token:7", "", "x"):
        assert "offer_moved" in str(offer(anna, forged)["view"])
    assert acts(anna) == []
    assert stuck.step == "new_token"


def test_the_old_access_is_offered_with_its_question(stuck: Visit, anna: Visit) -> None:
    """Going back to the old access asks once more, here too."""
    offer(anna, "going_back:0")
    assert "confirm.restore_old_access.title" in stuck.newest()
    answer(stuck, proposal(stuck), goes=True)
    assert stuck.step == "going_back"


def test_a_proposal_that_no_longer_holds(stuck: Visit, anna: Visit) -> None:
    """A newer one replaces it; a walk that has gone elsewhere or ended is not moved; each press is answered."""
    offer(anna, "check_seller_id:0")
    first = proposal(stuck)
    offer(anna, "new_credentials:0")
    second = proposal(stuck)
    answer(stuck, first, goes=True)
    assert "answers.offer_over" in stuck.newest("respond")
    stuck.act("restore_old_access")
    stuck.act("back")
    for _ in range(3):
        stuck.act("back")
    there = stuck.step
    answer(stuck, second, goes=True)
    assert "answers.offer_over" in stuck.newest("respond")
    assert stuck.step == there
    stuck.act("cancel")
    answer(stuck, second, goes=False)
    assert stuck.step == "cancelled"
    assert len(acts(anna)) == 2
    assert "offer_nowhere" in str(form(anna))


def test_who_is_there_already_stays_there(stuck: Visit, anna: Visit) -> None:
    """The merchant has gone by themselves: the press is their yes, and nothing needs to move."""
    offer(anna, "check_seller_id:0")
    stuck.act("back")
    then = stuck.record
    answer(stuck, proposal_of(anna), goes=True)
    assert stuck.record == then
    assert acts(anna)[-1].name == "offer_taken"


def proposal_of(agent: Visit) -> str:
    return str(acts(agent)[-1].detail["key"])


def test_nobody_else_offers_or_answers(stuck: Visit, oliver: Visit, anna: Visit, ben: Visit) -> None:
    """Only the owner speaks to the merchant; only the merchant answers; forged keys and numbers change nothing."""
    assert "ticket_not_owner" in str(form(ben))
    assert "ticket_not_owner" in str(offer(ben, "check_seller_id:0")["view"])
    assert "agents_only" in str(offer(stuck, "check_seller_id:0")["view"])
    offer(anna, "check_seller_id:0")
    key, then = proposal_of(anna), stuck.record
    for stranger in (oliver, anna):
        answer(stranger, key, goes=True)
        assert "answers.foreign" in stranger.newest("respond")
    answer(stuck, "f" * 32, goes=True)
    assert "offer_over" in stuck.newest("respond")
    answer(stuck, "f" * 32, goes=True, url=None)
    assert (stuck.record, len(acts(anna))) == (then, 1)


def test_without_a_walk_there_is_nothing_to_offer(oliver: Visit, anna: Visit, erika: Visit) -> None:
    """Neither outside a walk nor at its first step."""
    oliver.command("support")
    press(anna, "claim")
    assert "offer_nowhere" in str(form(anna))
    erika.begin()
    erika.submit("help", sentence="")
    press(anna, "claim", number=1002)
    assert "offer_nowhere" in str(anna.do(lambda unit: step_proposals.form(unit, 1002, URL)))
