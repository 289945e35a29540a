"""The base of the procedures' charts, and a chart that is used again, with a procedure that nobody walks through."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import Field
from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed

from conversations.engine.charts import ReusedChart, WalkChart, first_step, staying, ways_back
from conversations.engine.settings import ProcedureSettings
from conversations.engine.walk_state import ProcedureFacts, WalkState

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETTINGS = ProcedureSettings(answer_minutes=30)


class Errand(ProcedureFacts):
    bought: list[str] = Field(default_factory=list)
    secret: str | None = "00"

    def forget_secrets(self) -> None:
        self.secret = None


class ErrandChart(WalkChart):
    """Out by one of two ways to the shop, where one stays until everything is bought."""

    retracing = frozenset({"back", "turn_round"})

    home = State(initial=True)
    street = State()
    park = State()
    shop = State()
    fed = State(final=True)
    cancelled = State(final=True)

    go_out = home.to(street, cond="raining") | home.to(park)
    go_in = street.to(shop) | park.to(shop)
    buy = staying(shop)
    eat = shop.to(fed, cond="has_bought")
    back = ways_back(home, street, park, shop)
    turn_round = shop.to(street)
    cancel = cancelled.from_(home, street, park, shop)

    def raining(self, answer: str | None = None) -> bool:
        """Whether the person said so."""
        return answer == "rain"

    def has_bought(self, facts: Errand, settings: ProcedureSettings) -> bool:
        """Whether there is something to eat, and somebody to ask."""
        return bool(facts.bought) and settings.answer_minutes is not None

    def on_buy(self, walk: WalkState[Errand], facts: Errand, answer: str, now: datetime) -> None:
        """One more thing, and when."""
        facts.bought.append(f"{answer} at {now:%H:%M}")
        walk.item += 1


@pytest.fixture
def chart() -> ErrandChart:
    return ErrandChart()


def _state(step: str = "home", **more: Any) -> WalkState[Errand]:
    return WalkState[Errand](step=step, facts=Errand(), **more)


def _take(chart: WalkChart, walk: WalkState[Errand], *events: str, answer: Any = None) -> WalkState[Errand]:
    for event in events:
        chart.take(event, walk, SETTINGS, answer=answer, now=NOW)
    return walk


def test_first_step_is_the_initial_state() -> None:
    """A walk that has not begun is put there."""
    assert first_step(ErrandChart) == "home"


def test_guards_and_actions_get_what_they_name(chart: ErrandChart) -> None:
    """The walk, its facts, the settings, the answer and the time, each by its name."""
    walk = _take(chart, _take(chart, _state(), "go_out", answer="rain"), "go_in")
    assert chart.offers(walk, SETTINGS) == ("buy", "back", "turn_round", "cancel")
    _take(chart, walk, "buy", answer="bread")
    assert (walk.step, walk.item, walk.facts.bought) == ("shop", 1, ["bread at 09:00"])
    assert "eat" in chart.offers(walk, SETTINGS)
    assert "eat" not in chart.offers(walk, ProcedureSettings())


def test_one_chart_serves_many_walks(chart: ErrandChart) -> None:
    """It keeps nothing of a walk between two calls."""
    wet, dry = _state(), _state()
    _take(chart, wet, "go_out", answer="rain")
    _take(chart, dry, "go_out")
    _take(chart, wet, "go_in")
    assert (wet.step, dry.step) == ("shop", "park")


def test_back_leads_where_the_walk_came_from(chart: ErrandChart) -> None:
    """Of two ways to a step, back takes the one that was taken; a step that was stayed at adds none."""
    for answer, way in (("rain", "street"), ("sun", "park")):
        walk = _take(chart, _state(), "go_out", "go_in", "buy", answer=answer)
        assert [entry.step for entry in walk.trail] == ["home", way]
        assert _take(chart, walk, "back").step == way
        assert _take(chart, walk, "back").step == "home"
        assert (walk.trail, "back" in chart.offers(walk, SETTINGS)) == ([], False)


def test_back_leads_to_the_item_of_that_time(chart: ErrandChart) -> None:
    """The trail holds which item was worked on."""
    walk = _take(chart, _state(item=2), "go_out", "go_in", "buy", answer="bread")
    assert walk.item == 3
    assert _take(chart, walk, "back").item == 2


def test_an_event_that_retraces_takes_a_step_from_the_trail(chart: ErrandChart) -> None:
    """It is a way back by another name, and adds nothing to the trail."""
    walk = _take(chart, _state(), "go_out", "go_in", answer="rain")
    assert _take(chart, walk, "turn_round").step == "street"
    assert [entry.step for entry in walk.trail] == ["home"]


def test_arrivals_are_counted(chart: ErrandChart) -> None:
    """Each time a step is reached counts, forwards and back; to stay is no arrival."""
    walk = _take(chart, _state(), "go_out", "go_in", "buy", "back", "go_in", answer="rain")
    assert walk.repeats == {"street": 2, "shop": 2}


@pytest.mark.parametrize("event", ["go_in", "eat", "back", "nonsense"])
def test_a_refused_event_changes_nothing(chart: ErrandChart, event: str) -> None:
    """What the step does not accept now leaves no trace in the walk."""
    walk = _state()
    before = walk.model_copy(deep=True)
    with pytest.raises(TransitionNotAllowed):
        _take(chart, walk, event)
    assert walk == before


@pytest.mark.parametrize(("events", "end"), [(("buy", "eat"), "fed"), (("cancel",), "cancelled")])
def test_an_end_forgets_secrets_and_offers_nothing(chart: ErrandChart, events: tuple[str, ...], end: str) -> None:
    """After an end nothing can be pressed, no way leads back, and no hash is left."""
    walk = _take(chart, _state(), "go_out", "go_in", *events, answer="rain")
    assert (walk.step, walk.facts.secret, chart.offers(walk, SETTINGS)) == (end, None, ())
    assert walk.came_from == "street"
    with pytest.raises(TransitionNotAllowed):
        _take(ErrandChart(), walk, "back")


def test_a_step_that_is_none_of_the_charts_is_noticed(chart: ErrandChart) -> None:
    """A step of another version raises instead of offering nothing."""
    with pytest.raises(KeyError):
        chart.offers(_state("gone"), SETTINGS)


# A chart that is used again


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
