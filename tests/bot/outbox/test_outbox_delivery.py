"""What is sent to Slack, in which order and how fast."""

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
from bot.store.protocol import ConcurrentChange, StoreError
from tests.waiting import until

MakeRow = Callable[..., Row]
PICTURE = {"type": "image", "image_url": "https://x/y.png", "alt_text": "y"}
TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "t"}}


async def test_a_message_carries_its_key_and_unfurls_nothing(outbox: Any, row: MakeRow) -> None:
    """The direct message is opened once, and the message's address is stored."""
    await outbox.put(row("a", content={"text": "hello", "blocks": [TEXT]}), row("b"))
    await outbox.worker().drain()
    assert outbox.slack.methods() == ["conversations.open", "chat.postMessage", "chat.postMessage"]
    _, sent = outbox.slack.calls[1]
    assert sent == {
        "channel": "D1",
        "text": "hello",
        "blocks": [TEXT],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "amazon_token_row", "event_payload": {"key": "a"}},
    }
    assert await outbox.run(outbox.store.address, "a") == ("D1", "1.0")


async def test_rows_of_one_ordering_key_stay_in_order(outbox: Any, row: MakeRow) -> None:
    """Even when an early message has to be tried again."""
    keys = [f"k{number}" for number in range(6)]
    outbox.slack.next["chat.postMessage"] = ["internal_error", "fatal_error"]
    await outbox.put(*(row(key) for key in keys))
    await outbox.worker().drain()
    assert outbox.slack.texts("D1") == [f"text of {key}" for key in keys]


async def test_a_slow_row_delays_no_other_ordering_key(outbox: Any, row: MakeRow) -> None:
    """Ordering keys are independent of each other."""
    outbox.slack.slow = 1.5
    outbox.slack.next["chat.postMessage"] = ["slow"]
    await outbox.put(row("slow", to="C1"), *(row(f"k{number}", to=f"C2{number}") for number in range(20)))
    outbox_worker = outbox.worker(send_limit=3.0)
    stop = asyncio.Event()
    task = asyncio.create_task(outbox_worker.run_forever(stop))
    await outbox.until_delivered("k19")
    assert await outbox.state("slow") == "running"
    stop.set()
    await task
    assert await outbox.state("slow") == "delivered", "what is in flight is finished"


async def test_a_reply_goes_to_its_thread(outbox: Any, row: MakeRow) -> None:
    """The parent's channel and ts are looked up when it is sent."""
    await outbox.put(row("card", to="C1"), row("reply", to="C1", thread="card"))
    await outbox.worker().drain()
    assert [message.get("thread_ts") for message in outbox.slack.messages["C1"]] == [None, "1.0"]


async def test_an_update_changes_the_message_of_its_target(outbox: Any, row: MakeRow) -> None:
    """It has the target's key, so that a later search finds it, and a text no longer than Slack accepts."""
    update = row("u", method="update", target="a", content={"text": "ü" * 5000, "blocks": [TEXT]})
    await outbox.put(row("a"), update)
    await outbox.worker().drain()
    (message,) = outbox.slack.messages["D1"]
    assert (message["text"][-2:], message["blocks"]) == ("ü…", [TEXT])
    assert len(message["text"].encode()) <= 3800
    assert message["metadata"]["event_payload"] == {"key": "a"}


async def test_an_update_uses_the_response_url(outbox: Any, row: MakeRow) -> None:
    """chat.update is not called."""
    url = str(outbox.slack.server.make_url("/response/1"))
    await outbox.put(row("a"), row("u", method="update", target="a", response_url=url))
    await outbox.worker().drain()
    method, sent = outbox.slack.calls[-1]
    assert (method, sent["replace_original"], sent["text"]) == ("response_url", True, "text of u")
    assert "chat.update" not in outbox.slack.methods()


