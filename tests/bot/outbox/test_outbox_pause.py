"""While Slack does not know the app, nothing is given up: the whole outbox waits and goes out in order afterwards."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.outbox import rate_limit
from bot.outbox.worker import OutboxWorker
from bot.slack_api.errors import REVOKED_CODES, remedy
from bot.store.models import Row
from tests.waiting import LIMIT, until

MakeRow = Callable[..., Row]


@asynccontextmanager
async def going(outbox_worker: OutboxWorker) -> AsyncIterator[OutboxWorker]:
    """The courier's rounds, until the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(outbox_worker.run_forever(stop))
    try:
        yield outbox_worker
    finally:
        stop.set()
        await task


async def paused(outbox_worker: OutboxWorker) -> None:
    """Wait until it rests."""
    await until(lambda: outbox_worker.paused, "the outbox to pause")


@pytest.mark.parametrize("code", sorted(REVOKED_CODES))
async def test_everything_waits_and_goes_out_in_order(post: Any, row: MakeRow, code: str) -> None:
    """No row is dead, also one enqueued meanwhile; log and state say why and what to do; then all of it comes."""
    post.slack.always |= {"chat.postMessage": code, "auth.test": code}
    await post.put(row("a", to="C1"), row("b", to="C1"), row("c", to="C2"))
    with capture_logs() as logged:
        async with going(post.outbox_worker()) as outbox_worker:
            await paused(outbox_worker)
            assert outbox_worker.paused == code
            await post.put(row("d", to="C1"))
            asked = post.slack.methods().count("auth.test")
            outbox_worker.wake()
            await until(lambda: post.slack.methods().count("auth.test") > asked, "Slack to be asked again")
            tried = post.slack.methods().count("chat.postMessage")
            assert {await post.state(key) for key in "abcd"} == {"pending"}
            post.slack.always.clear()
            await post.until_delivered("a", "b", "c", "d")
            assert not outbox_worker.paused
    assert tried <= 2, "one row of each lane, and no more while it rests"
    assert post.slack.texts("C1") == ["text of a", "text of b", "text of d"]
    assert post.slack.texts("C2") == ["text of c"]
    (told,) = [line for line in logged if line["event"] == "outbox_paused"]
    assert (told["error"], told["todo"], told["log_level"]) == (code, remedy(code), "error")
    assert [line["after"] for line in logged if line["event"] == "outbox_goes_on"] == [code]


async def test_slack_is_asked_at_growing_intervals(post: Any, row: MakeRow) -> None:
    """A token that stays revoked costs a question now and then, and no row an attempt."""
    post.slack.always |= {"chat.postMessage": "token_revoked", "auth.test": "token_revoked"}
    await post.put(row("a", to="C1"))
    async with going(post.outbox_worker(backoff=0.05, max_attempts=2)) as outbox_worker:
        await paused(outbox_worker)
        await until(lambda: len(post.slack.asked_at) >= 3, "three questions")
        assert post.slack.methods().count("chat.postMessage") == 1
        assert await post.state("a") == "pending"
    first, second, third = post.slack.asked_at[:3]
    assert second - first >= 0.15
    assert third - second >= 0.45


async def test_a_new_process_with_a_new_token_goes_on(post: Any, row: MakeRow) -> None:
    """The pause ends with the process; what waited is due at once."""
    post.slack.always |= {"chat.postMessage": "account_inactive", "auth.test": "account_inactive"}
    await post.put(row("a", to="C1"), row("b", to="C1"))
    async with going(post.outbox_worker(backoff=3600.0)) as outbox_worker:
        await paused(outbox_worker)
    post.slack.always.clear()
    await post.outbox_worker().drain()
    assert post.slack.texts("C1") == ["text of a", "text of b"]


async def test_a_row_that_alone_is_refused_so_holds_nothing_up_for_ever(post: Any, row: MakeRow) -> None:
    """Slack knows the app and still refuses this row as if it did not: after bounded attempts it is dead."""
    post.slack.next["chat.postMessage"] = ["invalid_auth"] * 3
    await post.put(row("a", to="C1"), row("b", to="C1"))
    await post.outbox_worker(max_attempts=3).drain()
    assert await post.error() == "given up after 3 attempts: invalid_auth"
    assert post.slack.texts("C1") == ["text of b"]


async def test_a_stop_does_not_wait_for_the_question(post: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that rests ends as quickly as another."""
    post.slack.always |= {"chat.postMessage": "token_revoked"}
    post.slack.next["auth.test"] = ["slow"]
    post.slack.slow = 3600.0
    monkeypatch.setattr(rate_limit, "_ASK_SECONDS", 0.2)
    await post.put(row("a", to="C1"))
    async with asyncio.timeout(LIMIT), going(post.outbox_worker(timeout=3600)) as outbox_worker:
        await paused(outbox_worker)
        await until(lambda: "auth.test" in post.slack.methods(), "the question")
    assert await post.state("a") == "pending"
