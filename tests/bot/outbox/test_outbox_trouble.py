"""What the courier makes of Slack's and the network's trouble: each message once, or a dead row."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.store.models import Row
from tests.waiting import until

MakeRow = Callable[..., Row]


def rate_limited(seconds: str = "1") -> web.Response:
    body = '{"ok": false, "error": "ratelimited"}'
    return web.Response(status=429, text=body, content_type="application/json", headers={"Retry-After": seconds})


async def test_retry_after_is_honoured(post: Any, row: MakeRow) -> None:
    """The row waits as long as Slack says, its lane with it."""
    post.slack.next["chat.postMessage"] = [rate_limited("1")]
    await post.put(row("a", to="C1"), row("b", to="C1"))
    began = time.monotonic()
    await post.outbox_worker().drain()
    assert time.monotonic() - began >= 1
    assert post.slack.texts("C1") == ["text of a", "text of b"]


async def test_a_message_accepted_too_late_comes_once(post: Any, row: MakeRow) -> None:
    """The second attempt waits until nothing can arrive any more, looks, and finds it."""
    post.slack.next["chat.postMessage"] = ["slow"]
    await post.put(row("a"), row("b"))
    await post.outbox_worker().drain()
    assert post.slack.texts("D1") == ["text of a", "text of b"]
    assert post.slack.methods().count("conversations.history") >= 1
    assert await post.run(post.store.address, "a") == ("D1", "1.0")


async def test_the_look_waits_for_what_may_still_arrive(post: Any, row: MakeRow) -> None:
    """A message that Slack refused and then posted all the same is found, because nobody looked too early."""
    post.slack.next["chat.postMessage"] = ["late"]
    await post.put(row("a", to="C1"))
    await post.outbox_worker().drain()
    await until(lambda: not post.slack.late, "the message that came late")
    assert post.slack.texts("C1") == ["text of a"]


async def test_the_look_turns_the_pages(post: Any, row: MakeRow) -> None:
    """Other messages may have come after the one that is looked for."""
    post.slack.page_size = 2
    post.slack.next["chat.postMessage"] = ["slow"]
    await post.put(row("a", to="C1"))
    going = asyncio.create_task(post.outbox_worker().drain())
    await post.slack.posted.wait()
    post.slack.messages["C1"] += [{"ts": f"{9 + n}.0", "text": "of somebody"} for n in range(5)]
    await going
    assert post.slack.methods().count("conversations.history") == 3
    assert post.slack.methods().count("chat.postMessage") == 1
    asked = next(body for method, body in post.slack.calls if method == "conversations.history")
    assert 55 < datetime.now(UTC).timestamp() - float(asked["oldest"]) < 65


async def test_a_reply_is_looked_for_in_its_thread(post: Any, row: MakeRow) -> None:
    """The channel's history does not show replies."""
    post.slack.next["chat.postMessage"] = [web.json_response({"ok": True, "channel": "C1", "ts": "77.0"}), "slow"]
    await post.put(row("card", to="C1"), row("reply", to="C1", thread="card"))
    await post.outbox_worker().drain()
    assert post.slack.methods().count("conversations.replies") == 1
    assert "conversations.history" not in post.slack.methods()
    assert post.slack.texts("C1") == ["text of reply"]


async def test_metadata_of_another_app_is_no_proof(post: Any, row: MakeRow) -> None:
    """Only our own kind of event counts."""
    foreign = {"event_type": "other", "event_payload": {"key": "a"}}
    post.slack.messages["D1"] = [{"ts": "0.5", "text": "foreign", "metadata": foreign}]
    post.slack.next["chat.postMessage"] = ["internal_error"]
    await post.put(row("a"))
    await post.outbox_worker().drain()
    assert post.slack.texts("D1") == ["foreign", "text of a"]


@pytest.mark.parametrize("blind", ["missing_scope", "not_in_channel"])
async def test_where_nobody_can_look(post: Any, row: MakeRow, blind: str) -> None:
    """A step in a direct message is sent again; a ticket is parked for the operator."""
    post.slack.always["conversations.history"] = blind
    post.slack.next["chat.postMessage"] = ["internal_error", "internal_error"]
    await post.put(row("step"), row("ticket", to="C1"))
    await post.outbox_worker().drain()
    assert post.slack.texts("D1") == ["text of step"]
    assert post.slack.texts("C1") == []
    error = await post.error()
    assert error is not None
    assert error.startswith("parked: ")
    assert blind in error


async def test_a_look_that_fails_for_now_is_taken_again(post: Any, row: MakeRow) -> None:
    """Nothing is sent while nobody could look."""
    post.slack.next["chat.postMessage"] = ["slow"]
    post.slack.next["conversations.history"] = [rate_limited("0"), web.Response(status=503)]
    await post.put(row("a", to="C1"))
    await post.outbox_worker().drain()
    assert post.slack.methods().count("conversations.history") == 3
    assert post.slack.methods().count("chat.postMessage") == 1


@pytest.mark.parametrize(
    "trouble",
    [
        "fatal_error",
        web.Response(status=502, text="<html>", content_type="text/html"),
        web.Response(status=200, text="<html>", content_type="text/html"),
        web.Response(status=500, text="{", content_type="application/json"),
    ],
    ids=["under a 200", "a proxy's page", "a page under a 200", "broken JSON"],
)
async def test_trouble_that_passes(post: Any, row: MakeRow, trouble: Any) -> None:
    """It is tried again, after a look."""
    post.slack.next["chat.postMessage"] = [trouble]
    await post.put(row("a", to="C1"))
    await post.outbox_worker().drain()
    assert post.slack.methods() == ["chat.postMessage", "conversations.history", "chat.postMessage"]
    assert await post.state("a") == "delivered"


