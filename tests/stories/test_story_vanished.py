"""The database's machine vanishes: it does not answer, and closes no connection. People read so, and all goes on."""

import asyncio
import secrets
import time

import pytest

from bot.sandbox.driver import Visitor
from bot.slack.store_thread import OUTAGE_SECONDS
from tests.silent_line import line_to
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun
from tests.stories.test_story_locked import LOCKED
from tests.stories.test_story_serving import health
from tests.waiting import until

pytestmark = pytest.mark.story
A_FEW_SECONDS = OUTAGE_SECONDS + 2.5


async def test_a_database_that_vanishes_is_said_within_a_few_seconds(
    serve: Serve, postgres_url: str, erika: Visitor, anna: Visitor
) -> None:
    """Whoever acts has the sentence, the first one and those after; monitors are answered; then all goes on."""
    with line_to(postgres_url) as (line, url):
        async with serve(database_url=url, hash_key=secrets.token_hex(32), store_threads=2) as serving:
            await begun(erika)
            await erika.command("/amazon-token support")
            card = await anna.wait_for("1001", "#support")
            await serving.bot.outbox_worker.drain()
            message = await at_step(erika, "before_start")
            with line.silent():
                for _ in range(2):
                    began = time.monotonic()
                    await asyncio.gather(
                        erika.press("walk:orders_stopped", message=message),
                        anna.press("ticket:claim", channel="#support", message=card),
                    )
                    assert time.monotonic() - began < A_FEW_SECONDS
                    assert LOCKED in await erika.ephemeral_text()
                    assert LOCKED in await anna.ephemeral_text("#support")
                    began = time.monotonic()
                    status, body = await health(serving)
                    assert time.monotonic() - began < 1.0
                    assert (status, "does not answer" in str(body)) == (503, True)

            async def is_well() -> bool:
                return (await health(serving))[0] == 200

            await until(is_well, "the bot to be well again")
            await erika.press("walk:orders_stopped", message=message)
            await at_step(erika, "connect_version")
            await anna.press("ticket:claim", channel="#support", message=card)
            await serving.bot.outbox_worker.drain()
