"""Errors of Slack and of the network: each message is delivered once, as soon as the trouble is over."""

import asyncio
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.store.models import Row
from tests.waiting import until

MakeRow = Callable[..., Row]
_CLOSED = ["channel_not_found", "is_archived", "not_in_channel", "restricted_action"]


def rate_limited(seconds: str = "1") -> web.Response:
    body = '{"ok": false, "error": "ratelimited"}'
    return web.Response(status=429, text=body, content_type="application/json", headers={"Retry-After": seconds})


async def test_retry_after_is_respected(outbox: Any, row: MakeRow) -> None:
    """The row waits as long as Slack says, and with it the rows behind it."""
    outbox.slack.next["chat.postMessage"] = [rate_limited("1")]
    await outbox.put(row("a", to="C1"), row("b", to="C1"))
    started = time.monotonic()
    await outbox.worker().drain()
    assert time.monotonic() - started >= 1
    assert outbox.slack.texts("C1") == ["text of a", "text of b"]


async def test_a_message_accepted_too_late_comes_once(outbox: Any, row: MakeRow) -> None:
    """The second attempt waits until nothing can arrive any more, searches, and finds it."""
    outbox.slack.next["chat.postMessage"] = ["slow"]
    await outbox.put(row("a"), row("b"))
    await outbox.worker().drain()
    assert outbox.slack.texts("D1") == ["text of a", "text of b"]
    assert outbox.slack.methods().count("conversations.history") >= 1
    assert await outbox.run(outbox.store.address, "a") == ("D1", "1.0")


async def test_the_search_waits_for_what_may_still_arrive(outbox: Any, row: MakeRow) -> None:
    """A message that Slack refused and posted later all the same is found: the search is not too early."""
    outbox.slack.next["chat.postMessage"] = ["late"]
    await outbox.put(row("a", to="C1"))
    await outbox.worker().drain()
    await until(lambda: not outbox.slack.late, "the message that came late")
    assert outbox.slack.texts("C1") == ["text of a"]


async def test_the_search_reads_all_pages(outbox: Any, row: MakeRow) -> None:
    """Other messages may have come after the one that is searched for."""
    outbox.slack.page_size = 2
    outbox.slack.next["chat.postMessage"] = ["slow"]
    await outbox.put(row("a", to="C1"))
    task = asyncio.create_task(outbox.worker().drain())
    await outbox.slack.posted.wait()
    outbox.slack.messages["C1"] += [{"ts": f"{9 + n}.0", "text": "of somebody"} for n in range(5)]
    await task
    assert outbox.slack.methods().count("conversations.history") == 3
    assert outbox.slack.methods().count("chat.postMessage") == 1
    arguments = next(body for method, body in outbox.slack.calls if method == "conversations.history")
    assert 55 < datetime.now(UTC).timestamp() - float(arguments["oldest"]) < 65


async def test_a_reply_is_searched_for_in_its_thread(outbox: Any, row: MakeRow) -> None:
    """The channel's history does not show replies."""
    outbox.slack.next["chat.postMessage"] = [web.json_response({"ok": True, "channel": "C1", "ts": "77.0"}), "slow"]
    await outbox.put(row("card", to="C1"), row("reply", to="C1", thread="card"))
    await outbox.worker().drain()
    assert outbox.slack.methods().count("conversations.replies") == 1
    assert "conversations.history" not in outbox.slack.methods()
    assert outbox.slack.texts("C1") == ["text of reply"]


async def test_metadata_of_another_app_is_no_proof(outbox: Any, row: MakeRow) -> None:
    """Only the bot's own event type counts."""
    foreign = {"event_type": "other", "event_payload": {"key": "a"}}
    outbox.slack.messages["D1"] = [{"ts": "0.5", "text": "foreign", "metadata": foreign}]
    outbox.slack.next["chat.postMessage"] = ["internal_error"]
    await outbox.put(row("a"))
    await outbox.worker().drain()
    assert outbox.slack.texts("D1") == ["foreign", "text of a"]


async def test_where_the_history_cannot_be_read(outbox: Any, row: MakeRow) -> None:
    """A step in a direct message is sent again; a ticket in a channel waits for the operator."""
    outbox.slack.always["conversations.history"] = "missing_scope"
    outbox.slack.next["chat.postMessage"] = ["internal_error", "internal_error"]
    await outbox.put(row("step"), row("ticket", to="C1"))
    await outbox.worker().drain()
    assert outbox.slack.texts("D1") == ["text of step"]
    assert outbox.slack.texts("C1") == []
    error = await outbox.error()
    assert error is not None
    assert error.startswith("parked: ")
    assert "missing_scope" in error


