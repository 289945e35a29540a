"""Files on their way to Slack: three steps, and a look before a file is shared a second time."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.images.render_process import RenderingFailed
from bot.outbox.worker import OutboxWorker
from bot.sandbox.server import Sandbox
from bot.sandbox.world import direct_message_id
from bot.slack_api.files import find_shared, upload
from bot.store.models import Row
from tests.waiting import until

ERIKA = "U0ERIKA"
CONTENT = {"text": "Your data: data-1.json", "data": '{"name": "Müller"}', "filename": "data-1.json", "title": "Data"}
SCRIPT = Path(__file__).with_name("worker_to_kill.py")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def outbox_worker(post: Any, client: AsyncWebClient) -> OutboxWorker:
    return made(post, client)


def made(post: Any, client: AsyncWebClient) -> OutboxWorker:
    return OutboxWorker(
        post.store, post.run, client, clock=lambda: datetime.now(UTC), send_limit=0.6, poll=0.05, backoff=0.01
    )


@pytest.fixture
def file_row(row: Callable[..., Row]) -> Row:
    return row("file", method="upload", to=ERIKA, ordering_key=f"T1:{ERIKA}", content=CONTENT)


def shares(sandbox: Sandbox) -> list[Any]:
    return [one for one in sandbox.world.channels[direct_message_id(ERIKA)].messages if one.files]


async def test_a_file_stands_in_the_direct_message_with_its_words(
    post: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row
) -> None:
    """One message with the comment and the file's bytes; the row knows the file and has forgotten the bytes."""
    await post.put(file_row)
    await outbox_worker.drain()
    (message,) = shares(sandbox)
    (file,) = message.files
    assert (message.text, file["name"], file["title"]) == (CONTENT["text"], "data-1.json", "Data")
    assert sandbox.workspace.contents[file["id"]].decode() == CONTENT["data"]
    assert await post.run(post.store.address, "file") == (direct_message_id(ERIKA), file["id"])


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "rate_limited", "error_503", "broken_json"])
async def test_a_file_is_shared_once(
    post: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row, method: str, kind: Any
) -> None:
    """Whatever happened to an attempt, whether it got through is seen by the file's own name before the next one."""
    sandbox.misbehave(method, kind, **({"retry_after": 1} if kind == "rate_limited" else {}))
    await post.put(file_row)
    await outbox_worker.drain()
    assert len(shares(sandbox)) == 1
    assert await post.state("file") == "delivered"


async def test_bytes_that_are_refused_are_sent_again(
    post: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row
) -> None:
    """An address that takes no bytes costs an attempt, not the file."""
    true_url, sandbox.workspace.base_url = sandbox.workspace.base_url, f"{sandbox.workspace.base_url}/nowhere"
    await post.put(file_row)
    draining = asyncio.create_task(outbox_worker.drain())
    await until(lambda: any(call.method == "files.getUploadURLExternal" for call in sandbox.calls), "an attempt")
    sandbox.workspace.base_url = true_url
    await draining
    assert len(shares(sandbox)) == 1


@pytest.mark.parametrize("point", ["before_send", "after_send", "before_record", "after_record"])
async def test_a_kill_costs_no_file(
    post: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row, tmp_path: Path, point: str
) -> None:
    """The process dies on the way; the next one shares the file unless it stands there."""
    await post.put(file_row)
    told = (f"sqlite:///{tmp_path}/bot.db", sandbox.api_url, point, "1", sandbox.token)
    killed = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), *told)
    assert await killed.wait() == -signal.SIGKILL
    await post.run(post.store.recover)
    await outbox_worker.drain()
    assert len(shares(sandbox)) == 1


async def test_a_history_that_cannot_be_read_does_not_keep_the_file(
    post: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row
) -> None:
    """It is somebody's own file in their own conversation: rather twice than never."""
    sandbox.misbehave("files.completeUploadExternal", "error_503")
    sandbox.misbehave("conversations.history", "error", code="missing_scope")
    await post.put(file_row)
    await outbox_worker.drain()
    assert len(shares(sandbox)) == 1


