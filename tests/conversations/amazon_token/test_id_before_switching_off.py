"""In whatever order somebody answers and goes back: nobody switches the old access off without a developer ID."""

from collections import deque

import pytest

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings, given_developer_id
from conversations.engine.answers import Raw
from conversations.engine.charts import BACK
from conversations.engine.walkthrough import Walk
from tests.conversations.amazon_token.token_walks import (
    CONFIGURED_ID,
    HANDBOOK_ID,
    READER,
    START,
    Merchant,
    accounts,
    at,
)

ANSWERS: dict[str, list[Raw]] = {
    "choose_region": [{"choice": "europe"}, {"choice": "north_america"}],
    "choose_key_set": [{"choice": "standard"}, {"choice": "alternativ"}],
    "enter_developer_id": [{"developer_id": HANDBOOK_ID}],
    "name_accounts": [accounts("Amazon DE")[1]],
}
BEYOND = {"describe_failure", "remember_token", "compare_seller_id", "paste_token", "add_accounts", "cancel"}
"""What has no part in it, and would only make the search longer."""
ORDERS = 20_000


def knows(walk: Walk[Facts, TokenSettings]) -> str:
    """What of a walk decides about its further way: where it is, how it came there, and what is known for the ID."""
    facts = walk.facts
    known = (facts.region, facts.key_set, facts.handbook_developer_id, bool(facts.accounts), facts.access_off_at)
    return repr((walk.step, walk.state.trail, known))


@pytest.mark.parametrize(
    "configured", [{}, {"europe:standard": CONFIGURED_ID}, {"north_america:standard": CONFIGURED_ID}], ids=str
)
def test_in_every_order_there_is_an_id_before_the_access_is_off(configured: dict[str, str]) -> None:
    """Searched in breadth from the region on: every event that is offered, back among them, with every answer."""
    settings = TokenSettings(developer_ids=configured)
    first = at("account_region", settings).walk
    waiting, seen, switched_off = deque([first]), {knows(first)}, 0
    while waiting and len(seen) < ORDERS:
        walk = waiting.popleft()
        if walk.step == "disable_access" or walk.facts.access_off_at is not None:
            assert given_developer_id(walk.facts, settings) is not None, walk.state.trail
            switched_off += 1
            continue
        back = [BACK] if walk.can(BACK) else []
        for event in (*back, *(offer.event for offer in walk.offers())):
            for raw in ANSWERS.get(event, [{}]) if event not in BEYOND else ():
                tried = walk.copy()
                tried.act(event, raw, READER, START)
                if not tried.over and knows(tried) not in seen:
                    seen.add(knows(tried))
                    waiting.append(tried)
    assert switched_off > 1


def test_back_takes_standard_back() -> None:
    """The key set is asked again, with both answers, as long as the old access is on."""
    merchant = at("key_set")
    merchant.do("keep_standard")
    merchant.do("back")
    merchant.do("back")
    assert merchant.step == "select_account"
    merchant.do("advance")
    assert merchant.step == "key_set"
    merchant.do("advance")
    assert merchant.finish().facts.key_set == "alternativ"


def test_a_walk_that_has_got_past_it_is_asked_for_the_id() -> None:
    """Walks of before, whose key set is „Standard“ and whose ID nobody knows."""
    for step in ("select_account", "ready_to_disable"):
        merchant: Merchant = at(step)
        merchant.facts.key_set = "standard"
        merchant.do("advance" if step == "select_account" else "ready_to_go")
        assert merchant.step == "no_developer_id"