async def test_a_channel_that_the_bot_was_removed_from_is_looked_into_again(outbox: Any, row: MakeRow) -> None:
    """Nobody can say whether the message is there, so nothing is sent; invited again, the bot looks and finds it."""
    outbox.slack.next["chat.postMessage"] = ["slow"]
    outbox.slack.next["conversations.history"] = ["not_in_channel"] * 10
    await outbox.put(row("ticket", to="C1"))
    await outbox.worker(send_limit=0.5, backoff=0.0).drain()
    assert outbox.slack.texts("C1") == ["text of ticket"]
    assert outbox.slack.methods().count("conversations.history") == 11
    assert await outbox.state("ticket") == "delivered"


async def test_a_search_that_fails_is_repeated(outbox: Any, row: MakeRow) -> None:
    """Nothing is sent before a search has succeeded."""
    outbox.slack.next["chat.postMessage"] = ["slow"]
    outbox.slack.next["conversations.history"] = [rate_limited("0"), web.Response(status=503)]
    await outbox.put(row("a", to="C1"))
    await outbox.worker().drain()
    assert outbox.slack.methods().count("conversations.history") == 3
    assert outbox.slack.methods().count("chat.postMessage") == 1


@pytest.mark.parametrize(
    "fault",
    [
        "fatal_error",
        web.Response(status=502, text="<html>", content_type="text/html"),
        web.Response(status=200, text="<html>", content_type="text/html"),
        web.Response(status=500, text="{", content_type="application/json"),
    ],
    ids=["under a 200", "a proxy's page", "a page under a 200", "broken JSON"],
)
async def test_a_transient_error_is_retried(outbox: Any, row: MakeRow, fault: Any) -> None:
    """The message is searched for and sent again."""
    outbox.slack.next["chat.postMessage"] = [fault]
    await outbox.put(row("a", to="C1"))
    await outbox.worker().drain()
    assert outbox.slack.methods()[:3] == ["chat.postMessage", "conversations.history", "chat.postMessage"]
    assert outbox.slack.methods()[3:] == ["chat.getPermalink"]
    assert await outbox.state("a") == "delivered"


async def test_a_refused_connection_is_tried_again_soon(outbox: Any, row: MakeRow) -> None:
    """Nothing can have arrived, so only the backoff is waited for, and not the end of the lease."""
    await outbox.slack.server.close()
    await outbox.put(row("a", to="C1"))
    async with outbox.running(send_limit=600.0):
        await outbox.until_attempted("a", 3)
        await outbox.slack.start()
        await outbox.until_delivered("a")
    assert outbox.slack.texts("C1") == ["text of a"]


@pytest.mark.parametrize("code", [*_CLOSED, "ratelimited"])
async def test_trouble_that_passes_ends_no_row(outbox: Any, row: MakeRow, code: str) -> None:
    """However often: the row is tried until it is over, what waits behind it keeps its order, others go on."""
    outbox.slack.next["chat.postMessage"] = [code] * 20
    await outbox.put(row("a", to="C1"), row("b", to="C1"), row("c", to="C1"))
    async with outbox.running(backoff=0.0, max_attempts=2):
        await outbox.until_attempted("a", 20)
        await outbox.put(row("step"))
        await outbox.until_delivered("step", "a", "b", "c")
    assert outbox.slack.texts("C1") == ["text of a", "text of b", "text of c"]
    assert outbox.slack.texts("D1") == ["text of step"]
    assert await outbox.run(outbox.store.dead) == []


async def test_what_slack_never_accepts_is_dead_at_once(outbox: Any, row: MakeRow) -> None:
    """The rows behind it are sent."""
    outbox.slack.next["chat.postMessage"] = ["missing_scope"]
    await outbox.put(row("a", to="C1"), row("b", to="C1"))
    await outbox.worker().drain()
    assert (await outbox.error(), outbox.slack.texts("C1")) == ("missing_scope", ["text of b"])


async def test_a_person_who_is_not_there_is_dead_at_once(outbox: Any, row: MakeRow) -> None:
    """Nobody opens somebody's direct message again, unlike a channel."""
    outbox.slack.next["chat.postMessage"] = ["channel_not_found"]
    await outbox.put(row("a"))
    await outbox.worker().drain()
    assert await outbox.error() == "channel_not_found"


async def test_an_exception_that_comes_each_time_ends_the_row(outbox: Any, row: MakeRow) -> None:
    """A fault of our own holds up its ordering key for a while, not for ever; the operator can send it again."""
    faults = itertools.repeat(ZeroDivisionError, 3)

    def at(point: str) -> None:
        if point == "before_send" and (fault := next(faults, None)):
            raise fault

    await outbox.put(row("a", to="C1"), row("b", to="C1"))
    await outbox.worker(at=at, max_attempts=3, send_limit=0.2, backoff=0.0).drain()
    assert await outbox.error() == "given up after 3 attempts: ZeroDivisionError"
    assert outbox.slack.texts("C1") == ["text of b"]
    await outbox.run(outbox.store.send_again, "a", datetime.now(UTC))
    await outbox.worker().drain()
    assert outbox.slack.texts("C1") == ["text of b", "text of a"]


