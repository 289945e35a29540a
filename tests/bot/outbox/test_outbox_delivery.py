"""What reaches Slack, in which order and how fast."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web

from bot.outbox.rate_limit import RateLimit
from bot.store.models import Row
from bot.store.protocol import StoreError
from tests.waiting import until

MakeRow = Callable[..., Row]
PICTURE = {"type": "image", "image_url": "https://x/y.png", "alt_text": "y"}
TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "t"}}


async def test_a_message_carries_its_key_and_unfurls_nothing(post: Any, row: MakeRow) -> None:
    """The direct message is opened once, and the row knows where its message stands."""
    await post.put(row("a", content={"text": "hello", "blocks": [TEXT]}), row("b"))
    await post.outbox_worker().drain()
    assert post.slack.methods() == ["conversations.open", "chat.postMessage", "chat.postMessage"]
    _, sent = post.slack.calls[1]
    assert sent == {
        "channel": "D1",
        "text": "hello",
        "blocks": [TEXT],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "amazon_token_row", "event_payload": {"key": "a"}},
    }
    assert await post.run(post.store.address, "a") == ("D1", "1.0")


async def test_a_lane_keeps_its_order(post: Any, row: MakeRow) -> None:
    """Also when an early message has to be tried again."""
    keys = [f"k{number}" for number in range(6)]
    post.slack.next["chat.postMessage"] = ["internal_error", "fatal_error"]
    await post.put(*(row(key) for key in keys))
    await post.outbox_worker().drain()
    assert post.slack.texts("D1") == [f"text of {key}" for key in keys]


async def test_a_slow_lane_holds_up_no_other(post: Any, row: MakeRow) -> None:
    """Lanes are served side by side."""
    post.slack.slow = 1.5
    post.slack.next["chat.postMessage"] = ["slow"]
    await post.put(row("slow", to="C1"), *(row(f"k{number}", to=f"C2{number}") for number in range(20)))
    outbox_worker = post.outbox_worker(send_limit=3.0)
    stop = asyncio.Event()
    going = asyncio.create_task(outbox_worker.run_forever(stop))
    await post.until_delivered("k19")
    assert await post.state("slow") == "running"
    stop.set()
    await going
    assert await post.state("slow") == "delivered", "what is under way comes to its end"


async def test_a_reply_goes_to_its_thread(post: Any, row: MakeRow) -> None:
    """The parent's channel and ts are looked up when it is sent."""
    await post.put(row("card", to="C1"), row("reply", to="C1", thread="card"))
    await post.outbox_worker().drain()
    assert [message.get("thread_ts") for message in post.slack.messages["C1"]] == [None, "1.0"]


async def test_an_update_changes_the_message_of_its_target(post: Any, row: MakeRow) -> None:
    """It carries the target's key, so that a later look still finds it, and a text no longer than Slack takes."""
    update = row("u", method="update", target="a", content={"text": "x" * 5000, "blocks": [TEXT]})
    await post.put(row("a"), update)
    await post.outbox_worker().drain()
    (message,) = post.slack.messages["D1"]
    assert (len(message["text"]), message["blocks"]) == (4000, [TEXT])
    assert message["metadata"]["event_payload"] == {"key": "a"}


async def test_an_update_uses_the_response_url(post: Any, row: MakeRow) -> None:
    """It costs no chat.update."""
    url = str(post.slack.server.make_url("/response/1"))
    await post.put(row("a"), row("u", method="update", target="a", response_url=url))
    await post.outbox_worker().drain()
    method, sent = post.slack.calls[-1]
    assert (method, sent["replace_original"], sent["text"]) == ("response_url", True, "text of u")
    assert "chat.update" not in post.slack.methods()


