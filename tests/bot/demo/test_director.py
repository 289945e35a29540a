"""What the sandbox's page offers to try, over real connections: stories, tokens, and a clock that goes forward."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.clock import moved
from bot.demo.demonstration import sandbox_and_bot
from bot.demo.stories import all_plays
from bot.sandbox.driver import HEADERS, Visitor
from bot.sandbox.server import Sandbox
from bot.settings.core import Settings
from conversations.common_schema import CLOCK
from tests.guides import GUIDES
from tests.shared_pictures import program
from tests.waiting import LIMIT

Json = dict[str, Any]
HOURS = Settings.model_construct().business_hours()


async def _asked(url: str, body: Json | None = None) -> Json:
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        asked = session.get(f"{url}/page/demo") if body is None else session.post(f"{url}/page/demo", json=body)
        async with asked as answer:
            told: Json = await answer.json()
            return told


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a demonstration whose stories do not wait for anybody who looks on."""
    async with sandbox_and_bot(tmp_path, 0, program(), limit=LIMIT, pause=0) as address:
        yield address


async def test_a_story_is_played_and_the_clock_brings_what_is_due(url: str) -> None:
    """Each story, token and person has its words in both languages; a story begins afresh; the clock wakes the bot."""
    offers = await _asked(url)
    for language in ("de", "en"):
        offered = offers[language]
        assert [play["name"] for play in offered["plays"]] == all_plays()
        assert len({play["label"] for play in offered["plays"]} & set(all_plays())) == 0
        assert len(offered["samples"]) == 3
        assert offered["people"].keys() == {"U0ERIKA", "U0OLIVER", "U0ANNA", "U0BEN"}
        assert [one["to"] for one in offered["clock"]] == list(CLOCK)
    assert await _asked(url, {"play": "too-old", "language": "en"}) == {"ok": True}
    async with Visitor(url, "U0OLIVER") as oliver, Visitor(url, "U0ERIKA") as erika:
        await oliver.wait_for(lambda message: "walk:" in str(message["blocks"]))
        assert await erika.messages() == []
        await erika.command("/amazon-token")
        await erika.wait_for(lambda message: "walk:" in str(message["blocks"]))
        # Two days and then by day, whenever this is run: nobody is reminded at night.
        for to in ("day", "day", "workday"):
            answer = await _asked(url, {"clock": to})
        assert answer["ahead"] > timedelta(days=2).total_seconds()
        reminder = GUIDES["de"].texts["notes.reminder"].split(".")[0]
        reminded = await erika.wait_for(reminder)
        assert float(reminded["ts"]) > time.time() + timedelta(days=2).total_seconds(), "people see the same time"
    assert (await _asked(url, {"play": "no such story", "language": "de"}))["error"] == "invalid_arguments"
    assert (await _asked(url, {"clock": "backwards"}))["error"] == "invalid_arguments"


async def test_a_sandbox_without_a_demonstration_offers_nothing() -> None:
    """Neither stories nor a clock."""
    async with Sandbox() as sandbox:
        assert await _asked(sandbox.url) == {"ok": False, "error": "not_offered"}
        assert await _asked(sandbox.url, {"clock": "day"}) == {"ok": False, "error": "not_offered"}


@pytest.mark.parametrize(
    ("now", "to", "then"),
    [
        ("2026-11-27T15:00+01:00", "quarter", "2026-11-27T15:15+01:00"),
        ("2026-11-27T15:00+01:00", "day", "2026-11-28T15:00+01:00"),
        ("2026-11-27T15:00+01:00", "workday", "2026-11-30T10:00+01:00"),
        ("2026-11-30T09:00+01:00", "workday", "2026-11-30T10:00+01:00"),
        ("2026-11-27T15:00+01:00", "weekend", "2026-11-28T12:00+01:00"),
        ("2026-11-28T12:00+01:00", "weekend", "2026-12-05T12:00+01:00"),
        ("2026-03-28T13:00+01:00", "workday", "2026-03-30T10:00+02:00"),
        ("2026-12-24T15:00+01:00", "workday", "2026-12-28T10:00+01:00"),
    ],
)
def test_the_clock_goes_forward_to_the_moment_that_was_named(now: str, to: str, then: str) -> None:
    """By a span, or to the next working day or Saturday, over the change to summer time and public holidays as well."""
    begins = datetime.fromisoformat(now).astimezone(UTC)
    assert begins + moved(begins, to, HOURS) == datetime.fromisoformat(then)


@pytest.mark.parametrize(("to", "there"), [("workday", True), ("weekend", False)])
def test_the_clock_goes_where_support_is_there_or_is_not(to: str, *, there: bool) -> None:
    """As its label says, from any day of the year: a newcomer sees what merchants read of it, and goes back."""
    for day in range(365):
        now = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)
        assert HOURS.is_open(now + moved(now, to, HOURS)) == there
