"""An image from one conversation is shared in another: downloaded with the token, within limits, once."""

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

from bot.outbox.worker import OutboxWorker
from bot.sandbox.files_methods import received
from bot.sandbox.server import Sandbox
from bot.slack_api.files import MOST_BYTES
from bot.store.models import Row
from tests.waiting import QUICK

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CHANNEL = "C0SUPPORT"
SCRIPT = Path(__file__).with_name("worker_to_kill.py")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(**QUICK) as running:
        yield running


@pytest.fixture
def outbox_worker(outbox: Any, sandbox: Sandbox) -> OutboxWorker:
    return make_worker(outbox, sandbox, send_limit=2)


def make_worker(outbox: Any, sandbox: Sandbox, send_limit: float) -> OutboxWorker:
    client = AsyncWebClient(sandbox.token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)
    return OutboxWorker(
        outbox.store,
        outbox.run,
        client,
        clock=lambda: datetime.now(UTC),
        send_limit=send_limit,
        poll=0.05,
        backoff=0.01,
    )


@pytest.fixture
def rows(row: Callable[..., Row]) -> Callable[[str], tuple[Row, Row]]:
    """Makes the rows of a card and of an image for its thread."""

    def make_rows(file_id: str) -> tuple[Row, Row]:
        content = {"file": file_id, "filename": "shot-1.png", "title": "Picture", "text": "A picture: shot-1.png",
                   "instead": "It could not be fetched."}  # fmt: skip
        card = row("card", to=CHANNEL, ordering_key=f"T1:{CHANNEL}")
        return card, row(
            "shot", method="upload", to=CHANNEL, ordering_key=f"T1:{CHANNEL}:pictures", thread="card", content=content
        )

    return make_rows


def sent(sandbox: Sandbox, content: bytes = PNG, name: str = "a.png") -> str:
    """Let Erika send a file; its ID."""
    return str(received(sandbox.workspace, "U0ERIKA", name, "image/png", content)["id"])


def thread(sandbox: Sandbox) -> list[Any]:
    return [message for message in sandbox.world.channels[CHANNEL].messages if message.is_reply]


@pytest.mark.parametrize(
    "beginning", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP"]
)
async def test_an_image_is_shared_in_the_thread(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any, beginning: bytes
) -> None:
    """The same bytes, as a file of the bot's; the row has the new file's ID."""
    content = beginning + bytes(100)
    await outbox.put(*rows(sent(sandbox, content)))
    await outbox_worker.drain()
    (message,) = thread(sandbox)
    (file,) = message.files
    assert sandbox.workspace.contents[file["id"]] == content
    assert message.text == "A picture: shot-1.png"
    assert await outbox.run(outbox.store.address, "shot") == (CHANNEL, file["id"])


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"MZ", b"", b"RIFF\x00\x00\x00\x00WAVE", PNG + bytes(MOST_BYTES)]
)
async def test_what_is_not_an_image_is_not_shared(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any, content: bytes
) -> None:
    """Its bytes decide, not its name or type. Support reads that there was a file."""
    await outbox.put(*rows(sent(sandbox, content)))
    await outbox_worker.drain()
    (message,) = thread(sandbox)
    assert (message.text, message.files) == ("It could not be fetched.", [])
    assert await outbox.state("shot") == "delivered"


async def test_the_size_limit_holds_for_the_bytes(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any
) -> None:
    """Even when Slack gives a smaller size."""
    file_id = sent(sandbox, PNG + bytes(MOST_BYTES))
    sandbox.workspace.files[file_id]["size"] = 10
    await outbox.put(*rows(file_id))
    await outbox_worker.drain()
    assert thread(sandbox)[0].text == "It could not be fetched."


@pytest.mark.parametrize("file_id", ["F0GONE", "elsewhere"])
async def test_an_image_that_is_deleted_or_not_at_slack(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any, file_id: str
) -> None:
    """The token is not sent to a URL that is not Slack's."""
    if file_id == "elsewhere":
        file_id = sent(sandbox)
        sandbox.workspace.files[file_id] |= {
            name: f"http://localhost:{sandbox.url.rpartition(':')[2]}/files/{file_id}"
            for name in ("url_private", "url_private_download")
        }
    await outbox.put(*rows(file_id))
    await outbox_worker.drain()
    assert thread(sandbox)[0].text == "It could not be fetched."


@pytest.mark.parametrize("method", ["files.info", "files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "error_503"])
async def test_an_image_is_shared_once(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any, method: str, kind: Any
) -> None:
    """After a failed attempt it is searched for in the thread before the next one."""
    sandbox.misbehave(method, kind)
    await outbox.put(*rows(sent(sandbox)))
    await outbox_worker.drain()
    assert len(thread(sandbox)) == 1
    assert len(thread(sandbox)[0].files) == 1


@pytest.mark.parametrize("point", ["before_send", "after_send", "before_record", "after_record"])
async def test_a_kill_loses_no_image(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any, tmp_path: Path, point: str
) -> None:
    """The next process shares the image unless it is in the thread already."""
    card, picture = rows(sent(sandbox))
    await outbox.put(card)
    await outbox_worker.drain()
    await outbox.put(picture)
    arguments = (f"sqlite:///{tmp_path}/bot.db", sandbox.api_url, point, "1", sandbox.token)
    killed = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), *arguments)
    assert await killed.wait() == -signal.SIGKILL
    await outbox.run(outbox.store.recover)
    await outbox_worker.drain()
    assert len(thread(sandbox)) == 1


async def test_a_reply_is_broadcast_to_the_channel(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, row: Callable[..., Row]
) -> None:
    """Only if its row says so, and only a reply."""
    said = {"text": "reply", "reply_broadcast": True}
    await outbox.put(
        row("root", to=CHANNEL, content={"text": "root", "reply_broadcast": True}),
        row("loud", to=CHANNEL, thread="root", content=said),
        row("quiet", to=CHANNEL, thread="root"),
    )
    await outbox_worker.drain()
    assert [message.broadcast for message in sandbox.world.channels[CHANNEL].messages] == [False, True, False]


async def test_a_missing_scope_makes_a_dead_row(
    outbox: Any, sandbox: Sandbox, outbox_worker: OutboxWorker, rows: Any
) -> None:
    """The operator can retry it once the app is installed again."""
    sandbox.misbehave("files.info", "error", code="missing_scope")
    await outbox.put(*rows(sent(sandbox)))
    await outbox_worker.drain()
    assert await outbox.error() == "missing_scope"
    assert thread(sandbox) == []


async def test_the_sandbox_serves_files_as_slack_does(sandbox: Sandbox) -> None:
    """The app needs its token; without it there is a sign-in page. People see files that are shared with them."""
    file_id = sent(sandbox)
    async with aiohttp.ClientSession(sandbox.url) as http:
        async with http.get(f"/files/{file_id}") as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
        async with http.get(f"/files/{file_id}", headers={"Authorization": f"Bearer {sandbox.token}"}) as answer:
            assert await answer.read() == PNG
        async with http.get(f"/page/files/{file_id}", params={"as": "U0ERIKA"}) as answer:
            assert (await answer.read(), answer.content_type) == (PNG, "image/png")
        async with http.get("/page/files/F9", params={"as": "U0ERIKA"}) as answer:
            assert answer.status == 404