@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 404, "text": "no_text"},
        {"status": 500},
        {"text": '{"ok": false, "error": "expired_url"}', "content_type": "application/json"},
    ],
)
async def test_a_refused_response_url_falls_back(post: Any, row: MakeRow, refusal: dict[str, Any]) -> None:
    """Whatever Slack answers there, chat.update does it in the same attempt."""
    url = str(post.slack.server.make_url("/response/1"))
    post.slack.next["response_url"] = [web.Response(**refusal)]
    await post.put(row("a"), row("u", method="update", target="a", response_url=url))
    await post.outbox_worker().drain()
    assert post.slack.methods()[-2:] == ["response_url", "chat.update"]
    assert post.slack.texts("D1") == ["text of u"]


@pytest.mark.parametrize("trouble", ["unreachable", "slow", "old"])
async def test_a_useless_response_url_falls_back(post: Any, row: MakeRow, trouble: str, unused_tcp_port: int) -> None:
    """Nobody answers there, or too late, or it is older than half an hour."""
    url = str(post.slack.server.make_url("/response/1"))
    made = datetime.now(UTC)
    if trouble == "unreachable":
        url = f"http://127.0.0.1:{unused_tcp_port}/response"
    elif trouble == "slow":
        post.slack.next["response_url"] = ["slow"]
    else:
        made -= timedelta(minutes=31)
    await post.put(row("a"), row("u", method="update", target="a", response_url=url, created_at=made))
    await post.outbox_worker().drain()
    assert post.slack.methods()[-1] == "chat.update"
    assert post.slack.methods().count("response_url") == (1 if trouble == "slow" else 0)


async def test_a_home_tab_is_published(post: Any, row: MakeRow) -> None:
    """The view goes to the person as decided."""
    view = {"type": "home", "blocks": [TEXT]}
    await post.put(row("h", method="publish", ordering_key=None, content={"view": view}))
    await post.outbox_worker().drain()
    assert post.slack.calls == [("views.publish", {"user_id": "U1", "view": view})]


async def test_an_answer_goes_to_its_response_url(post: Any, row: MakeRow) -> None:
    """With everything the row holds, at once."""
    url = str(post.slack.server.make_url("/response/1"))
    content = {"text": "t", "response_type": "ephemeral"}
    await post.put(row("r", method="respond", ordering_key=None, response_url=url, content=content))
    await post.outbox_worker().drain()
    assert post.slack.calls == [("response_url", content)]


async def test_pictures_are_left_out_when_slack_cannot_fetch_them(post: Any, row: MakeRow) -> None:
    """The message comes without image blocks, accessories and context images, in the same attempt."""
    context = {"type": "context", "elements": [PICTURE]}
    beside = TEXT | {"accessory": PICTURE}
    post.slack.next["chat.postMessage"] = ["invalid_blocks"]
    await post.put(row("a", content={"text": "t", "blocks": [PICTURE, beside, context, TEXT]}))
    await post.outbox_worker().drain()
    assert [message["blocks"] for message in post.slack.messages["D1"]] == [[TEXT, TEXT]]


async def test_new_messages_keep_the_pace(post: Any, row: MakeRow) -> None:
    """A burst, then one after the other; another lane has a burst of its own, and updates do not wait."""
    rows = [row(f"k{number}", to="C1") for number in range(4)]
    await post.put(*rows[:2], row("u", to="C1", method="update", target="k0"), *rows[2:], row("o", to="C2"))
    began = time.monotonic()
    outbox_worker = post.outbox_worker(rate_limit=RateLimit(burst=2, per_second=2.0))
    going = asyncio.create_task(outbox_worker.drain())
    await post.until_delivered("u", "o")
    assert await post.state("k3") == "pending"
    await going
    assert time.monotonic() - began >= 0.99
    assert len(post.slack.messages["C1"]) == 4


@pytest.mark.parametrize(("poll", "woken"), [(3600.0, True), (0.2, False)])
async def test_a_row_is_found_by_a_wake_or_by_polling(post: Any, row: MakeRow, poll: float, *, woken: bool) -> None:
    """A wake does not wait for the next poll, and without a wake a row of another process is found by polling."""
    outbox_worker, stop = post.outbox_worker(poll=poll), asyncio.Event()
    going = asyncio.create_task(outbox_worker.run_forever(stop))
    await asyncio.sleep(0)  # it has begun: else `drain` would go round beside it, and take its wake
    await outbox_worker.drain()  # it has looked, and rests
    await post.put(row("a", to="C1"))
    if woken:
        outbox_worker.wake()
    await post.until_delivered("a")
    stop.set()
    outbox_worker.wake()
    await going


