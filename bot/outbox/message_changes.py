"""Changes that the sender makes on its own account: a picture that comes later, a reply that went astray."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.fit import shortened
from bot.blocks.kit import Blocks
from bot.slack_api.errors import REQUEST_ERRORS, SendResult, classify
from bot.store.models import Row
from bot.store.outbox_protocol import Outbox
from bot.store.protocol import Run

_log = structlog.get_logger("bot.outbox")


class MessageChanges:
    """Calls Slack for the sender of the outbox `store`."""

    def __init__(self, client: AsyncWebClient, store: Outbox, run: Run) -> None:
        self._client = client
        self._store = store
        self._run = run
        self._changing: dict[str, tuple[asyncio.Lock, int]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    def alone(self, update: Callable[[Row], Awaitable[SendResult]]) -> Callable[[Row], Awaitable[SendResult]]:
        """`update`, while nothing else changes the same message."""

        async def updated(row: Row) -> SendResult:
            async with self._one_at_a_time(row.target or ""):
                return await update(row)

        return updated

    def amend(self, row: Row, text: str) -> Callable[[Any, Blocks], Awaitable[bool]]:
        """Changes the blocks of the message that `row` has just sent or changed. False when a later row changes it."""
        message = (row.target if row.method == "update" else None) or row.key

        async def amended(answer: Any, blocks: Blocks) -> bool:
            async with self._one_at_a_time(message):
                if await self._run(self._store.changed_after, message, row.id):
                    return False
                await self._client.chat_update(
                    channel=str(answer["channel"]), ts=str(answer["ts"]), text=shortened(text), blocks=blocks
                )
                return True

        return amended

    def start(self, change: Coroutine[Any, Any, None]) -> None:
        """Carry out `change` while further rows are sent: nothing that a person waits for waits for a picture."""
        task = asyncio.create_task(change)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("picture_not_added", error=type(error).__name__)

    async def finish(self, seconds: float) -> None:
        """Wait so long for the changes under way, and cancel those that take longer."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def withdrawn_astray(self, answer: Any) -> bool:
        """Whether Slack has posted a reply at top level, since its thread is gone; it is deleted then."""
        message = answer.get("message") or {}
        if not message or message.get("thread_ts"):
            return False
        try:
            await self._client.chat_delete(channel=str(answer["channel"]), ts=str(answer["ts"]))
        except REQUEST_ERRORS as error:
            _log.warning("reply_astray", error=classify(error).error)
        return True

    async def keep_permalink(self, row: Row, answer: Any) -> None:
        """Store Slack's link to the message that `row` has posted, if Slack gives one."""
        try:
            found = await self._client.chat_getPermalink(channel=str(answer["channel"]), message_ts=str(answer["ts"]))
        except REQUEST_ERRORS as error:
            _log.warning("no_permalink", error=classify(error).error)
            return
        if found.get("permalink"):
            await self._run(self._store.keep_permalink, row.key, str(found["permalink"]))

    @asynccontextmanager
    async def _one_at_a_time(self, key: str) -> AsyncIterator[None]:
        lock, users = self._changing.get(key, (asyncio.Lock(), 0))
        self._changing[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._changing.pop(key)
            if users > 1:
                self._changing[key] = (lock, users - 1)