@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 404, "text": "no_text"},
        {"status": 500},
        {"text": '{"ok": false, "error": "expired_url"}', "content_type": "application/json"},
    ],
)
async def test_a_refused_response_url_falls_back(outbox: Any, row: MakeRow, refusal: dict[str, Any]) -> None:
    """After any refusal chat.update is called in the same attempt."""
    url = str(outbox.slack.server.make_url("/response/1"))
    outbox.slack.next["response_url"] = [web.Response(**refusal)]
    await outbox.put(row("a"), row("u", method="update", target="a", response_url=url))
    await outbox.worker().drain()
    assert outbox.slack.methods()[-2:] == ["response_url", "chat.update"]
    assert outbox.slack.texts("D1") == ["text of u"]


@pytest.mark.parametrize("fault", ["unreachable", "slow", "old"])
async def test_a_useless_response_url_falls_back(outbox: Any, row: MakeRow, fault: str, unused_tcp_port: int) -> None:
    """It is unreachable, slow, or older than half an hour."""
    url = str(outbox.slack.server.make_url("/response/1"))
    created_at = datetime.now(UTC)
    if fault == "unreachable":
        url = f"http://127.0.0.1:{unused_tcp_port}/response"
    elif fault == "slow":
        outbox.slack.next["response_url"] = ["slow"]
    else:
        created_at -= timedelta(minutes=31)
    await outbox.put(row("a"), row("u", method="update", target="a", response_url=url, created_at=created_at))
    await outbox.worker().drain()
    assert outbox.slack.methods()[-1] == "chat.update"
    assert outbox.slack.methods().count("response_url") == (1 if fault == "slow" else 0)


async def test_a_home_tab_is_published(outbox: Any, row: MakeRow) -> None:
    """The row's view is shown on the person's Home tab."""
    view = {"type": "home", "blocks": [TEXT]}
    await outbox.put(row("h", method="publish", ordering_key=None, content={"view": view}))
    await outbox.worker().drain()
    assert outbox.slack.calls == [("views.publish", {"user_id": "U1", "view": view})]


async def test_an_answer_goes_to_its_response_url(outbox: Any, row: MakeRow) -> None:
    """With the row's whole content."""
    url = str(outbox.slack.server.make_url("/response/1"))
    content = {"text": "t", "response_type": "ephemeral"}
    await outbox.put(row("r", method="respond", ordering_key=None, response_url=url, content=content))
    await outbox.worker().drain()
    assert outbox.slack.calls == [("response_url", content)]


async def test_pictures_are_left_out_when_slack_cannot_fetch_them(outbox: Any, row: MakeRow) -> None:
    """It is sent without image blocks, accessories and context images, in the same attempt."""
    context = {"type": "context", "elements": [PICTURE]}
    beside = TEXT | {"accessory": PICTURE}
    outbox.slack.next["chat.postMessage"] = ["invalid_blocks"]
    await outbox.put(row("a", content={"text": "t", "blocks": [PICTURE, beside, context, TEXT]}))
    await outbox.worker().drain()
    assert [message["blocks"] for message in outbox.slack.messages["D1"]] == [[TEXT, TEXT]]


async def test_new_messages_are_rate_limited(outbox: Any, row: MakeRow) -> None:
    """A burst, then one after the other. Other ordering keys have their own limit, and updates have none."""
    rows = [row(f"k{number}", to="C1") for number in range(4)]
    await outbox.put(*rows[:2], row("u", to="C1", method="update", target="k0"), *rows[2:], row("o", to="C2"))
    started = time.monotonic()
    outbox_worker = outbox.worker(rate_limit=RateLimit(burst=2, per_second=2.0))
    task = asyncio.create_task(outbox_worker.drain())
    await outbox.until_delivered("u", "o")
    assert await outbox.state("k3") == "pending"
    await task
    assert time.monotonic() - started >= 0.99
    assert len(outbox.slack.messages["C1"]) == 4


@pytest.mark.parametrize(("poll", "woken"), [(3600.0, True), (0.2, False)])
async def test_a_row_is_found_by_a_wake_or_by_polling(outbox: Any, row: MakeRow, poll: float, *, woken: bool) -> None:
    """A wake does not wait for the next poll, and without a wake a row of another process is found by polling."""
    outbox_worker, stop = outbox.worker(poll=poll), asyncio.Event()
    task = asyncio.create_task(outbox_worker.run_forever(stop))
    await asyncio.sleep(0)  # it has started; otherwise `drain` would run a second loop that takes its wake
    await outbox_worker.drain()  # it has looked into the outbox and waits
    await outbox.put(row("a", to="C1"))
    if woken:
        outbox_worker.wake()
    await outbox.until_delivered("a")
    stop.set()
    outbox_worker.wake()
    await task


