"""Pictures of steps on their way to Slack: each file once, and never in the way of a message."""

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
from tests.waiting import LIMIT, until

ERIKA = "U0ERIKA"
LONG = 3600
TOKEN, SAVE = ImageReference("token", "de"), ImageReference("save", "de")
WORDS = {"type": "section", "text": {"type": "mrkdwn", "text": "Bitte"}}
SHORT = {"slow": 0.2, "refused": 2.0}
"""Seconds that a message waits for a picture that does not come, by what is told of it."""


class Studio:
    """Draws what it is told to; counts what it renders."""

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
def studio() -> Studio:
    return Studio()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def image_cache(
    post: Any, sandbox: Sandbox, studio: Studio, logged: list[Any]
) -> AsyncIterator[Callable[..., ImageCache]]:
    """New albums on the same shelf, as after a restart."""
    assert logged == []
    albums: list[ImageCache] = []

    def made(**more: Any) -> ImageCache:
        client = AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=LONG)
        drawings = Drawings(studio.draw, studio.render, b"key")
        files = SlackFiles(post.store, post.run, drawings, client, clock=lambda: datetime.now(UTC))
        albums.append(ImageCache(files, **{"patience": LIMIT, **more}))
        return albums[-1]

    yield made
    for one in albums:
        await one.close()


@pytest.fixture
def carry(post: Any, sandbox: Sandbox) -> Callable[..., Any]:
    """Brings rows to Slack; what stands in Erika's direct message afterwards."""
    client = AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=LONG)

    async def carried(image_cache: ImageCache | None, *rows: Row) -> list[Any]:
        await post.put(*rows)
        outbox_worker = OutboxWorker(
            post.store,
            post.run,
            client,
            clock=lambda: datetime.now(UTC),
            poll=0.05,
            backoff=0.01,
            image_cache=image_cache,
        )
        await outbox_worker.drain()
        return sandbox.world.channels[direct_message_id(ERIKA)].messages

    return carried


@pytest.fixture
def step(row: Callable[..., Row]) -> Callable[..., Row]:
    def made(key: str, reference: ImageReference = TOKEN, **more: Any) -> Row:
        content = {"text": "Bitte", "blocks": [WORDS, block(reference, "What is to be seen")]}
        usual = {"to": ERIKA, "ordering_key": f"T1:{ERIKA}", "content": content}
        return row(key, **{**usual, **more})

    return made


def uploads(sandbox: Sandbox) -> int:
    return sum(call.method == "files.completeUploadExternal" and call.outcome == "ok" for call in sandbox.calls)


def file_ids(message: Any) -> list[str]:
    return [one["slack_file"]["id"] for one in message.blocks if one["type"] == "image"]


def left_out(logged: list[Any]) -> list[str]:
    return [line["error"] for line in logged if line["event"] == "picture_left_out"]


async def test_a_picture_is_uploaded_once_and_shown_by_its_id(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox, studio: Studio
) -> None:
    """Two messages and a restart later there is one file; it is what was rendered and says what is to be seen."""
    await carry(image_cache(), step("one"), step("two"))
    first, second, third = await carry(image_cache(), step("three"))
    (file_id,) = file_ids(first)
    assert file_ids(second) == file_ids(third) == [file_id]
    assert uploads(sandbox) == 1
    assert sandbox.workspace.contents[file_id].startswith(b"\x89PNG<svg>")
    assert len(studio.rendered) == 1
    image = first.blocks[1]
    assert (image["alt_text"], "picture" in image) == ("What is to be seen", False)


async def test_a_changed_picture_is_uploaded_anew(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox, studio: Studio
) -> None:
    """A changed label or line changes the drawing, and after a restart the messages show the new one."""
    await carry(image_cache(), step("one"))
    studio.style = "bold"
    first, second = await carry(image_cache(), step("two"))
    assert file_ids(first) != file_ids(second)
    assert b"bold" in sandbox.workspace.contents[file_ids(second)[0]]
    assert uploads(sandbox) == 2


async def test_languages_values_and_workspaces_have_files_of_their_own(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox
) -> None:
    """The same name in another language, with other values or in another workspace is another file."""
    english, filled = ImageReference("token", "en"), ImageReference("token", "de", (("id", "5881"),))
    rows = [
        step("1"),
        step("2", english),
        step("3", filled),
        step("4", destination=Destination("T2", ERIKA)),
        step("5"),
    ]
    messages = await carry(image_cache(), *rows)
    by_text = {sandbox.workspace.contents[one][4:].decode() + one for m in messages for one in file_ids(m)}
    assert (len(by_text), uploads(sandbox)) == (4, 4)


async def test_many_messages_at_once_upload_it_once(image_cache: Any, carry: Any, step: Any, sandbox: Sandbox) -> None:
    """Every lane waits for the same upload."""
    sandbox.misbehave("files.completeUploadExternal", "slow", seconds=0.3)
    people = [
        step(f"row {one}", to=one, ordering_key=f"T1:{one}") for one in ("U0ERIKA", "U0OLIVER", "U0ANNA", "U0BEN")
    ]
    await carry(image_cache(), *people)
    channels = [sandbox.world.channels[direct_message_id(one.destination.to)] for one in people]
    assert len({file_ids(channel.messages[0])[0] for channel in channels}) == 1
    assert uploads(sandbox) == 1


