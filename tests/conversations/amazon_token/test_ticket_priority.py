from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from conversations.amazon_token.facts import Account, Facts, Fetch
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.ticket_rules import priority
from conversations.engine.priority import Priority, higher
from conversations.engine.walk_state import WalkState

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FAILED, WORKED = Fetch(at=AT, worked=False), Fetch(at=AT, worked=True)


def walk(*, step: str, saved: int, left: int, **more: Any) -> WalkState[Facts]:
    accounts = [Account(name=f"Konto {number}") for number in range(1, saved + left + 1)]
    for account in accounts[:saved]:
        account.saved_at = AT
    return PROCEDURE.state_type(step=step, facts=Facts(accounts=accounts, **more))


TABLE: list[tuple[str, WalkState[Facts] | None, str, Priority]] = [
    ("help outside a walk", None, "help", "P3"),
    ("a failure of which nothing else is known", None, "second_failure", "P1"),
    ("help before the accounts are named", walk(saved=0, left=0, step="connect_version"), "help", "P3"),
    ("help before the access is off", walk(saved=0, left=2, step="manage_apps"), "help", "P3"),
    ("danger zone, nothing saved", walk(saved=0, left=2, step="new_token", access_off_at=AT), "help", "P1"),
    ("danger zone, one saved", walk(saved=1, left=1, step="new_token", access_off_at=AT), "help", "P2"),
    ("all saved, fetch not tried", walk(saved=2, left=0, step="first_fetch", access_off_at=AT), "help", "P3"),
    (
        "the old access is back",
        walk(saved=0, left=2, step="going_back", access_off_at=AT, access_on_again_at=AT),
        "help",
        "P3",
    ),
    (
        "the first fetch failed, which is normal",
        walk(saved=2, left=0, step="second_fetch", access_off_at=AT, fetches=[FAILED]),
        "help",
        "P3",
    ),
    (
        "second fetch failed, no account named",
        walk(saved=2, left=0, step="with_support", access_off_at=AT, fetches=[FAILED, FAILED]),
        "second_failure",
        "P1",
    ),
    (
        "second fetch failed for all",
        walk(saved=2, left=0, step="with_support", failed_accounts=["Konto 1", "Konto 2"]),
        "second_failure",
        "P1",
    ),
    (
        "second fetch failed for some",
        walk(saved=2, left=0, step="with_support", failed_accounts=["Konto 2"]),
        "second_failure",
        "P2",
    ),
    (
        "a help ticket whose walk has failed twice since",
        walk(saved=2, left=0, step="with_support", fetches=[FAILED, FAILED], failed_accounts=["Konto 2"]),
        "help",
        "P2",
    ),
    (
        "one fails and the other is still switched off",
        walk(
            saved=1, left=1, step="new_token", access_off_at=AT, fetches=[FAILED, FAILED], failed_accounts=["Konto 1"]
        ),
        "second_failure",
        "P1",
    ),
    ("it worked in the end", walk(saved=1, left=0, step="done", fetches=[FAILED, FAILED, WORKED]), "help", "P3"),
    ("it works again by other means", walk(saved=1, left=0, step="done", fetches=[FAILED, FAILED]), "help", "P3"),
    ("a later fetch worked", walk(saved=1, left=0, step="with_support", fetches=[FAILED, WORKED]), "help", "P3"),
    ("cancelled in the danger zone", walk(saved=0, left=1, step="cancelled", access_off_at=AT), "help", "P1"),
]


@pytest.mark.parametrize(("state", "reason", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_priority(state: WalkState[Facts] | None, reason: str, expected: Priority) -> None:
    """All accounts down is P1, some is P2, a question is P3."""
    assert priority(state, reason) == expected


@pytest.mark.parametrize(("first", "second"), list(product(("P1", "P2", "P3"), repeat=2)))
def test_the_more_urgent_wins(first: Priority, second: Priority) -> None:
    """P1 beats P2 beats P3, in either order."""
    ranked = sorted((first, second))
    assert higher(first, second) == higher(second, first) == ranked[0]