async def test_nothing_of_a_message_is_logged(post: Any, row: MakeRow) -> None:
    """Keys, codes and durations only, whatever happens; a dead row is an error line."""
    post.slack.next["chat.postMessage"] = ["internal_error", "channel_not_found"]
    await post.put(row("a", content={"text": "geheim", "blocks": [TEXT]}), row("b"))
    with structlog.testing.capture_logs() as lines:
        await post.outbox_worker().drain()
    assert "geheim" not in str(lines)
    told = [(line["log_level"], line["event"], line["outcome"], line.get("error")) for line in lines]
    assert told == [
        ("warning", "outbox_row", "again", "internal_error"),
        ("error", "outbox_row_dead", "dead", "channel_not_found"),
        ("info", "outbox_row", "sent", None),
    ]
    assert set(lines[0]) == {"event", "log_level", "row", "method", "ordering_key", "attempt", "ms", "outcome", "error"}


def on_disk(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.iterdir())


async def test_delivered_words_are_scrubbed_when_the_courier_goes_home(post: Any, row: MakeRow, tmp_path: Path) -> None:
    """No byte of them stays in the file or in its log."""
    await post.put(row("a", content={"text": "the very secret words"}))
    await post.outbox_worker().drain()
    assert not on_disk(tmp_path, b"very secret")


async def test_trouble_with_the_store_passes(post: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The courier tells, waits and goes on."""
    refusals = [StoreError("locked"), StoreError("locked")]
    claim = post.store.claim

    def sometimes(*args: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return claim(*args)

    monkeypatch.setattr(post.store, "claim", sometimes)
    await post.put(row("a"))
    with structlog.testing.capture_logs() as lines:
        await post.outbox_worker().drain()
    assert [line["event"] for line in lines] == ["outbox_unusable", "outbox_unusable", "outbox_row"]


async def test_drain_has_a_deadline(post: Any, row: MakeRow) -> None:
    """What is due later is still to be carried."""
    await post.put(row("a", due_at=datetime.now(UTC) + timedelta(hours=1)))
    with pytest.raises(TimeoutError, match="not empty after"):
        await post.outbox_worker().drain(0.2)


async def test_an_idle_courier_scrubs_now_and_then(
    post: Any, row: MakeRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words do not wait on the disk for the program's end."""
    monkeypatch.setattr("bot.outbox.worker._SCRUB_EVERY", 0.0)
    await post.put(row("a", content={"text": "the very secret words"}))
    stop = asyncio.Event()
    going = asyncio.create_task(post.outbox_worker().run_forever(stop))
    await post.until_delivered("a")
    await until(lambda: not on_disk(tmp_path, b"very secret"), "the words to be gone from the disk")
    stop.set()
    await going


async def test_a_record_that_cannot_be_written_is_made_good(
    post: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message stands in Slack; when the lease has run out it is found there and recorded."""
    refusals = [StoreError("the disk is full")]
    delivered = post.store.delivered

    def sometimes(*args: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return delivered(*args)

    monkeypatch.setattr(post.store, "delivered", sometimes)
    await post.put(row("a", to="C1"))
    with structlog.testing.capture_logs() as lines:
        await post.outbox_worker().drain()
    assert [(line["event"], line.get("outcome")) for line in lines] == [
        ("outbox_unusable", None),
        ("outbox_row", "found"),
    ]
    assert post.slack.texts("C1") == ["text of a"]


async def test_going_home_survives_a_full_disk(post: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be scrubbed is told, and the courier ends."""

    def refuse(*_: Any) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(post.store, "scrub", refuse)
    await post.put(row("a"))
    with structlog.testing.capture_logs() as lines:
        await post.outbox_worker().drain()
    assert lines[-1]["event"] == "outbox_unusable"