async def test_a_file_is_deleted_by_its_row(
    post: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row, row: Callable[..., Row]
) -> None:
    """The bytes leave Slack; that a file is gone already is as good."""
    gone = [
        row(key, method="unshare", to=ERIKA, ordering_key=file_row.ordering_key, target="file")
        for key in ("one", "two")
    ]
    await post.put(file_row, *gone)
    await outbox_worker.drain()
    assert shares(sandbox) == []
    assert sandbox.workspace.contents == {}
    assert {await post.state(one.key) for one in gone} == {"delivered"}


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_file_of_somebody_erased_meanwhile(
    post: Any, sandbox: Sandbox, client: AsyncWebClient, file_row: Row, row: Callable[..., Row], arrived: Any
) -> None:
    """What may have got through is looked for and deleted; what did not is not sent any more."""
    sandbox.misbehave("files.completeUploadExternal", "timeout_after" if arrived else "error_503")
    await post.put(file_row)
    stop = asyncio.Event()
    going = asyncio.create_task(made(post, client).run_forever(stop))
    await until(lambda: any("completeUpload" in call.method for call in sandbox.calls), "an attempt")
    stop.set()
    await going
    erased = await post.run(post.store.erase_person, "T1", ERIKA)
    (file,) = erased.files
    await post.put(
        row("gone", method="unshare", to=file.channel or file.to, ordering_key=file_row.ordering_key, target=file.key)
    )
    await made(post, client).drain()
    assert shares(sandbox) == []
    assert {await post.state(key) for key in ("file", "gone")} == {"delivered"}
    kept = await post.run(lambda: list(post.store.db.query("SELECT recipient, ordering_key, content FROM outbox")))
    assert [one["content"] for one in kept] == ["{}", "{}"]


async def test_a_file_may_be_shared_nowhere(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Uploaded without a channel it can be used by its ID, and no message shows it."""
    async with aiohttp.ClientSession() as http:
        file_id = await upload(client, http, b"\x89PNG", "step.png", "Step 1")
    assert sandbox.workspace.file_known(file_id)
    assert shares(sandbox) == []


async def test_an_app_that_may_not_read_files_knows_them_by_their_comment(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """Slack tells files only to apps with files:read; the comment names the file."""
    channel = sandbox.world.channels[direct_message_id(ERIKA)]
    channel.members.update({"U0BOT", ERIKA})
    sandbox.world.post(channel, "U0BOT", CONTENT["text"])
    assert await find_shared(client, channel.id, "data-1.json", 0) == ""
    assert await find_shared(client, channel.id, "data-2.json", 0) is None


CHART = {
    "title": "Figures", "subtitle": "3 begun", "funnel_title": "How far",
    "funnel": [{"label": "Begun", "share": 1.0, "shown": "3 · 100%"}], "trouble_title": "Where", "kinds": [*"abcde"],
    "trouble": [{"label": "The token", "parts": [1, 0, 2, 0, 1]}],
}  # fmt: skip
DRAWN = {"text": "3 begun: figures-1.png", "chart": CHART, "filename": "figures-1.png", "title": "Figures", "alt": "3"}


async def test_a_chart_is_drawn_when_it_is_sent_and_described_for_those_who_listen(
    post: Any, sandbox: Sandbox, client: AsyncWebClient, row: Callable[..., Row]
) -> None:
    """A PNG with the comment as its words, and Slack is told what to read aloud."""
    outbox_worker = OutboxWorker(
        post.store, post.run, client, clock=lambda: datetime.now(UTC), send_limit=60, poll=0.05, backoff=0.01
    )
    await post.put(row("chart", method="upload", to=ERIKA, ordering_key=f"T1:{ERIKA}", content=DRAWN))
    await outbox_worker.drain()
    (message,) = shares(sandbox)
    (file,) = message.files
    assert (message.text, file["alt_txt"]) == (DRAWN["text"], "3")
    assert sandbox.workspace.contents[file["id"]].startswith(b"\x89PNG")


@pytest.mark.parametrize("error", [RenderingFailed("no fonts"), OSError("no memory"), ValueError("a surrogate")])
async def test_where_nothing_can_be_drawn_the_words_go_alone(
    post: Any, sandbox: Sandbox, client: AsyncWebClient, row: Callable[..., Row], error: Exception
) -> None:
    """A machine without the library, without memory, or a text that cannot be drawn costs the picture only."""

    async def fails(_svg: str) -> bytes:
        raise error

    outbox_worker = OutboxWorker(post.store, post.run, client, clock=lambda: datetime.now(UTC), poll=0.05, render=fails)
    await post.put(row("chart", method="upload", to=ERIKA, ordering_key=f"T1:{ERIKA}", content=DRAWN))
    await outbox_worker.drain()
    texts = [one.text for one in sandbox.world.channels[direct_message_id(ERIKA)].messages]
    assert texts == [DRAWN["text"]]
    assert shares(sandbox) == []
    assert await post.state("chart") == "delivered"
