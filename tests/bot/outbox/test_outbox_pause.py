"""While Slack does not know the app, the whole outbox waits, and is sent in order afterwards."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.outbox import rate_limit
from bot.outbox.worker import OutboxWorker
from bot.slack_api.errors import REVOKED_CODES, remedy
from bot.store.models import Row
from tests.waiting import LIMIT, until

MakeRow = Callable[..., Row]


async def wait_for_pause(outbox_worker: OutboxWorker) -> None:
    await until(lambda: outbox_worker.paused, "the outbox to pause")


@pytest.mark.parametrize("code", sorted(REVOKED_CODES))
async def test_everything_waits_and_goes_out_in_order(outbox: Any, row: MakeRow, code: str) -> None:
    """No row is dead, not even one put during the pause; log and state say why; then everything is delivered."""
    outbox.slack.always |= {"chat.postMessage": code, "auth.test": code}
    await outbox.put(row("a", to="C1"), row("b", to="C1"), row("c", to="C2"))
    with capture_logs() as logged:
        async with outbox.running() as outbox_worker:
            await wait_for_pause(outbox_worker)
            assert outbox_worker.paused == code
            await outbox.put(row("d", to="C1"))
            asked = outbox.slack.methods().count("auth.test")
            outbox_worker.wake()
            await until(lambda: outbox.slack.methods().count("auth.test") > asked, "Slack to be asked again")
            tried = outbox.slack.methods().count("chat.postMessage")
            assert {await outbox.state(key) for key in "abcd"} == {"pending"}
            outbox.slack.always.clear()
            await outbox.until_delivered("a", "b", "c", "d")
            assert not outbox_worker.paused
    assert tried <= 2, "one row of each ordering key, and no more during the pause"
    assert outbox.slack.texts("C1") == ["text of a", "text of b", "text of d"]
    assert outbox.slack.texts("C2") == ["text of c"]
    (line,) = [line for line in logged if line["event"] == "outbox_paused"]
    assert (line["error"], line["todo"], line["log_level"]) == (code, remedy(code), "error")
    assert [line["after"] for line in logged if line["event"] == "outbox_goes_on"] == [code]


async def test_slack_is_asked_at_growing_intervals(outbox: Any, row: MakeRow) -> None:
    """A token that stays revoked costs a question now and then, and no row an attempt."""
    outbox.slack.always |= {"chat.postMessage": "token_revoked", "auth.test": "token_revoked"}
    await outbox.put(row("a", to="C1"))
    async with outbox.running(backoff=0.05, max_attempts=2) as outbox_worker:
        await wait_for_pause(outbox_worker)
        await until(lambda: len(outbox.slack.auth_tests_at) >= 3, "three questions")
        assert outbox.slack.methods().count("chat.postMessage") == 1
        assert await outbox.state("a") == "pending"
    first, second, third = outbox.slack.auth_tests_at[:3]
    assert second - first >= 0.15
    assert third - second >= 0.45


async def test_a_new_process_with_a_new_token_sends(outbox: Any, row: MakeRow) -> None:
    """A new process starts without the pause; the rows that waited are due at once."""
    outbox.slack.always |= {"chat.postMessage": "account_inactive", "auth.test": "account_inactive"}
    await outbox.put(row("a", to="C1"), row("b", to="C1"))
    async with outbox.running(backoff=3600.0) as outbox_worker:
        await wait_for_pause(outbox_worker)
    outbox.slack.always.clear()
    await outbox.worker().drain()
    assert outbox.slack.texts("C1") == ["text of a", "text of b"]


async def test_a_row_that_alone_is_refused_like_this_is_given_up(outbox: Any, row: MakeRow) -> None:
    """Slack knows the app and refuses this row as if it did not: it is dead after the usual attempts."""
    outbox.slack.next["chat.postMessage"] = ["invalid_auth"] * 3
    await outbox.put(row("a", to="C1"), row("b", to="C1"))
    await outbox.worker(max_attempts=3).drain()
    assert await outbox.error() == "given up after 3 attempts: invalid_auth"
    assert outbox.slack.texts("C1") == ["text of b"]


async def test_a_stop_does_not_wait_for_auth_test(outbox: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """During a pause the worker stops as quickly as otherwise."""
    outbox.slack.always |= {"chat.postMessage": "token_revoked"}
    outbox.slack.next["auth.test"] = ["slow"]
    outbox.slack.slow = 3600.0
    monkeypatch.setattr(rate_limit, "_ASK_SECONDS", 0.2)
    await outbox.put(row("a", to="C1"))
    async with asyncio.timeout(LIMIT), outbox.running(timeout=3600) as outbox_worker:
        await wait_for_pause(outbox_worker)
        await until(lambda: "auth.test" in outbox.slack.methods(), "the question")
    assert await outbox.state("a") == "pending"
