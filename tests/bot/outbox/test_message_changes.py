"""What the sender changes on its own account stays in order with what the bot changes, and no reply goes astray."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.image import ImageReference, block
from bot.images import hosting
from bot.images.cache import ImageCache
from bot.images.drawings import Drawings
from bot.images.hosting import SlackFiles
from bot.sandbox.server import Sandbox
from bot.store.models import Row
from tests.waiting import QUICK, until

CHANNEL, DM = "C0SUPPORT", "D0ERIKA"
WORDS = {"type": "section", "text": {"type": "mrkdwn", "text": "Bitte"}}
PICTURED = {"text": "Bitte", "blocks": [WORDS, block(ImageReference("token", "de"), "What is to be seen")]}
MakeRow = Callable[..., Row]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(**QUICK) as running:
        yield running


@pytest.fixture
async def settings(outbox: Any, sandbox: Sandbox) -> AsyncIterator[dict[str, Any]]:
    """The settings of a worker whose pictures take a moment."""

    async def png(_svg: str) -> bytes:
        return b"\x89PNG"

    client = AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[])
    drawings = Drawings(lambda reference: f"<svg>{reference}</svg>", png, b"key")
    files = SlackFiles(outbox.store, outbox.run, drawings, client, clock=lambda: datetime.now(UTC))
    cache = ImageCache(files, patience=1.0)
    yield {"image_cache": cache, "send_limit": 10.0}
    await cache.close()


def worker(outbox: Any, sandbox: Sandbox, **settings: Any) -> Any:
    outbox.slack.url, outbox.token = sandbox.api_url, sandbox.token
    return outbox.worker(**settings)


def messages(sandbox: Sandbox, channel: str) -> list[Any]:
    return sandbox.world.channels[channel].messages


async def delete_root(sandbox: Sandbox, channel: str) -> None:
    (root,) = messages(sandbox, channel)
    sandbox.world.remove(sandbox.world.channels[channel], root)


async def test_a_reply_whose_thread_is_gone_does_not_stay_in_the_channel(
    outbox: Any, sandbox: Sandbox, row: MakeRow
) -> None:
    """Slack posts it at top level and reports no error: it is deleted, and the row tells that the thread is gone."""
    await outbox.put(row("card", to=CHANNEL))
    await worker(outbox, sandbox).drain()
    await delete_root(sandbox, CHANNEL)
    await outbox.put(row("reply", to=CHANNEL, thread="card"))
    await worker(outbox, sandbox).drain()
    assert messages(sandbox, CHANNEL) == []
    assert await outbox.error() == "thread_not_found"


async def test_a_second_attempt_in_a_thread_that_is_gone_comes_to_the_same(
    outbox: Any, sandbox: Sandbox, row: MakeRow
) -> None:
    """That the thread cannot be searched is no reason to keep the row for a person to look at."""
    await outbox.put(row("card", to=CHANNEL))
    await worker(outbox, sandbox).drain()
    await delete_root(sandbox, CHANNEL)
    sandbox.misbehave("chat.postMessage", "error_503")
    await outbox.put(row("reply", to=CHANNEL, thread="card"))
    await worker(outbox, sandbox).drain()
    assert messages(sandbox, CHANNEL) == []
    assert await outbox.error() == "thread_not_found"


async def test_a_reply_in_a_direct_message_is_better_at_top_level_than_lost(
    outbox: Any, sandbox: Sandbox, row: MakeRow
) -> None:
    """It is for one person, who reads it there."""
    await outbox.put(row("question", to="U0ERIKA"))
    await worker(outbox, sandbox).drain()
    await delete_root(sandbox, DM)
    await outbox.put(row("reply", to="U0ERIKA", thread="question"))
    await worker(outbox, sandbox).drain()
    assert [message.text for message in messages(sandbox, DM)] == ["text of reply"]
    assert await outbox.state("reply") == "delivered"


async def test_a_card_keeps_the_link_that_slack_gives(outbox: Any, sandbox: Sandbox, row: MakeRow) -> None:
    """Of a message in a channel, not of one in a thread or to a person. Without a link the message is delivered too."""
    await outbox.put(row("card", to=CHANNEL), row("reply", to=CHANNEL, thread="card"), row("step", to="U0ERIKA"))
    await worker(outbox, sandbox).drain()
    links = [await outbox.run(outbox.store.permalink, key) for key in ("card", "reply", "step")]
    assert links == [
        f"{sandbox.url}/archives/{CHANNEL}/p{messages(sandbox, CHANNEL)[0].ts.replace('.', '')}",
        None,
        None,
    ]
    sandbox.misbehave("chat.getPermalink", "error_503")
    await outbox.put(row("other", to=CHANNEL))
    await worker(outbox, sandbox).drain()
    assert (await outbox.state("other"), await outbox.run(outbox.store.permalink, "other")) == ("delivered", None)


async def test_a_picture_comes_after_its_message(
    outbox: Any, sandbox: Sandbox, row: MakeRow, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is there while Slack still processes the picture; metadata and text stay as they are."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 0.5)
    sandbox.workspace.processing = 0.4
    await outbox.put(row("step", to="U0ERIKA", content=PICTURED))
    draining = asyncio.create_task(worker(outbox, sandbox, **settings).drain())
    await until(lambda: messages(sandbox, DM), "the message")
    (message,) = messages(sandbox, DM)
    metadata = message.metadata
    assert [one["type"] for one in message.blocks] == ["section"]
    await draining
    assert [one["type"] for one in message.blocks] == ["section", "image"]
    assert (message.text, message.metadata) == ("Bitte", metadata)
    assert [call.outcome for call in sandbox.calls if call.method.startswith("chat.")] == ["ok", "ok"]


async def test_a_picture_that_comes_after_a_press_is_not_added(
    outbox: Any, sandbox: Sandbox, row: MakeRow, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the press made of the message stays, and does not wait for the picture."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 1.0)
    await outbox.put(row("step", to="U0ERIKA", content=PICTURED))
    async with outbox_at(outbox, sandbox, settings):
        await until(lambda: messages(sandbox, DM), "the message")
        (message,) = messages(sandbox, DM)

        def press() -> None:
            with outbox.store.transaction() as tx:
                tx.mark_delivered("step", DM, message.ts)
                tx.enqueue(row("done", method="update", to="U0ERIKA", target="step", content={"text": "✓"}))

        await outbox.run(press)
        await outbox.until_delivered("done")
    assert (message.text, message.blocks) == ("✓", [])


async def test_nothing_waits_for_the_picture_of_another_message(
    outbox: Any, sandbox: Sandbox, row: MakeRow, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer in the same conversation comes while the picture of the step before it takes for ever."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 3600.0)
    await outbox.put(row("step", to="U0ERIKA", content=PICTURED), row("answer", to="U0ERIKA"))
    async with outbox_at(outbox, sandbox, settings | {"send_limit": 3600.0}):
        await outbox.until_delivered("answer")
        uploads = [call.method for call in sandbox.calls if call.method.startswith("files.")]
    assert [message.text for message in messages(sandbox, DM)] == ["Bitte", "text of answer"]
    assert uploads != [], "the picture was under way"


async def test_a_picture_that_was_not_added_counts_as_not_processed(
    outbox: Any, sandbox: Sandbox, row: MakeRow, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that came first says nothing about the picture: the next message does not risk being refused for it."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 0.5)
    sandbox.workspace.processing = 3600.0
    outbox.store.changed_after = lambda *_args: True
    await outbox.put(row("step", to="U0ERIKA", content=PICTURED))
    await worker(outbox, sandbox, **settings).drain()
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 3600.0)
    await outbox.put(row("next", to="U0ERIKA", content=PICTURED))
    await worker(outbox, sandbox, **settings).drain()
    posts = [call.outcome for call in sandbox.calls if call.method == "chat.postMessage"]
    assert posts == ["ok", "ok"]


def outbox_at(outbox: Any, sandbox: Sandbox, settings: dict[str, Any]) -> Any:
    """A worker that runs until the block ends and then finishes what is under way."""
    outbox.slack.url, outbox.token = sandbox.api_url, sandbox.token
    return outbox.running(**settings)


async def test_a_message_that_slack_finds_mismatched_is_changed_all_the_same(
    outbox: Any, sandbox: Sandbox, row: MakeRow
) -> None:
    """A quotation that is replaced by other blocks: the words are shown without them."""
    quotation = {"type": "rich_text", "elements": [
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "too early"}]}]}  # fmt: skip
    await outbox.put(row("said", to="U0ERIKA", content={"text": "too early", "blocks": [quotation]}))
    await outbox.put(
        row("back", to="U0ERIKA", method="update", target="said", content={"text": "x", "blocks": [WORDS]})
    )
    await worker(outbox, sandbox).drain()
    (message,) = messages(sandbox, DM)
    assert (message.text, message.blocks) == ("Bitte", [])
