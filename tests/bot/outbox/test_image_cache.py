"""Images of steps in messages: each is uploaded once, and none delays or stops a message."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.image import ImageReference, block
from bot.images import hosting
from bot.images.cache import ImageCache
from bot.images.drawings import Drawings
from bot.images.hosting import SlackFiles
from bot.outbox.worker import OutboxWorker
from bot.sandbox.server import Sandbox
from bot.sandbox.world import direct_message_id
from bot.store.models import Destination, Row
from bot.store.protocol import StoreError
from tests.waiting import LIMIT, QUICK, until

ERIKA = "U0ERIKA"
LONG = 3600
TOKEN, SAVE = ImageReference("token", "de"), ImageReference("save", "de")
WORDS = {"type": "section", "text": {"type": "mrkdwn", "text": "Bitte"}}
SHORT = {"slow": 0.2, "refused": 6.0}
"""Seconds that a message waits for an image that does not come, by the error that is logged."""


class FakeDrawings:
    """Draws in the `style` given to it and keeps what it rendered; `broken` names the function that fails."""

    def __init__(self) -> None:
        self.style = "plain"
        self.rendered: list[str] = []
        self.broken = ""

    def draw(self, reference: ImageReference) -> str:
        if self.broken == "draw":
            raise LookupError(reference.name)
        return f"<svg>{self.style} {reference}</svg>"

    async def render(self, svg: str) -> bytes:
        if self.broken == "render":
            raise ValueError("no picture")
        self.rendered.append(svg)
        return b"\x89PNG" + svg.encode()


@pytest.fixture
def fake_drawings() -> FakeDrawings:
    return FakeDrawings()


@pytest.fixture(autouse=True)
def tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file is tried as soon as it is uploaded."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 0.0)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(**QUICK) as running:
        yield running


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def image_cache(
    outbox: Any, sandbox: Sandbox, fake_drawings: FakeDrawings, logged: list[Any]
) -> AsyncIterator[Callable[..., ImageCache]]:
    """Makes image caches with the same store, as after a restart."""
    assert logged == []
    caches: list[ImageCache] = []

    def make_cache(**more: Any) -> ImageCache:
        client = AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=LONG)
        drawings = Drawings(fake_drawings.draw, fake_drawings.render, b"key")
        files = SlackFiles(outbox.store, outbox.run, drawings, client, clock=lambda: datetime.now(UTC))
        caches.append(ImageCache(files, **{"patience": LIMIT, **more}))
        return caches[-1]

    yield make_cache
    for cache in caches:
        await cache.close()


@pytest.fixture
def deliver(outbox: Any, sandbox: Sandbox) -> Callable[..., Any]:
    """Sends rows; the messages in Erika's direct message afterwards."""
    client = AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=LONG)

    async def put_and_drain(image_cache: ImageCache | None, *rows: Row) -> list[Any]:
        await outbox.put(*rows)
        outbox_worker = OutboxWorker(
            outbox.store,
            outbox.run,
            client,
            clock=lambda: datetime.now(UTC),
            poll=0.05,
            backoff=0.01,
            image_cache=image_cache,
        )
        await outbox_worker.drain()
        return sandbox.world.channels[direct_message_id(ERIKA)].messages

    return put_and_drain


@pytest.fixture
def step(row: Callable[..., Row]) -> Callable[..., Row]:
    def make_step(key: str, reference: ImageReference = TOKEN, **more: Any) -> Row:
        picture = {**block(reference, "What is to be seen"), "title": {"type": "plain_text", "text": "For item 2"}}
        content = {"text": "Bitte", "blocks": [WORDS, picture]}
        usual = {"to": ERIKA, "ordering_key": f"T1:{ERIKA}", "content": content}
        return row(key, **{**usual, **more})

    return make_step


def uploads(sandbox: Sandbox) -> int:
    return sum(call.method == "files.completeUploadExternal" and call.outcome == "ok" for call in sandbox.calls)


def file_ids(message: Any) -> list[str]:
    return [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]


def left_out(logged: list[Any]) -> list[str]:
    return [line["error"] for line in logged if line["event"] == "picture_left_out"]


async def test_an_image_is_uploaded_once_and_shown_by_its_id(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox, fake_drawings: FakeDrawings
) -> None:
    """After two messages and a restart there is one file, with the rendered image, its title and alternative text."""
    await deliver(image_cache(), step("one"), step("two"))
    first, second, third = await deliver(image_cache(), step("three"))
    (file_id,) = file_ids(first)
    assert file_ids(second) == file_ids(third) == [file_id]
    assert uploads(sandbox) == 1
    assert sandbox.workspace.contents[file_id].startswith(b"\x89PNG<svg>")
    assert len(fake_drawings.rendered) == 1
    image = first.blocks[1]
    assert (image["alt_text"], image["title"]["text"]) == ("What is to be seen", "For item 2")
    assert "picture" not in image