async def test_a_refused_connection_is_tried_again_soon(post: Any, row: MakeRow) -> None:
    """Nothing can have arrived, so nothing is waited for but the backoff; then the row is given up."""
    outbox_worker = post.outbox_worker(max_attempts=3, send_limit=30.0)
    await post.slack.server.close()
    await post.put(row("a", to="C1"))
    await outbox_worker.drain()
    assert await post.error() == "given up after 3 attempts: ClientConnectorError"


@pytest.mark.parametrize(
    "code", ["channel_not_found", "is_archived", "not_in_channel", "missing_scope", "msg_too_long", "invalid_blocks"]
)
async def test_what_slack_never_takes_is_dead_at_once(post: Any, row: MakeRow, code: str) -> None:
    """The lane goes on behind it."""
    post.slack.next["chat.postMessage"] = [code]
    await post.put(row("a", to="C1"), row("b", to="C1"))
    await post.outbox_worker().drain()
    assert (await post.error(), post.slack.texts("C1")) == (code, ["text of b"])


async def test_invalid_without_pictures_too_is_dead(post: Any, row: MakeRow) -> None:
    """The second refusal counts."""
    blocks = [{"type": "image", "image_url": "https://x", "alt_text": "x"}]
    post.slack.next["chat.postMessage"] = ["invalid_blocks", "invalid_blocks"]
    await post.put(row("a", content={"text": "t", "blocks": blocks}))
    await post.outbox_worker().drain()
    assert await post.error() == "invalid_blocks"


async def test_attempts_are_bounded(post: Any, row: MakeRow) -> None:
    """Then the row is dead and the operator may send it again."""
    post.slack.always["chat.postMessage"] = "internal_error"
    await post.put(row("a", to="C1"))
    await post.outbox_worker(max_attempts=2).drain()
    assert await post.error() == "given up after 2 attempts: internal_error"
    post.slack.always.clear()
    await post.run(post.store.send_again, "a", datetime.now(UTC))
    await post.outbox_worker().drain()
    assert post.slack.texts("C1") == ["text of a"]


@pytest.mark.parametrize("method", ["update", "post"])
async def test_what_belongs_to_a_lost_message(post: Any, row: MakeRow, method: str) -> None:
    """An update whose target, or a reply whose parent, nobody knows is dead."""
    await post.put(row("x", method=method, target="nobody", thread="nobody"))
    await post.outbox_worker().drain()
    assert await post.error() == "what it belongs to never arrived"


async def test_what_belongs_to_a_message_under_way_waits(post: Any, row: MakeRow) -> None:
    """Also across lanes."""
    later = datetime.now(UTC) + timedelta(seconds=0.2)
    await post.put(row("a", to="C1", due_at=later), row("x", to="C1", ordering_key="other", thread="a"))
    await post.outbox_worker(backoff=0.1).drain()
    assert post.slack.texts("C1") == ["text of a", "text of x"]


async def test_an_answer_is_tried_twice_at_most(post: Any, row: MakeRow) -> None:
    """It is best effort, and its response URL is forgotten either way."""
    url = str(post.slack.server.make_url("/response/1"))
    post.slack.next["response_url"] = [web.Response(status=500) for _ in range(3)]
    await post.put(row("r", method="respond", ordering_key=None, response_url=url))
    await post.outbox_worker().drain()
    assert post.slack.methods() == ["response_url", "response_url"]
    (dead,) = await post.run(post.store.dead)
    assert (dead.response_url, dead.error) == (None, "given up after 2 attempts: HTTP 500")


@pytest.mark.parametrize("age", [0, 31])
async def test_an_answer_that_slack_refuses_is_dead_at_once(post: Any, row: MakeRow, age: int) -> None:
    """A used-up URL is refused by Slack, one past half an hour is not tried."""
    url = str(post.slack.server.make_url("/response/1"))
    post.slack.next["response_url"] = [web.Response(status=404)]
    made = datetime.now(UTC) - timedelta(minutes=age)
    await post.put(row("r", method="respond", ordering_key=None, response_url=url, created_at=made))
    await post.outbox_worker().drain()
    assert await post.error() == ("its response URL is too old" if age else "HTTP 404")


async def test_a_mistake_of_ours_costs_an_attempt_and_no_message(post: Any, row: MakeRow) -> None:
    """An answer nobody expected, after Slack has accepted: looked for, found, recorded."""
    faults = iter([ZeroDivisionError])

    def at(point: str) -> None:
        if point == "after_send" and (fault := next(faults, None)):
            raise fault

    await post.put(row("a", to="C1"))
    await post.outbox_worker(at=at).drain()
    assert post.slack.texts("C1") == ["text of a"]
    assert await post.state("a") == "delivered"


async def test_a_press_overtakes_the_second_attempt(post: Any, row: MakeRow) -> None:
    """A row that a press has proved is not sent again."""
    post.slack.next["chat.postMessage"] = ["slow"]
    await post.put(row("a"))
    going = asyncio.create_task(post.outbox_worker().drain())
    await post.slack.posted.wait()

    def press() -> None:
        with post.store.transaction() as tx:
            tx.mark_delivered("a", "D1", "1.0")

    await post.run(press)
    await going
    assert post.slack.methods() == ["conversations.open", "chat.postMessage"]


async def test_the_courier_can_be_cancelled(post: Any, row: MakeRow) -> None:
    """What was under way stays running and is found after the next start."""
    post.slack.next["chat.postMessage"] = ["slow"]
    await post.put(row("a", to="C1"))
    going = asyncio.create_task(post.outbox_worker().run_forever(asyncio.Event()))
    await post.slack.posted.wait()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert await post.run(post.store.recover) == 1
    await post.outbox_worker().drain()
    assert post.slack.texts("C1") == ["text of a"]
