"""Slack is away for long, as people notice it: nothing is lost or doubled, the order is kept, and all goes on."""

import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import bootstrap
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from tests.faults.conftest import Finish, Serve
from tests.faults.long_outage import PLACES, Case, Clock, go_away, once_in_order

pytestmark = [pytest.mark.story, pytest.mark.long]
OLD_LIMIT = 8
"""Attempts after which a row was once given up: eleven minutes."""
FAULTS = (
    "doubled messages", "missing messages", "messages of no row", "out of order",
    "walks without exactly one live step", "rows not delivered",
)  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every bot in the test, from its start on."""
    clock, app_config = Clock(), bootstrap.app_config
    monkeypatch.setattr(bootstrap, "app_config", lambda *args: replace(app_config(*args), clock=clock))
    return clock


def most_attempts(database: Path) -> int:
    """How often the row was tried that was tried most often and has not arrived."""
    with contextlib.closing(sqlite3.connect(database)) as conn:
        return int(conn.execute("SELECT max(attempts) FROM outbox WHERE state = 'pending'").fetchone()[0])


@pytest.mark.parametrize(
    ("place", "away"),
    [
        (place, away)
        for place in PLACES
        for away in (timedelta(minutes=15), timedelta(hours=2), timedelta(days=3))
        if place == next(iter(PLACES)) or away != timedelta(hours=2)
    ],
    ids=str,
)
async def test_everybody_goes_on_after_a_long_outage(
    sandbox: Sandbox, serve: Serve, finish: Finish, database: Path, clock: Clock, logged: list[Any], place: str,
    away: timedelta,
) -> None:  # fmt: skip
    """People act before, meanwhile and afterwards, the bot is restarted in the middle; every word arrives, once."""
    async with (
        Visitor(sandbox.url, "U0ERIKA") as erika,
        Visitor(sandbox.url, "U0OLIVER") as oliver,
        Visitor(sandbox.url, "U0ANNA") as anna,
    ):
        case = Case(sandbox, erika, oliver, anna)
        async with serve(weekly_figures=False, pictures=False) as bot:
            await case.begin()
            await clock.settle(bot)
            await case.act(0)
            await clock.finish(bot)
            began = clock.now
            go_away(sandbox, place)
            await case.act(1)
            await clock.pass_until(bot, began + away / 2, jumps=8)
            if place == "the support channel":
                await anna.home(lambda view: "Noch nicht im Support-Kanal: 1" in str(view))
        async with serve(weekly_figures=False, pictures=False) as bot:
            await case.act(2)
            await clock.pass_until(bot, began + away, jumps=8)
            attempts = most_attempts(database)
            sandbox.misbehaviour.stop()
            await clock.finish(bot)
            await case.act(3)
            await erika.press("walk:orders_stopped")
            await clock.finish(bot)
            result = await finish(bot)
            once_in_order(await case.thread(1001), case.said)
            once_in_order(await case.answers(), case.answered)
            once_in_order(await case.thread(1002), ["Oliver needs help"])
            await clock.pass_until(bot, clock.now + timedelta(minutes=2), jumps=2)
            await anna.home(lambda view: "Noch nicht im Support-Kanal" not in str(view))
    assert {name: found for name in FAULTS if (found := result.faults[name])} == {}
    assert result.figures["tickets"] == 2
    assert not [line for line in logged if line["event"] in {"outbox_row_dead", "incident"}]
    assert attempts > OLD_LIMIT
