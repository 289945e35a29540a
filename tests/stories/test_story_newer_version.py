"""A step that only a newer version has: during a rolling update the version before meets people who are there."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.app import scheduler
from bot.sandbox.driver import Visitor
from bot.store.postgres import open_store
from conversations.registry import PROCEDURES
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun, live_steps
from tests.stories.test_story_postgres import rows
from tests.stories.time_machine import TimeMachine
from tests.waiting import until

pytestmark = pytest.mark.story
STEP = "connect_version"
UPDATING, MESSAGE = "Ich werde gerade aktualisiert. Es hat sich nichts", "Ich werde gerade aktualisiert und konnte"
Older = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Older:
    """In the block the bot is of the version before, whose procedure does not have the step."""

    @contextmanager
    def block() -> Iterator[None]:
        procedure = PROCEDURES["amazon_token"]
        steps = {name: step for name, step in procedure.steps.items() if name != STEP}
        with monkeypatch.context() as changed:
            changed.setitem(procedure.__dict__, "steps", steps)
            yield

    return block


def refusals(logged: list[Any]) -> list[Any]:
    """Of what was left to the newer version, the steps."""
    return [line["step"] for line in logged if line["event"] == "left_to_newer_version"]


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize("mode", ["http"])  # where the refused event comes again at once, not after Slack's patience
async def test_whoever_is_at_a_step_of_the_newer_version_reads_that_it_goes_on_in_a_moment(
    erika: Visitor, logged: list[Any], older: Older
) -> None:
    """A press, a command, a form and a message: each has a plain sentence, and the walk is as it was."""
    await erika.press("walk:orders_stopped", message=await begun(erika))
    message = await at_step(erika, STEP)
    await erika.press("form:help", message=message)
    with older():
        refused = await erika.fill_and_submit(sentence="Es kommen keine Aufträge an")
        assert UPDATING in str(refused), "below the field, where what was typed stays"
        await erika.press("walk:back", message=message)
        assert UPDATING in await erika.ephemeral_text()
        await erika.command("/amazon-token")
        assert UPDATING in await erika.ephemeral_text()
        await erika.say("4.9.24.5")
        await erika.wait_for(MESSAGE)
    assert set(refusals(logged)) == {f"amazon_token.{STEP}"}
    assert [one for one in logged if one["event"] == "incident"] == []
    await erika.say("4.9.24.5")
    await erika.wait_for("CONNECT-Version: 4.9.24.5")

    async def goes_on() -> bool:
        return len(await live_steps(erika)) == 1

    await until(goes_on, "one live step")


async def test_what_falls_due_there_is_left_to_the_newer_version(
    serve: Serve, clock: TimeMachine, erika: Visitor, logged: list[Any], older: Older
) -> None:
    """The scheduled jobs of the version before go on with everything else, and lose nothing."""
    async with serve() as line:
        await erika.press("walk:orders_stopped", message=await begun(erika))
        await at_step(erika, STEP)
        await line.bot.outbox_worker.drain()
        clock.ahead += timedelta(days=7)
        with older():
            await scheduler.do_what_is_due(line.bot)
            assert f"amazon_token.{STEP}" in refusals(logged)
        await scheduler.do_what_is_due(line.bot)
        await erika.wait_for("wartet")
        assert all(not task.done() for task in line.work.values())


async def test_a_start_of_the_version_before_moves_nobody_while_the_newer_one_serves(
    serve: Serve, postgres_url: str, erika: Visitor, logged: list[Any]
) -> None:
    """It may be started again during an update. After going back it serves alone: walks are where it knows them."""
    own: dict[str, Any] = {"database_url": postgres_url, "hash_key": secrets.token_hex(32)}
    async with serve(**own):
        await erika.press("walk:orders_stopped", message=await begun(erika))
        await at_step(erika, STEP)
    rows(postgres_url, "UPDATE walks SET step = 'new', state = replace(state, 'connect_version', 'new') RETURNING id")
    newer = open_store(postgres_url)
    newer.recover()
    assert not newer.others_differ(1)
    async with serve(**own) as line:
        await scheduler.do_what_is_due(line.bot)
        assert newer.others_differ(1)
        assert [one for one in logged if one["event"] == "walks_resettled"] == []
        newer.close()

        async def moved() -> bool:
            await scheduler.do_what_is_due(line.bot)
            return any(one["event"] == "walks_resettled" for one in logged)

        await until(moved, "the walk to be where this version knows it")
        await at_step(erika, "before_start")