@pytest.mark.parametrize(
    ("method", "fault", "told"),
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
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox, logged: list[Any], method: str, fault: Any, told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Three messages arrive whole and in order but for the picture, however long it hangs; it is logged once."""
    monkeypatch.setattr(hosting, "_UPLOAD_SECONDS", LONG)
    sandbox.misbehave(method, times=50, **fault)
    messages = await carry(image_cache(patience=SHORT.get(told, LIMIT)), step("one"), step("two"), step("three"))
    assert [(message.text, file_ids(message)) for message in messages] == [("Bitte", [])] * 3
    assert all(message.blocks for message in messages)
    assert left_out(logged) == [told]


@pytest.mark.parametrize("broken", ["draw", "render"])
async def test_a_broken_picture_is_told_once_and_left_out(
    image_cache: Any, carry: Any, step: Any, studio: Studio, logged: list[Any], broken: str
) -> None:
    """Whatever drawing or rendering raises, the message goes out; another picture is not concerned."""
    studio.broken = broken
    one = image_cache()
    first, second = await carry(one, step("one"), step("two"))
    studio.broken = ""
    third = (await carry(one, step("three", SAVE)))[-1]
    assert (file_ids(first), file_ids(second), len(file_ids(third))) == ([], [], 1)
    assert len(left_out(logged)) == 1


async def test_a_file_that_slack_still_looks_at_is_waited_for(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox
) -> None:
    """Refused at first, shown when Slack has looked at it; nothing is posted twice."""
    sandbox.workspace.processing = 0.5
    (message,) = await carry(image_cache(), step("one"))
    assert len(file_ids(message)) == 1
    outcomes = [call.outcome for call in sandbox.calls if call.method == "chat.postMessage"]
    assert outcomes[-1] == "ok"
    assert set(outcomes[:-1]) == {"invalid_blocks"}


async def test_a_file_that_somebody_deleted_is_uploaded_again(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message goes out without it; the next one, a while later, shows a new file."""
    (first,) = await carry(image_cache(), step("one"))
    del sandbox.workspace.files[file_ids(first)[0]]
    monkeypatch.setattr("bot.images.cache._BACKOFF_SECONDS", 0.0)
    _, second, third = await carry(image_cache(), step("two"), step("three"))
    assert file_ids(second) == []
    assert file_ids(third) not in ([], file_ids(first))


async def test_blocks_that_are_wrong_in_themselves_are_not_blamed_on_the_picture(
    image_cache: Any, carry: Any, step: Any, post: Any, sandbox: Sandbox
) -> None:
    """The row dies of Slack's word, and the picture is still shown by the next one."""
    one = image_cache(patience=SHORT["refused"])
    wrong = {"text": "a", "blocks": [{"type": "nothing"}, block(TOKEN, "a")]}
    await carry(one, step("wrong", content=wrong))
    assert await post.error() == "invalid_blocks"
    (message,) = await carry(one, step("right"))
    assert len(file_ids(message)) == 1
    assert uploads(sandbox) == 1


async def test_a_shelf_that_fails_does_not_stop_a_message(
    image_cache: Any, carry: Any, step: Any, post: Any, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the picture is cannot be read; the message does not need to know."""

    def locked(*_: str) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(post.store, "picture", locked)
    (message,) = await carry(image_cache(), step("one"))
    assert file_ids(message) == []
    assert left_out(logged) == ["StoreError"]


async def test_without_an_album_no_picture_is_shown(carry: Any, step: Any, sandbox: Sandbox) -> None:
    """Pictures are off: the same message without the image, and nothing is uploaded."""
    (message,) = await carry(None, step("one"))
    assert [one["type"] for one in message.blocks] == ["section"]
    assert uploads(sandbox) == 0


async def test_warming_up_uploads_what_is_missing_and_no_more(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox, studio: Studio, logged: list[Any]
) -> None:
    """After it a message waits for nothing; a second start uploads and renders nothing."""
    await image_cache().warm_up("T1", [TOKEN, SAVE], pause=0.0)
    assert uploads(sandbox) == 2
    again = image_cache(patience=0.2)
    await again.warm_up("T1", [TOKEN, SAVE], pause=0.0)
    (message,) = await carry(again, step("one"))
    assert (uploads(sandbox), len(studio.rendered), len(file_ids(message))) == (2, 2, 1)
    assert [line["uploads"] for line in logged if line["event"] == "pictures_ready"] == [2, 0]


async def test_warming_up_waits_as_long_as_slack_says(image_cache: Any, sandbox: Sandbox) -> None:
    """A 429 is waited out, and every picture is there in the end."""
    sandbox.misbehave("files.getUploadURLExternal", "rate_limited", retry_after=1)
    began = time.monotonic()
    await image_cache().warm_up("T1", [TOKEN, SAVE], pause=0.0)
    assert time.monotonic() - began >= 1
    assert uploads(sandbox) == 2


async def test_an_update_shows_the_picture_of_its_message(
    image_cache: Any, carry: Any, step: Any, sandbox: Sandbox
) -> None:
    """Over chat.update the message is shown with the same file."""
    longer = step("x").content | {"text": "Bitte hier"}
    one = image_cache()
    await carry(one, step("one"))
    (message,) = await carry(one, step("two", method="update", target="one", content=longer))
    assert (message.text, len(file_ids(message)), uploads(sandbox)) == ("Bitte hier", 1, 1)


async def test_closing_breaks_off_what_is_under_way(
    image_cache: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow upload does not hold up the end of the process."""
    sandbox.misbehave("upload", "timeout_before")
    one = image_cache()
    monkeypatch.setattr(hosting, "_UPLOAD_SECONDS", LONG)
    task = asyncio.create_task(one.warm_up("T1", [TOKEN], pause=0.0))
    await until(lambda: not sandbox.misbehaviour.orders, "the upload to be under way")
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    async with asyncio.timeout(LIMIT):
        await one.close()


def test_rows_are_made_of_plain_json(step: Any) -> None:
    """What a row holds of a picture survives being stored."""
    assert replace(step("one")).content["blocks"][1]["picture"] == {"name": "token", "language": "de", "values": []}
