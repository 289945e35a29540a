"""A message that Slack delivers again: its writer is answered once, and reads only what is so."""

import asyncio
import secrets
from typing import Any

import psycopg
import pytest

from bot.sandbox.delivery import signed
from bot.sandbox.driver import Visitor
from tests.stories.conftest import Serve
from tests.stories.forging import JSON, event, knock
from tests.stories.presses import begun
from tests.stories.test_story_locked import LOCKED, SLACK_SECONDS
from tests.stories.test_story_outages_of_postgres import Clock, no_thread_free
from tests.waiting import until

pytestmark = [pytest.mark.story, pytest.mark.parametrize("mode", ["http"])]
BODY = event("Wo finde ich das?", "Ev0TWICE").replace('"D1"', '"D0ERIKA"')
AT_IT = b"INSERT INTO seen VALUES ('Ev0TWICE', '2026-01-01')"
LOCK = b"LOCK TABLE seen IN EXCLUSIVE MODE"


def again(reason: str) -> dict[str, str]:
    """The headers of the second delivery."""
    return {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": reason}


@pytest.mark.parametrize(
    ("holds", "headers", "told"),
    [
        pytest.param(AT_IT, {}, False, id="another process is at it"),
        pytest.param(LOCK, {}, True, id="first"),
        pytest.param(LOCK, again("http_timeout"), True, id="the first was not answered in time"),
        pytest.param(LOCK, again("http_error"), False, id="the first has said so"),
    ],
)
async def test_who_wrote_it_is_told_once_and_only_by_whoever_has_it(
    serve: Serve, postgres_url: str, erika: Visitor, logged: list[Any], *, holds: bytes, headers: Any, told: bool
) -> None:
    """It could not be handled. Slack asks again in each case, and then it is, if nobody else has done it."""
    async with serve(database_url=postgres_url, hash_key=secrets.token_hex(32)) as line:
        await begun(erika)
        await line.bot.outbox_worker.drain()
        before = await erika.dialogue()
        with psycopg.connect(postgres_url) as other:
            other.execute(holds)
            assert await knock(line, BODY, signed(BODY) | headers, JSON) == 503
            assert (LOCKED in await erika.dialogue()) == told
        assert await knock(line, BODY, signed(BODY) | headers, JSON) == 200
        await line.bot.outbox_worker.drain()
        assert (await erika.dialogue() == before) == (holds is AT_IT)
    refused = [one["event"] for one in logged if one["event"] in {"delivery_under_way", "refused_while_locked"}]
    assert refused == ["delivery_under_way" if holds is AT_IT else "refused_while_locked"]


async def test_what_slack_no_longer_waits_for_is_said_by_the_next_delivery(
    serve: Serve, postgres_url: str, erika: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That one may have been handled meanwhile: the sentence would be wrong."""
    async with serve(database_url=postgres_url, hash_key=secrets.token_hex(32), store_threads=1) as line:
        await begun(erika)
        await line.bot.outbox_worker.drain()
        clock = Clock(monkeypatch)
        with psycopg.connect(postgres_url) as other:
            async with no_thread_free(line, monkeypatch) as waiting:
                late = asyncio.create_task(knock(line, BODY, signed(BODY), JSON))
                await until(lambda: "_do_all" in waiting, "the message to wait for the thread")
                clock.now = SLACK_SECONDS
                other.execute(LOCK)
            assert await late == 503
            assert LOCKED not in await erika.dialogue()
