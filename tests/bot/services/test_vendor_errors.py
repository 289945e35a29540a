"""Errors that only the vendor can mend."""

import pytest

from bot.services import typed_input, walk_start
from bot.services.context import Actor
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services


@pytest.mark.parametrize("text", ["SignatureDoesNotMatch (403)", "MD9000: This Developer is not currently eligible"])
def test_an_error_that_only_the_vendor_can_mend_calls_a_person_at_once(services: Services, text: str) -> None:
    """Pasted at any step, it files an urgent ticket with its category, and the step stays."""
    who = Actor("T1", "U1")
    services.do(who, walk_start.begin)
    services.do(who, lambda unit: typed_input.message_typed(unit, MerchantMessage(text=text)))
    tickets = services.do(who, lambda unit: unit.tx.tickets())
    assert tickets is not None
    assert [(one.priority, one.words) for one in tickets] == [("P1", (text,))]
    assert tickets[0].category in {"vendor_keys", "developer_not_eligible"}


def test_any_other_error_is_explained_first(services: Services) -> None:
    """What the merchant can look at themselves is answered without a ticket."""
    who = Actor("T1", "U1")
    services.do(who, walk_start.begin)
    services.do(
        who,
        lambda unit: typed_input.message_typed(unit, MerchantMessage(text="Missing required MWSAuthToken for Seller")),
    )
    assert services.do(who, lambda unit: unit.tx.tickets()) == []