async def test_a_changed_image_is_uploaded_again(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox, fake_drawings: FakeDrawings
) -> None:
    """After a restart with a changed drawing the messages show the new one."""
    await deliver(image_cache(), step("one"))
    fake_drawings.style = "bold"
    first, second = await deliver(image_cache(), step("two"))
    assert file_ids(first) != file_ids(second)
    assert b"bold" in sandbox.workspace.contents[file_ids(second)[0]]
    assert uploads(sandbox) == 2


async def test_languages_values_and_workspaces_have_files_of_their_own(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox
) -> None:
    """The same image in another language, with other values or in another workspace is another file."""
    english, filled = ImageReference("token", "en"), ImageReference("token", "de", (("id", "5881"),))
    rows = [
        step("1"),
        step("2", english),
        step("3", filled),
        step("4", destination=Destination("T2", ERIKA)),
        step("5"),
    ]
    messages = await deliver(image_cache(), *rows)
    by_text = {sandbox.workspace.contents[file_id][4:].decode() + file_id for m in messages for file_id in file_ids(m)}
    assert (len(by_text), uploads(sandbox)) == (4, 4)


async def test_many_messages_upload_it_once(image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox) -> None:
    """All of them wait for the same upload."""
    sandbox.misbehave("files.completeUploadExternal", "slow", seconds=0.3)
    rows = [
        step(f"row {user}", to=user, ordering_key=f"T1:{user}") for user in ("U0ERIKA", "U0OLIVER", "U0ANNA", "U0BEN")
    ]
    await deliver(image_cache(), *rows)
    channels = [sandbox.world.channels[direct_message_id(row.destination.to)] for row in rows]
    assert len({file_ids(channel.messages[0])[0] for channel in channels}) == 1
    assert uploads(sandbox) == 1


