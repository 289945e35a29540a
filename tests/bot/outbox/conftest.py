"""An outbox worker with a real store on its own thread and a fake Slack that fails on request."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.outbox.rate_limit import RateLimit
from bot.outbox.worker import OutboxWorker
from bot.store.models import Destination, Row
from bot.store.sqlite import SqliteStore, open_store
from tests.waiting import until


class FakeSlack:
    """Keeps messages by channel and calls in order; `next` holds a queue of faults for each method.

    A fault is an error code, a response, "page" (a proxy's), "slow" (the work is done at once and answered too late) or
    "late" (an error is answered at once and the work is done 0.3 s later all the same).
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.next: dict[str, list[str | web.Response]] = {}
        self.always: dict[str, str] = {}
        self.page_size = 100
        self.slow = 5.0
        self.auth_tests_at: list[float] = []
        self.late = 0
        self.answering = 0
        self._ts = itertools.count(1)
        self.posted = asyncio.Event()
        self.server = TestServer(self._app())
        self.url = ""

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/api/{method}", self._api)
        app.router.add_post("/response/{name}", self._api)
        return app

    async def start(self) -> None:
        """Listen; at the same address again, when it was stopped."""
        if self.url:
            self.server = TestServer(self._app(), port=URL(self.url).port)
        await self.server.start_server()
        self.url = str(self.server.make_url("/api/"))

    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.messages.get(channel, [])]

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info.get("method") or "response_url"
        if request.content_type == "application/json":
            body = await request.json()
        else:
            body = dict(request.query) | dict(await request.post())
        self.calls.append((method, body))
        if method == "auth.test":
            self.auth_tests_at.append(time.monotonic())
        fault = self.next[method].pop(0) if self.next.get(method) else self.always.get(method)
        if isinstance(fault, web.Response):
            return fault
        if fault == "page":
            return web.Response(status=200, text="<html>", content_type="text/html")
        if fault == "late":
            self.late += 1
            asyncio.get_running_loop().call_later(0.3, self._do_late, method, body)
            return web.Response(status=502)
        if fault and fault != "slow":
            return web.json_response({"ok": False, "error": fault})
        answer = self._do(method, body)
        if fault:
            self.answering += 1
            try:
                await asyncio.sleep(self.slow)
            finally:
                self.answering -= 1
        return web.json_response(answer)

    def _do_late(self, method: str, body: dict[str, Any]) -> None:
        self._do(method, body)
        self.late -= 1

    def _do(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": "D" + str(body["users"])[1:]}}
        if method == "chat.postMessage":
            return self._post(body)
        if method == "chat.update":
            (message,) = [m for m in self.messages[body["channel"]] if m["ts"] == body["ts"]]
            message.update(text=body["text"], blocks=body.get("blocks"), metadata=body["metadata"])
            return {"ok": True, "channel": body["channel"], "ts": body["ts"]}
        if method in {"conversations.history", "conversations.replies"}:
            return self._history(body, thread=body.get("ts"))
        return {"ok": True}

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        channel, ts = body["channel"], f"{next(self._ts)}.0"
        self.messages.setdefault(channel, []).append(body | {"ts": ts})
        self.posted.set()
        return {"ok": True, "channel": channel, "ts": ts}

    def _history(self, body: dict[str, Any], thread: str | None) -> dict[str, Any]:
        assert body["include_all_metadata"] in {"1", "true", "True", True}
        messages = [
            m
            for m in reversed(self.messages.get(body["channel"], []))
            if m.get("thread_ts") == thread or m["ts"] == thread
        ]
        start = int(body.get("cursor") or 0)
        end = start + self.page_size
        cursor = str(end) if end < len(messages) else ""
        return {"ok": True, "messages": messages[start:end], "response_metadata": {"next_cursor": cursor}}


class OutboxHarness:
    """Makes outbox workers, puts rows into their outbox, and looks at what became of them."""

    def __init__(self, slack: FakeSlack, store: SqliteStore, executor: ThreadPoolExecutor) -> None:
        self.slack = slack
        self.token = "xoxb-test"
        self.store = store
        self._executor = executor

    async def run(self, call: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call, *args)

    def worker(self, *, timeout: int = 10, **settings: Any) -> OutboxWorker:
        client = AsyncWebClient(self.token, base_url=self.slack.url, retry_handlers=[], timeout=timeout)
        usual: dict[str, Any] = {
            "clock": lambda: datetime.now(UTC),
            "send_limit": 1.0,
            "poll": 0.1,
            "backoff": 0.01,
            "rate_limit": RateLimit(50, 50),
        }
        return OutboxWorker(self.store, self.run, client, **usual | settings)

    @asynccontextmanager
    async def running(self, **settings: Any) -> AsyncIterator[OutboxWorker]:
        """A worker that runs until the block ends."""
        stop, outbox_worker = asyncio.Event(), self.worker(**settings)
        task = asyncio.create_task(outbox_worker.run_forever(stop))
        try:
            yield outbox_worker
        finally:
            stop.set()
            await task

    async def put(self, *rows: Row) -> None:
        def enqueue() -> None:
            with self.store.transaction() as tx:
                for row in rows:
                    tx.enqueue(row)

        await self.run(enqueue)

    async def state(self, key: str) -> str | None:
        state: str | None = await self.run(self.store.state, key)
        return state

    async def until_delivered(self, *keys: str) -> None:
        async def delivered() -> bool:
            return {await self.state(key) for key in keys} == {"delivered"}

        await until(delivered, f"{', '.join(keys)} to be delivered")

    async def until_attempted(self, key: str, times: int) -> None:
        """Wait until so many attempts have been made, and the last of them is recorded."""

        async def attempted() -> bool:
            row = await self.run(self.store.row, key)
            return bool(row.attempts >= times and row.state != "running")

        await until(attempted, f"attempt {times} of {key}")

    async def error(self) -> str | None:
        (dead,) = await self.run(self.store.dead)
        error: str | None = dead.error
        return error


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake_slack = FakeSlack()
    await fake_slack.start()
    yield fake_slack
    await fake_slack.server.close()


@pytest.fixture
async def outbox(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[OutboxHarness]:
    executor = ThreadPoolExecutor(max_workers=1)
    store = executor.submit(open_store, f"sqlite:///{tmp_path}/bot.db").result()
    yield OutboxHarness(slack, store, executor)
    executor.submit(store.close).result()
    executor.shutdown()


def make_row(key: str, **changes: Any) -> Row:
    to = changes.pop("to", "U1")
    now = datetime.now(UTC)
    first = Row(
        key=key,
        destination=Destination("T1", to),
        method="post",
        content={"text": f"text of {key}"},
        ordering_key=f"T1:{to}",
        created_at=now,
        due_at=now,
    )
    return replace(first, **changes)


@pytest.fixture
def row() -> Callable[..., Row]:
    return make_row
