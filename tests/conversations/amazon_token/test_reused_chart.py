"""A chart that is used again decides what a chart of one's own would decide."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed
from token_walks import CONFIGURED, HANDBOOK_ID, READER, START, TOO_OLD, accounts, token

from conversations.amazon_token import walk as walks
from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.interpret import Raw
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.reachable_steps import reachable_steps
from conversations.amazon_token.walk import EVENTS, NotOffered, Walk
from conversations.engine.charts import ReusedChart
from conversations.ticket.chart import NotPossible, TicketChart, apply

ACTS = 10_000
AT_ONCE = 40
POLICIES = (Policy(), Policy(mws_notice=False), CONFIGURED)
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


class Twice:
    """One walk that is played twice: with the chart that serves all walks, and with one of its own."""

    def __init__(self, dice: random.Random) -> None:
        self.policy = dice.choice(POLICIES)
        self.own: Any = Own()
        self.shared = Walk(Facts(), self.policy)
        self.alone = Walk(Facts(), self.policy)
        self.offered: list[str] = []

    def restored(self) -> None:
        """Both read back from what is stored, as before every act of the bot."""
        self.shared = Walk(Facts.model_validate_json(self.shared.facts.model_dump_json()), self.policy)
        self.alone = Walk(Facts.model_validate_json(self.alone.facts.model_dump_json()), self.policy)


def _one_of(offered: list[str], dice: random.Random) -> str:
    """What the step offers, mostly what leads on; now and then any event at all."""
    if dice.random() < 0.05:
        return dice.choice(sorted(EVENTS - {"cancel"}))
    return dice.choices(offered, [0.01 if event in {"cancel", "revert"} else 1 for event in offered])[0]


def _done(walk: Walk, event: str, raw: Raw, minute: int, *, copies: bool) -> list[Any]:
    """What an act gives and leaves behind, and, with `copies`, where copies of the walk could go."""
    now = START + timedelta(minutes=minute)
    result: object
    try:
        result = walk.act(event, raw, READER, now)
    except (NotOffered, ValueError) as error:
        result = repr(error)
    elsewhere = reachable_steps(walk.facts, walk.policy, READER, now) if copies else []
    return [event, result, [offer.event for offer in walk.offers()], elsewhere, walk.facts]


@pytest.mark.long
def test_histories_are_those_of_fresh_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many walks under one chart, by turns, with copies opened between: each goes where it would go alone."""
    dice = random.Random(12)  # noqa: S311 - no secret is made
    reused: Any = ReusedChart(TokenChart)
    under_way = [Twice(dice) for _ in range(AT_ONCE)]
    seen: set[str] = set()
    for act in range(ACTS):
        index = dice.randrange(AT_ONCE)
        walk = under_way[index]
        monkeypatch.setattr(walks, "_CHART", walk.own)
        event = _one_of(walk.offered or [offer.event for offer in walk.alone.offers()], dice)
        raw = dice.choice(ANSWERS.get(event, ({},)))
        copies = dice.random() < 0.03
        alone = _done(walk.alone, event, raw, act, copies=copies)
        monkeypatch.setattr(walks, "_CHART", reused)
        assert _done(walk.shared, event, raw, act, copies=copies) == alone
        walk.offered = alone[2]
        seen.add(walk.alone.step)
        if walk.alone.over:
            under_way[index] = Twice(dice)
        elif dice.random() < 0.02:
            walk.restored()
    assert seen == {state.id for state in TokenChart.states}, "the acts were to reach every step"


def test_a_tickets_history_is_that_of_fresh_charts() -> None:
    """For each state and event the answer is that of a chart made for it alone, also after refusals."""
    states, events = [s.id for s in TicketChart.states], [str(e.id) for e in TicketChart.events]  # type: ignore[attr-defined]
    for state in states * 2:
        for event in events:
            for owned in (True, False):
                chart = TicketChart()
                chart.model.state, chart.model.owned = state, owned
                try:
                    chart.send(event)
                except TransitionNotAllowed:
                    with pytest.raises(NotPossible):
                        apply(state, event, owned=owned)
                else:
                    assert apply(state, event, owned=owned) == chart.model.state


class Lamp(StateChart[Any]):
    atomic_configuration_update = True
    catch_errors_as_events = False
    allow_event_without_transition = False

    off = State(initial=True)
    on = State()
    broken = State(final=True)
    press = off.to(on) | on.to(off)
    drop = off.to(broken) | on.to(broken)
    repair = on.to(off)


@pytest.fixture
def lamp() -> ReusedChart[Lamp]:
    return ReusedChart(Lamp)


def _identity(lamp: ReusedChart[Lamp]) -> Lamp:
    with lamp.borrow() as chart:
        return chart


def test_a_chart_is_used_again(lamp: ReusedChart[Lamp]) -> None:
    """A chart that is given back is reused."""
    assert _identity(lamp) is _identity(lamp)


def test_a_chart_at_its_end_is_not_used_again(lamp: ReusedChart[Lamp]) -> None:
    """After a final state there is a new one, which accepts events."""
    with lamp.borrow() as first:
        first.send("drop")
    with lamp.borrow() as second:
        second.send("press")
    assert first is not second


def test_a_chart_that_raised_is_not_used_again(lamp: ReusedChart[Lamp]) -> None:
    """Half a step may be left in it."""
    first = _identity(lamp)
    with pytest.raises(KeyError), lamp.borrow():
        raise KeyError
    assert _identity(lamp) is not first


def test_a_chart_that_refused_an_event_is_used_again(lamp: ReusedChart[Lamp]) -> None:
    """It has not moved, and accepts the next event."""
    first = _identity(lamp)
    with pytest.raises(TransitionNotAllowed), lamp.borrow() as chart:
        chart.send("repair")
    with lamp.borrow() as second:
        second.send("press")
    assert second is first


def test_a_borrowed_chart_is_lent_to_nobody_else(lamp: ReusedChart[Lamp]) -> None:
    """A second borrower in the block, or another thread, gets a chart of its own."""
    others: list[Lamp] = []

    @contextmanager
    def another_thread() -> Iterator[None]:
        thread = threading.Thread(target=lambda: others.append(_identity(lamp)))
        thread.start()
        yield
        thread.join()

    with lamp.borrow() as first, another_thread():
        others.append(_identity(lamp))
    assert len({id(first), *map(id, others)}) == 3
