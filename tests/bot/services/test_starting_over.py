"""Starting over while orders are paused."""

from bot.services import start, walk_start, walkthrough
from bot.services.context import Actor
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from conversations.amazon_token.facts import Facts

WHO = Actor("T1", "U1")
TO_THE_ACCOUNTS = [
    ("orders_stopped", {}), ("enter_version", {"version": "4.9.24.4"}), ("advance", {}), ("sees_key_set", {}),
    ("choose_region", {"choice": "europe"}), ("name_accounts", {"names": "Amazon.de"}),
]  # fmt: skip
TO_THE_DANGER_ZONE = [*TO_THE_ACCOUNTS, *[("advance", {})] * 7, ("ready_to_go", {}), ("advance", {})]


def test_the_new_walk_knows_that_the_old_access_is_off(services: Services) -> None:
    """Who starts over in the danger zone is warned again as soon as the accounts are named, and can still go back."""

    def case(unit: UnitOfWork) -> Facts:
        record = walk_start.begin(unit)
        for event, raw in TO_THE_DANGER_ZONE:
            walkthrough.act(unit, unit.tx.walk(record.id) or record, event, raw)
        start.restart_pressed(unit, record.id, None)
        again = unit.tx.open_walks("T1", "U1")[0]
        assert again.id != record.id
        for event, raw in TO_THE_ACCOUNTS:
            walkthrough.act(unit, unit.tx.walk(again.id) or again, event, raw)
        walk = unit.open(unit.tx.walk(again.id) or again)
        assert walk.can("restore_old_access")
        return walk.facts

    facts = services.do(WHO, case)
    assert facts is not None
    assert facts.in_danger_zone