async def test_nothing_of_a_message_is_logged(outbox: Any, row: MakeRow) -> None:
    """Only keys, codes and durations; a dead row is logged as an error."""
    outbox.slack.next["chat.postMessage"] = ["internal_error", "channel_not_found"]
    await outbox.put(row("a", content={"text": "geheim", "blocks": [TEXT]}), row("b"))
    with structlog.testing.capture_logs() as lines:
        await outbox.worker().drain()
    assert "geheim" not in str(lines)
    logged = [(line["log_level"], line["event"], line["outcome"], line.get("error")) for line in lines]
    assert logged == [
        ("warning", "outbox_row", "again", "internal_error"),
        ("error", "outbox_row_dead", "dead", "channel_not_found"),
        ("info", "outbox_row", "sent", None),
    ]
    assert set(lines[0]) == {"event", "log_level", "row", "method", "ordering_key", "attempt", "ms", "outcome", "error"}


def on_disk(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.iterdir())


async def test_delivered_texts_are_scrubbed_when_the_worker_stops(outbox: Any, row: MakeRow, tmp_path: Path) -> None:
    """No byte of them stays in the database file or its log."""
    await outbox.put(row("a", content={"text": "the very secret words"}))
    await outbox.worker().drain()
    assert not on_disk(tmp_path, b"very secret")


async def test_errors_of_the_store_pass(outbox: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker logs them, waits and continues; so it does where other processes claim all the time."""
    refusals = [StoreError("locked"), ConcurrentChange("others claim"), StoreError("locked")]
    claim = outbox.store.claim

    def sometimes(*args: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return claim(*args)

    monkeypatch.setattr(outbox.store, "claim", sometimes)
    await outbox.put(row("a"))
    with structlog.testing.capture_logs() as lines:
        await outbox.worker().drain()
    assert [line["event"] for line in lines] == ["outbox_unusable", "claim_put_off", "outbox_unusable", "outbox_row"]


async def test_drain_has_a_deadline(outbox: Any, row: MakeRow) -> None:
    """A row that is due later still has to be sent."""
    await outbox.put(row("a", due_at=datetime.now(UTC) + timedelta(hours=1)))
    with pytest.raises(TimeoutError, match="not empty after"):
        await outbox.worker().drain(0.2)


async def test_an_idle_worker_scrubs_from_time_to_time(
    outbox: Any, row: MakeRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts do not stay on the disk until the bot stops."""
    monkeypatch.setattr("bot.outbox.worker._SCRUB_EVERY", 0.0)
    await outbox.put(row("a", content={"text": "the very secret words"}))
    stop = asyncio.Event()
    task = asyncio.create_task(outbox.worker().run_forever(stop))
    await outbox.until_delivered("a")
    await until(lambda: not on_disk(tmp_path, b"very secret"), "the text to be gone from the disk")
    stop.set()
    await task


async def test_a_result_that_cannot_be_recorded_is_recorded_later(
    outbox: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack has the message; when the lease has ended it is found there and recorded."""
    refusals = [StoreError("the disk is full")]
    delivered = outbox.store.delivered

    def sometimes(*args: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return delivered(*args)

    monkeypatch.setattr(outbox.store, "delivered", sometimes)
    await outbox.put(row("a", to="C1"))
    with structlog.testing.capture_logs() as lines:
        await outbox.worker().drain()
    assert [(line["event"], line.get("outcome")) for line in lines] == [
        ("outbox_unusable", None),
        ("outbox_row", "found"),
    ]
    assert outbox.slack.texts("C1") == ["text of a"]


async def test_stopping_survives_a_full_disk(outbox: Any, row: MakeRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failed scrub is logged, and the worker stops."""

    def refuse(*_: Any) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(outbox.store, "scrub", refuse)
    await outbox.put(row("a"))
    with structlog.testing.capture_logs() as lines:
        await outbox.worker().drain()
    assert lines[-1]["event"] == "outbox_unusable"
