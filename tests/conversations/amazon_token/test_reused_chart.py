"""A chart that is used again decides what a chart of one's own would decide."""

import random
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from token_walks import CONFIGURED, HANDBOOK_ID, READER, START, TOO_OLD, accounts, token

from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.engine.answers import Raw
from conversations.engine.charts import ReusedChart
from conversations.engine.jumps import jumps
from conversations.engine.procedure import Procedure
from conversations.engine.walkthrough import NotOffered, Walk

ACTS = 10_000
AT_ONCE = 40
SETTINGS = (TokenSettings(), TokenSettings(mws_notice=False), CONFIGURED)
ANSWERS: dict[str, tuple[Raw, ...]] = {
    "enter_version": ({"version": "4.9.24.4"}, {"version": "5.0"}, {"version": TOO_OLD}, {"version": "4.9"}),
    "choose_region": ({"choice": "europe"}, {"choice": "europe"}, {"choice": "north_america"}),
    "choose_key_set": ({"choice": "standard"}, {"choice": "alternativ"}),
    "enter_developer_id": ({"developer_id": HANDBOOK_ID}, {"developer_id": "5881-4686-6012"}),
    "name_accounts": (accounts("Amazon DE")[1], accounts("Amazon DE", "Amazon FR", "Amazon IT")[1]),
    "add_accounts": (accounts("Amazon ES")[1],),
    "remember_token": ({"token": token("2")}, {"token": "amzn"}),
    "compare_seller_id": ({"connect": "A1EXAMPLE12345", "seller_central": "A2EXAMPLE12345"},),
    "paste_token": ({"token": token("1")}, {"token": token("2")}, {"token": "nothing"}),
    "describe_failure": ({"error_text": "AccessDenied", "accounts": ["Amazon DE"]},),
}
"""What is entered with an event; accepted, repaired and refused."""


class Own:
    """A chart that serves one walk only."""

    def __init__(self) -> None:
        self._chart = TokenChart()

    def borrow(self) -> Any:
        return nullcontext(self._chart)


def _with_charts(charts: Any) -> Procedure[Facts, TokenSettings]:
    """The procedure with these charts in place of its own."""
    procedure = replace(PROCEDURE)
    object.__setattr__(procedure, "charts", charts)
    return procedure


class Twice:
    """One walk that is played twice: with the chart that serves all walks, and with one of its own."""

    def __init__(self, dice: random.Random, for_all: Procedure[Facts, TokenSettings]) -> None:
        settings = dice.choice(SETTINGS)
        there = dice.choice([(), ("sp_api",)])
        self.shared = Walk(for_all, for_all.begin(), settings, there)
        self.alone = Walk(_with_charts(Own()), for_all.begin(), settings, there)
        self.there = there
        self.offered: list[str] = []

    def restored(self) -> None:
        """Both read back from what is stored, as before every act of the bot."""
        self.shared, self.alone = (
            Walk(walk.procedure, PROCEDURE.load(walk.state.model_dump_json()), walk.settings, self.there)
            for walk in (self.shared, self.alone)
        )


def _one_of(offered: list[str], dice: random.Random) -> str:
    """What the step offers, mostly what leads on; now and then any event at all."""
    if dice.random() < 0.05:
        return dice.choice(sorted(PROCEDURE.events - {"cancel"}))
    return dice.choices(offered, [0.01 if event in {"cancel", "restore_old_access"} else 1 for event in offered])[0]


def _done(walk: Walk[Facts, TokenSettings], event: str, raw: Raw, minute: int, *, copies: bool) -> list[Any]:
    """What an act gives and leaves behind, and, with `copies`, where copies of the walk could go."""
    now = START + timedelta(minutes=minute)
    result: object
    try:
        result = walk.act(event, raw, READER, now)
    except (NotOffered, ValueError) as error:
        result = repr(error)
    elsewhere = jumps(walk, READER, now) if copies else []
    return [event, result, [offer.event for offer in walk.offers()], elsewhere, walk.state]


def _followed(walk: Walk[Facts, TokenSettings]) -> None:
    """Where a plain act would lead is where it leads."""
    event = walk.plain_next()
    if event is not None:
        there = walk.copy()
        there.act(event, {}, READER, datetime.fromtimestamp(0, UTC))
        assert walk.after(event).state == there.state


@pytest.mark.long
@pytest.mark.unmeasured
def test_histories_are_those_of_fresh_charts() -> None:
    """Many walks under one chart, by turns, with copies opened between: each goes where it would go alone."""
    dice = random.Random(12)  # noqa: S311 - no secret is made
    for_all = _with_charts(ReusedChart(TokenChart))
    under_way = [Twice(dice, for_all) for _ in range(AT_ONCE)]
    seen: set[str] = set()
    for act in range(ACTS):
        index = dice.randrange(AT_ONCE)
        walk = under_way[index]
        event = _one_of(walk.offered or [offer.event for offer in walk.alone.offers()], dice)
        raw = dice.choice(ANSWERS.get(event, ({},)))
        copies = dice.random() < 0.01
        alone = _done(walk.alone, event, raw, act, copies=copies)
        assert _done(walk.shared, event, raw, act, copies=copies) == alone
        if copies:
            _followed(walk.shared)
        walk.offered = alone[2]
        seen.add(walk.alone.step)
        if walk.alone.over:
            under_way[index] = Twice(dice, for_all)
        elif dice.random() < 0.02:
            walk.restored()
    assert seen == {state.id for state in TokenChart.states}, "the acts were to reach every step"
