"""An Enterprise Grid: people's own workspaces are others than the one that the app is installed in."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from bot.app.server import RunningBot
from bot.demo.stage import SandboxStage
from bot.sandbox.delivery import AppRequest
from bot.sandbox.driver import Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.installation import ENTERPRISE_ID, Installation
from bot.sandbox.server import Sandbox
from bot.sandbox.world import TEAM_ID, SandboxUser, people_of_a_grid
from conversations.amazon_token.plays import happy, second_failure
from tests.stories.forging import dump
from tests.stories.presses import at_step, begun, live_steps
from tests.stories.test_story_talk import answer
from tests.waiting import until

pytestmark = pytest.mark.story

KEYS = {"grid": TEAM_ID, "organization": ENTERPRISE_ID}


@pytest.fixture(params=["grid", "organization"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """In one workspace of the Grid, and in the whole organization."""
    return Installation(request.param)


@pytest.fixture
def people() -> list[SandboxUser]:
    """The usual people; none belongs to the workspace in which the app is."""
    return people_of_a_grid()


async def test_a_whole_walk_in_a_grid(stage: SandboxStage) -> None:
    """Every press and every form counts, to the end."""
    await happy(stage)


async def test_a_ticket_in_a_grid(stage: SandboxStage, database: Path, installation: Installation) -> None:
    """A ticket is filed, claimed and solved; everything belongs to the one installation."""
    await second_failure(stage)
    await until(lambda: _teams(database, "pictures"), "a picture to be provided")
    teams = {table: _teams(database, table) for table in ("people", "walks", "tickets", "outbox", "pictures")}
    assert set().union(*teams.values()) == {KEYS[installation.where]}, teams


async def test_what_is_typed_and_edited_in_a_grid(line: RunningBot, erika: Visitor, anna: Visitor) -> None:
    """Typed words move the walk, an edit of what support was told arrives, and the Home tab knows the walk."""
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await erika.say("4.9.24.10")
    await at_step(erika, "account_mask")
    await erika.command("/amazon-token support")
    await erika.ephemeral_text()
    await anna.wait_for("1001", "#support")
    await anna.press("ticket:claim", channel="#support")
    await answer(anna, "Was sehen Sie?")
    await erika.wait_for("Was sehen Sie?")
    told = await erika.say("Die Maske sieht anders aus.")
    await anna.wait_for("Die Maske sieht anders aus.", "#support")
    await erika.edit(told, "Die Maske sieht ganz anders aus.")
    await anna.wait_for("Die Maske sieht ganz anders aus.", "#support")
    assert "1001" in words(await erika.home("1001"))
    assert line.work


async def test_the_same_user_id_in_another_workspace_is_another_person(
    line: RunningBot, sandbox: Sandbox, erika: Visitor, database: Path
) -> None:
    """A press of the same ID from another installation changes nothing of this one's walk."""
    message = await begun(erika)
    await line.bot.outbox_worker.drain()
    before = [row for row in dump(database) if row.startswith('INSERT INTO "walks"')]
    button = next(
        element for block in message["blocks"] for element in block.get("elements", [])
        if element.get("action_id") == "walk:orders_stopped"
    )  # fmt: skip
    pressed = {key: button[key] for key in ("action_id", "block_id", "type", "value") if key in button}
    await sandbox.delivery.send(
        AppRequest(
            kind="interactive",
            payload={
                "type": "block_actions", "user": {"id": "U0ERIKA", "team_id": TEAM_ID}, "team": {"id": "T0OTHER"},
                "enterprise": None, "is_enterprise_install": False, "trigger_id": "1.1.1",
                "container": {"type": "message", "message_ts": message["ts"], "channel_id": "D0ERIKA"},
                "channel": {"id": "D0ERIKA"}, "actions": [pressed | {"block_id": "b"}],
            },
        )
    )  # fmt: skip
    await line.bot.outbox_worker.drain()
    assert [row for row in dump(database) if row.startswith('INSERT INTO "walks"')] == before
    assert [address.step for address in await live_steps(erika)] == ["before_start"]


def _teams(database: Path, table: str) -> set[str]:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {row[0] for row in connection.execute(f"SELECT DISTINCT team_id FROM {table}")}  # noqa: S608 - our names