@pytest.mark.parametrize(
    ("method", "fault", "error"),
    [
        ("files.getUploadURLExternal", {"kind": "error", "code": "missing_scope"}, "missing_scope"),
        ("files.getUploadURLExternal", {"kind": "rate_limited", "retry_after": 60}, "ratelimited"),
        ("files.getUploadURLExternal", {"kind": "error_500"}, "HTTP 500"),
        ("files.completeUploadExternal", {"kind": "broken_json"}, "HTTP 200"),
        ("upload", {"kind": "error_503"}, "ClientResponseError"),
        ("upload", {"kind": "timeout_before"}, "slow"),
        ("files.completeUploadExternal", {"kind": "timeout_after"}, "slow"),
        ("upload", {"kind": "unprocessed"}, "refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
async def test_a_failing_upload_does_not_stop_a_message(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox, logged: list[Any], method: str, fault: Any, error: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Three messages are delivered in order without the image; the error is logged once."""
    monkeypatch.setattr(hosting, "_UPLOAD_SECONDS", LONG)
    sandbox.misbehave(method, times=50, **fault)
    messages = await deliver(image_cache(patience=SHORT.get(error, LIMIT)), step("one"), step("two"), step("three"))
    assert [(message.text, file_ids(message)) for message in messages] == [("Bitte", [])] * 3
    assert all(message.blocks for message in messages)
    assert left_out(logged) == [error]


@pytest.mark.parametrize("broken", ["draw", "render"])
async def test_a_broken_image_is_logged_once_and_left_out(
    image_cache: Any, deliver: Any, step: Any, fake_drawings: FakeDrawings, logged: list[Any], broken: str
) -> None:
    """The message is sent whatever drawing or rendering raises; other images are not affected."""
    fake_drawings.broken = broken
    cache = image_cache()
    first, second = await deliver(cache, step("one"), step("two"))
    fake_drawings.broken = ""
    third = (await deliver(cache, step("three", SAVE)))[-1]
    assert (file_ids(first), file_ids(second), len(file_ids(third))) == ([], [], 1)
    assert len(left_out(logged)) == 1


async def test_a_file_that_slack_still_processes_is_waited_for(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is posted at once without it; it is added when Slack has processed it. Nothing is posted twice."""
    monkeypatch.setattr(hosting, "PROCESSING_SECONDS", 0.2)
    sandbox.workspace.processing = 0.5
    (message,) = await deliver(image_cache(), step("one"))
    assert len(file_ids(message)) == 1
    outcomes = [(call.method, call.outcome) for call in sandbox.calls if call.method.startswith("chat.")]
    assert outcomes[0] == ("chat.postMessage", "ok")
    assert outcomes[-1] == ("chat.update", "ok")
    assert set(outcomes[1:-1]) == {("chat.update", "invalid_blocks")}


async def test_a_file_that_somebody_deleted_is_uploaded_again(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is sent without it; the next one, some time later, shows a new file."""
    (first,) = await deliver(image_cache(), step("one"))
    del sandbox.workspace.files[file_ids(first)[0]]
    monkeypatch.setattr("bot.images.cache._BACKOFF_SECONDS", 0.0)
    _, second, third = await deliver(image_cache(), step("two"), step("three"))
    assert file_ids(second) == []
    assert file_ids(third) not in ([], file_ids(first))


async def test_invalid_blocks_are_not_blamed_on_the_image(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox
) -> None:
    """The row comes without its blocks, and the next one still shows the image."""
    cache = image_cache(patience=SHORT["refused"])
    wrong = {"text": "a", "blocks": [{"type": "nothing"}, block(TOKEN, "a")]}
    await deliver(cache, step("wrong", content=wrong))
    shortened, message = await deliver(cache, step("right"))
    assert (shortened.text, shortened.blocks) == ("a", [])
    assert len(file_ids(message)) == 1
    assert uploads(sandbox) == 1


async def test_a_failing_store_does_not_stop_a_message(
    image_cache: Any, deliver: Any, step: Any, outbox: Any, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is sent without its image."""

    def locked(*_: str) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(outbox.store, "picture", locked)
    (message,) = await deliver(image_cache(), step("one"))
    assert file_ids(message) == []
    assert left_out(logged) == ["StoreError"]


async def test_without_an_image_cache_no_image_is_shown(deliver: Any, step: Any, sandbox: Sandbox) -> None:
    """Images are switched off: the same message without its image, and nothing is uploaded."""
    (message,) = await deliver(None, step("one"))
    assert [block["type"] for block in message.blocks] == ["section"]
    assert uploads(sandbox) == 0


async def test_warming_up_uploads_what_is_missing_and_no_more(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox, fake_drawings: FakeDrawings, logged: list[Any]
) -> None:
    """Afterwards no message waits; a second start uploads and renders nothing."""
    await image_cache().warm_up("T1", [TOKEN, SAVE], pause=0.0)
    assert uploads(sandbox) == 2
    again = image_cache(patience=0.2)
    await again.warm_up("T1", [TOKEN, SAVE], pause=0.0)
    (message,) = await deliver(again, step("one"))
    assert (uploads(sandbox), len(fake_drawings.rendered), len(file_ids(message))) == (2, 2, 1)
    assert [line["uploads"] for line in logged if line["event"] == "pictures_ready"] == [2, 0]


async def test_warming_up_waits_as_long_as_slack_says(image_cache: Any, sandbox: Sandbox) -> None:
    """After a 429 it waits, and uploads every image in the end."""
    sandbox.misbehave("files.getUploadURLExternal", "rate_limited", retry_after=1)
    started = time.monotonic()
    await image_cache().warm_up("T1", [TOKEN, SAVE], pause=0.0)
    assert time.monotonic() - started >= 1
    assert uploads(sandbox) == 2


async def test_an_update_shows_the_image_of_its_message(
    image_cache: Any, deliver: Any, step: Any, sandbox: Sandbox
) -> None:
    """chat.update shows the same file."""
    longer = step("x").content | {"text": "Bitte hier"}
    cache = image_cache()
    await deliver(cache, step("one"))
    (message,) = await deliver(cache, step("two", method="update", target="one", content=longer))
    assert (message.text, len(file_ids(message)), uploads(sandbox)) == ("Bitte hier", 1, 1)


async def test_closing_cancels_uploads(image_cache: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow upload does not delay the end of the process."""
    sandbox.misbehave("upload", "timeout_before")
    cache = image_cache()
    monkeypatch.setattr(hosting, "_UPLOAD_SECONDS", LONG)
    task = asyncio.create_task(cache.warm_up("T1", [TOKEN], pause=0.0))
    await until(lambda: not sandbox.misbehaviour.orders, "the upload to be under way")
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    async with asyncio.timeout(LIMIT):
        await cache.close()


def test_rows_are_made_of_plain_json(step: Any) -> None:
    """The reference to an image in a row can be stored."""
    assert replace(step("one")).content["blocks"][1]["picture"] == {"name": "token", "language": "de", "values": []}
