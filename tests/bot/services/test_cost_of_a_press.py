"""What one press may cost, counted in calls, so that a slow machine changes nothing; `make bench` takes the time."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.store.sqlite import SqliteStore
from conversations.engine import screens
from conversations.engine.charts import WalkChart
from tests.bot.services.visits import Visit

MOST_STATEMENTS = 16
"""With those that begin and commit; it takes 16. One asks for an outage, one whether the step was put off."""


@pytest.fixture
def chart_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often the statechart was asked, and how often it went on."""
    calls: Counter[str] = Counter()
    for name in ("take", "offers"):
        real: Any = getattr(WalkChart, name)

        def counted(*args: Any, _name: str = name, _real: Any = real, **more: Any) -> Any:
            calls[_name] += 1
            return _real(*args, **more)

        monkeypatch.setattr(WalkChart, name, counted)
    return calls


@pytest.mark.parametrize(
    ("step", "event", "shown"),
    [("manage_apps", "back", 4), ("seller_central", "advance", 3), ("connect_version", "back", 1)],
)
def test_a_press_asks_the_chart_once_for_each_step_shown(
    erika: Visit, chart_calls: Counter[str], step: str, event: str, shown: int
) -> None:
    """The chart takes the acts that were pressed, and says once what each step of the next message offers."""
    erika.go_to(step)
    address, before = erika.address, len(erika.state.trail)
    chart_calls.clear()
    erika.press(event, at=address)
    pressed = Counter(chart_calls)
    record = erika.record
    assert erika.do(lambda unit: len(screens.shown(unit.open(record)).open)) == shown
    acts = abs(len(erika.state.trail) - before)
    assert pressed["take"] == acts
    assert pressed["offers"] <= shown + acts, "each act may ask once more whether one can go on"


def test_a_press_takes_few_statements(erika: Visit, store: SqliteStore) -> None:
    """One transaction, and in it no more statements than a step has rows to read and to write."""
    erika.go_to("settings_menu")
    address, statements = erika.address, list[str]()
    store.db.conn.set_trace_callback(statements.append)
    erika.press("advance", at=address)
    store.db.conn.set_trace_callback(None)
    assert sum(statement.startswith("COMMIT") for statement in statements) == 1
    different = [*dict.fromkeys(statements)]  # one with a trigger is told again for each act of the trigger
    assert len(different) <= MOST_STATEMENTS, "\n".join(different)