@pytest.mark.parametrize("method", ["update", "post"])
async def test_rows_that_belong_to_an_unknown_message(outbox: Any, row: MakeRow, method: str) -> None:
    """An update without its target and a reply without its parent are dead."""
    await outbox.put(row("x", method=method, target="nobody", thread="nobody"))
    await outbox.worker().drain()
    assert await outbox.error() == "what it belongs to never arrived"


async def test_rows_that_belong_to_a_pending_message_wait(outbox: Any, row: MakeRow) -> None:
    """Even with another ordering key."""
    later = datetime.now(UTC) + timedelta(seconds=0.2)
    await outbox.put(row("a", to="C1", due_at=later), row("x", to="C1", ordering_key="other", thread="a"))
    await outbox.worker(backoff=0.1).drain()
    assert outbox.slack.texts("C1") == ["text of a", "text of x"]


async def test_an_answer_is_tried_twice_at_most(outbox: Any, row: MakeRow) -> None:
    """It is best effort, and its response URL is forgotten in any case."""
    url = str(outbox.slack.server.make_url("/response/1"))
    outbox.slack.next["response_url"] = [web.Response(status=500) for _ in range(3)]
    await outbox.put(row("r", method="respond", ordering_key=None, response_url=url))
    await outbox.worker().drain()
    assert outbox.slack.methods() == ["response_url", "response_url"]
    (dead,) = await outbox.run(outbox.store.dead)
    assert (dead.response_url, dead.error) == (None, "given up after 2 attempts: HTTP 500")


@pytest.mark.parametrize("age", [0, 31])
async def test_an_answer_that_slack_refuses_is_dead_at_once(outbox: Any, row: MakeRow, age: int) -> None:
    """Slack refuses a used-up URL; one older than half an hour is not tried."""
    url = str(outbox.slack.server.make_url("/response/1"))
    outbox.slack.next["response_url"] = [web.Response(status=404)]
    created_at = datetime.now(UTC) - timedelta(minutes=age)
    await outbox.put(row("r", method="respond", ordering_key=None, response_url=url, created_at=created_at))
    await outbox.worker().drain()
    assert await outbox.error() == ("its response URL is too old" if age else "HTTP 404")


async def test_an_unexpected_exception_loses_no_message(outbox: Any, row: MakeRow) -> None:
    """Raised after Slack has accepted the message: it is searched for, found and recorded."""
    faults = iter([ZeroDivisionError])

    def at(point: str) -> None:
        if point == "after_send" and (fault := next(faults, None)):
            raise fault

    await outbox.put(row("a", to="C1"))
    await outbox.worker(at=at).drain()
    assert outbox.slack.texts("C1") == ["text of a"]
    assert await outbox.state("a") == "delivered"


async def test_a_press_proves_delivery(outbox: Any, row: MakeRow) -> None:
    """A message that was pressed is not sent again."""
    outbox.slack.next["chat.postMessage"] = ["slow"]
    await outbox.put(row("a"))
    task = asyncio.create_task(outbox.worker().drain())
    await outbox.slack.posted.wait()

    def press() -> None:
        with outbox.store.transaction() as tx:
            tx.mark_delivered("a", "D1", "1.0")

    await outbox.run(press)
    await task
    assert outbox.slack.methods() == ["conversations.open", "chat.postMessage"]


async def test_the_worker_can_be_cancelled(outbox: Any, row: MakeRow) -> None:
    """A row in flight stays "running" and is recovered at the next start."""
    outbox.slack.next["chat.postMessage"] = ["slow"]
    await outbox.put(row("a", to="C1"))
    task = asyncio.create_task(outbox.worker().run_forever(asyncio.Event()))
    await outbox.slack.posted.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await outbox.run(outbox.store.recover) == 1
    await outbox.worker().drain()
    assert outbox.slack.texts("C1") == ["text of a"]


@pytest.mark.parametrize(
    ("method", "content"),
    [
        ("publish", {"home": {"type": "home"}}),
        ("upload", {"filename": "a.mp4", "title": "a", "text": "a", "film": "F1"}),
        ("upload", {"film": "F1"}),
    ],
)
async def test_what_only_a_newer_version_knows_to_read_is_left_to_it(
    outbox: Any, row: MakeRow, method: str, content: dict[str, Any]
) -> None:
    """It is put back again and again, for as long as this one meets it: never given up, nor taken for sent."""
    await outbox.put(row("a", method=method, content=content), row("other", to="C1"))
    async with outbox.running(backoff=0.0, max_attempts=2):
        await outbox.until_attempted("a", 5)
        await outbox.until_delivered("other")
    assert await outbox.state("a") in {"pending", "running"}
    assert "newer version" in str((await outbox.run(outbox.store.row, "a")).error)
    assert not {"views.publish", "files.getUploadURLExternal"} & set(outbox.slack.methods())
