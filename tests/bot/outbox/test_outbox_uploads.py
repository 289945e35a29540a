"""Uploads: three requests, and a search before a file is shared a second time."""

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
from bot.slack_api.files import upload
from bot.slack_api.find_message import find_file
from bot.store.models import Row
from tests.one_transaction import OneTransaction
from tests.waiting import QUICK, until

ERIKA = "U0ERIKA"
CONTENT = {"text": "Your data: data-1.json", "data": '{"name": "Müller"}', "filename": "data-1.json", "title": "Data"}
SCRIPT = Path(__file__).with_name("worker_to_kill.py")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(**QUICK) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def outbox_worker(outbox: Any, client: AsyncWebClient) -> OutboxWorker:
    return make_worker(outbox, client)


def make_worker(outbox: Any, client: AsyncWebClient) -> OutboxWorker:
    return OutboxWorker(
        outbox.store, outbox.run, client, clock=lambda: datetime.now(UTC), send_limit=1.2, poll=0.05, backoff=0.01
    )


@pytest.fixture
def file_row(row: Callable[..., Row]) -> Row:
    return row("file", method="upload", to=ERIKA, ordering_key=f"T1:{ERIKA}", content=CONTENT)


def shares(sandbox: Sandbox) -> list[Any]:
    return [message for message in sandbox.world.channels[direct_message_id(ERIKA)].messages if message.files]


async def test_a_file_is_shared_with_its_comment(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row
) -> None:
    """One message with comment and file in the direct message; the row has the file's ID."""
    await outbox.put(file_row)
    await outbox_worker.drain()
    (message,) = shares(sandbox)
    (file,) = message.files
    assert (message.text, file["name"], file["title"]) == (CONTENT["text"], "data-1.json", "Data")
    assert sandbox.workspace.contents[file["id"]].decode() == CONTENT["data"]
    assert await outbox.run(outbox.store.address, "file") == (direct_message_id(ERIKA), file["id"])


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "rate_limited", "error_503", "broken_json"])
async def test_a_file_is_shared_once(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row, method: str, kind: Any
) -> None:
    """After a failed attempt the file is searched for by its name before the next one."""
    sandbox.misbehave(method, kind, **({"retry_after": 1} if kind == "rate_limited" else {}))
    await outbox.put(file_row)
    await outbox_worker.drain()
    assert len(shares(sandbox)) == 1
    assert await outbox.state("file") == "delivered"


async def test_bytes_that_are_refused_are_sent_again(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row
) -> None:
    """After an upload URL that fails, the next attempt shares the file."""
    true_url, sandbox.workspace.base_url = sandbox.workspace.base_url, f"{sandbox.workspace.base_url}/nowhere"
    await outbox.put(file_row)
    draining = asyncio.create_task(outbox_worker.drain())
    await until(lambda: any(call.method == "files.getUploadURLExternal" for call in sandbox.calls), "an attempt")
    sandbox.workspace.base_url = true_url
    await draining
    assert len(shares(sandbox)) == 1


@pytest.mark.parametrize("point", ["before_send", "after_send", "before_record", "after_record"])
async def test_a_kill_loses_no_file(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row, tmp_path: Path, point: str
) -> None:
    """The next process shares the file unless it is there already."""
    await outbox.put(file_row)
    arguments = (f"sqlite:///{tmp_path}/bot.db", sandbox.api_url, point, "1", sandbox.token)
    killed = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), *arguments)
    assert await killed.wait() == -signal.SIGKILL
    await outbox.run(outbox.store.recover)
    await outbox_worker.drain()
    assert len(shares(sandbox)) == 1


async def test_a_file_is_sent_again_where_the_history_cannot_be_read(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row
) -> None:
    """In a person's own direct message twice is better than never."""
    sandbox.misbehave("files.completeUploadExternal", "error_503")
    sandbox.misbehave("conversations.history", "error", code="missing_scope")
    await outbox.put(file_row)
    await outbox_worker.drain()
    assert len(shares(sandbox)) == 1


async def test_a_file_is_deleted_by_its_row(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, file_row: Row, row: Callable[..., Row]
) -> None:
    """It is deleted from Slack; a file that is gone already is a success too."""
    deletions = [
        row(key, method="unshare", to=ERIKA, ordering_key=file_row.ordering_key, target="file")
        for key in ("one", "two")
    ]
    await outbox.put(file_row, *deletions)
    await outbox_worker.drain()
    assert shares(sandbox) == []
    assert sandbox.workspace.contents == {}
    assert {await outbox.state(deletion.key) for deletion in deletions} == {"delivered"}


