"""What version 0.1.0 left behind works after an upgrade: its database, its messages in Slack and its open modals.

It works over the same file, and over PostgreSQL after `amazon-token move`.

That version wrote `version_0_1_0/`: `database.sql` after it was stopped with a message on its way, `slack.json` with
what Slack showed and what a modal that was open then carried.
"""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.server import RunningBot
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Message
from bot.store.choice import move
from tests.stories.conftest import Serve
from tests.stories.presses import address_of, at_step, live_steps
from tests.stories.time_machine import TimeMachine

pytestmark = pytest.mark.story
LEFT = Path(__file__).parent / "version_0_1_0"
MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
TS = re.compile(r"\b1795\d{6}\.\d{6}\b")
STOPPED = datetime(2026, 11, 27, 21, 6, tzinfo=UTC)


def moved(text: str, seconds: int) -> str:
    """The text with all its moments, Slack's too, that many seconds later."""

    def moved_ts(ts: re.Match[str]) -> str:
        whole, micros = ts[0].split(".")
        return f"{int(whole) + seconds}.{micros}"

    def moved_moment(moment: re.Match[str]) -> str:
        later = datetime.fromisoformat(moment[0]) + timedelta(seconds=seconds)
        return later.isoformat("T", "microseconds")

    return TS.sub(moved_ts, MOMENT.sub(moved_moment, text))


@pytest.fixture
def left(sandbox: Sandbox, database: Path, clock: TimeMachine) -> dict[str, Any]:
    """Database and Slack as they were left behind, as if that version had been stopped just now: nothing is due yet."""
    seconds = round((clock() - STOPPED).total_seconds())
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(moved((LEFT / "database.sql").read_text("utf-8"), seconds))
    slack: dict[str, Any] = json.loads(moved((LEFT / "slack.json").read_text("utf-8"), seconds))
    for channel, messages in slack["channels"].items():
        sandbox.world.channels[channel].messages.extend(Message(**message) for message in messages)
    return slack


@pytest.fixture(params=["sqlite", "postgres"])
async def upgraded(left: dict[str, Any], serve: Serve, database: Path, request: pytest.FixtureRequest) -> Any:
    """The bot of today, serving what was left behind."""
    assert left
    url = f"sqlite:///{database}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        move(f"sqlite:///{database}", url)
    async with serve(hash_key="ab" * 32, pictures=False, database_url=url) as running:
        yield running


async def test_a_step_that_was_shown_is_pressed(
    upgraded: RunningBot, left: dict[str, Any], erika: Visitor, sandbox: Sandbox
) -> None:
    """The old message gets the field that it lacks; a modal that was left open, with its name of then, leads on."""
    assert upgraded.work
    await erika.press("form:version")
    shown = await erika.wait_for(lambda message: "field:connect_version:version" in json.dumps(message["blocks"]))
    assert "noch leer" in words(shown)
    assert await live_steps(erika) == [address_of(shown)]
    (then,) = left["modals"]
    field = next(block for block in shown["blocks"] if block["type"] == "input")
    blocks = [{**field, "block_id": "version", "dispatch_action": False}]
    title = {"type": "plain_text", "text": "Version"}
    sandbox.workspace.views.open(
        "U0ERIKA", {"type": "modal", "title": title, "submit": title, "blocks": blocks, **then}
    )
    assert "fehlt das Ende" in (await erika.fill_and_submit(version="4.9"))["version"]
    assert await erika.fill_and_submit(version="4.9.24.4") == {}
    await at_step(erika, "account_mask")


async def test_a_ticket_goes_on(upgraded: RunningBot, oliver: Visitor, anna: Visitor) -> None:
    """The message on its way arrives once, old buttons of card and thread work, and the talk continues."""
    await anna.wait_for("And this is important", "#support")
    await upgraded.bot.outbox_worker.drain()
    thread = [words(message) for message in await anna.messages("#support")]
    assert sum("And this is important" in line for line in thread) == 1
    sent = await anna.wait_for(lambda message: "talk:correct" in json.dumps(message["blocks"]), "#support")
    await anna.press("talk:correct", message=sent, channel="#support")
    view = await anna.modal()
    assert await anna.fill_and_submit(view, **{view["blocks"][-1]["block_id"]: "Hello, what do you see there?"}) == {}
    await oliver.wait_for("what do you see there")
    card = await anna.wait_for(lambda message: "1001" in message["text"] and not message["thread_ts"], "#support")
    await anna.press("ticket:resolve", message=card, channel="#support")
    await anna.wait_for(lambda message: "ticket:reopen" in json.dumps(message["blocks"]), "#support")


async def test_an_invitation_is_accepted(upgraded: RunningBot, ben: Visitor) -> None:
    """The walk begins."""
    assert upgraded.work
    await ben.press("invitation:accept")
    await at_step(ben, "before_start")