@pytest.mark.parametrize("arrived", [True, False])
async def test_the_file_of_an_erased_person(
    outbox: Any, sandbox: Sandbox, client: AsyncWebClient, file_row: Row, row: Callable[..., Row], arrived: Any
) -> None:
    """If it may have got through it is searched for and deleted; otherwise it is not sent any more."""
    sandbox.misbehave("files.completeUploadExternal", "timeout_after" if arrived else "error_503")
    await outbox.put(file_row)
    stop = asyncio.Event()
    task = asyncio.create_task(make_worker(outbox, client).run_forever(stop))
    await until(lambda: any("completeUpload" in call.method for call in sandbox.calls), "an attempt")
    stop.set()
    await task
    erased = await outbox.run(OneTransaction(outbox.store).erase_person, "T1", ERIKA)
    (file,) = erased.files
    await outbox.put(
        row("gone", method="unshare", to=file.channel or file.to, ordering_key=file_row.ordering_key, target=file.key)
    )
    await make_worker(outbox, client).drain()
    assert shares(sandbox) == []
    assert {await outbox.state(key) for key in ("file", "gone")} == {"delivered"}
    rows = await outbox.run(lambda: list(outbox.store.db.query("SELECT recipient, ordering_key, content FROM outbox")))
    assert [row["content"] for row in rows] == ["{}", "{}"]


async def test_a_file_can_be_uploaded_without_sharing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Without a channel it can be used by its ID, and no message shows it."""
    async with aiohttp.ClientSession() as http:
        file_id = await upload(client, http, b"\x89PNG", "step.png", "Step 1")
    assert sandbox.workspace.file_known(file_id)
    assert shares(sandbox) == []


async def test_without_files_read_a_file_is_found_by_its_comment(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Slack shows files only to apps with files:read; the comment contains the file's name."""
    channel = sandbox.world.channels[direct_message_id(ERIKA)]
    channel.members.update({"U0BOT", ERIKA})
    sandbox.world.post(channel, "U0BOT", CONTENT["text"])
    since = datetime.now(UTC)
    assert await find_file(client, "data-1.json", channel.id, since=since, thread_ts=None) == ""
    assert await find_file(client, "data-2.json", channel.id, since=since, thread_ts=None) is None


CHART = {
    "title": "Figures", "subtitle": "3 begun", "funnel_title": "How far",
    "funnel": [{"label": "Begun", "share": 1.0, "shown": "3 · 100%"}], "trouble_title": "Where", "kinds": [*"abcde"],
    "trouble": [{"label": "The token", "parts": [1, 0, 2, 0, 1]}],
}  # fmt: skip
DRAWN = {"text": "3 begun: figures-1.png", "chart": CHART, "filename": "figures-1.png", "title": "Figures", "alt": "3"}


RESULTS = {"results_title": "What came of it", "results": [{"label": "With orders", "shown": "2 of 3"}]}


@pytest.mark.parametrize("results", [RESULTS, {}], ids=["as made now", "of the version before"])
async def test_a_chart_is_drawn_when_it_is_sent(
    outbox: Any, sandbox: Sandbox, client: AsyncWebClient, row: Callable[..., Row], results: dict[str, Any]
) -> None:
    """A PNG with its comment and a text to be read aloud. One that has waited since before an update is drawn too."""
    content = {**DRAWN, "chart": {**CHART, **results}}
    outbox_worker = OutboxWorker(
        outbox.store, outbox.run, client, clock=lambda: datetime.now(UTC), send_limit=60, poll=0.05, backoff=0.01
    )
    await outbox.put(row("chart", method="upload", to=ERIKA, ordering_key=f"T1:{ERIKA}", content=content))
    await outbox_worker.drain()
    (message,) = shares(sandbox)
    (file,) = message.files
    assert (message.text, file["alt_txt"]) == (DRAWN["text"], "3")
    assert sandbox.workspace.contents[file["id"]].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "error", [RenderingFailed("no fonts"), OSError("no memory"), ValueError("a surrogate"), KeyError("newer")]
)
async def test_a_chart_that_cannot_be_drawn_is_replaced_by_its_text(
    outbox: Any, sandbox: Sandbox, client: AsyncWebClient, row: Callable[..., Row], error: Exception
) -> None:
    """Without fonts, without memory, or with a text that cannot be drawn, the comment is sent alone."""

    async def fails(_svg: str) -> bytes:
        raise error

    outbox_worker = OutboxWorker(
        outbox.store, outbox.run, client, clock=lambda: datetime.now(UTC), poll=0.05, render=fails
    )
    await outbox.put(row("chart", method="upload", to=ERIKA, ordering_key=f"T1:{ERIKA}", content=DRAWN))
    await outbox_worker.drain()
    texts = [message.text for message in sandbox.world.channels[direct_message_id(ERIKA)].messages]
    assert texts == [DRAWN["text"]]
    assert shares(sandbox) == []
    assert await outbox.state("chart") == "delivered"
