"""Sends single rows to Slack. It knows Slack's methods; order, rate limit and backoff are the worker's."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.fit import shortened
from bot.blocks.kit import Blocks, Content
from bot.images.attach import ImageAttacher
from bot.images.cache import ImageCache
from bot.images.render_process import RenderingFailed
from bot.outbox.message_changes import MessageChanges
from bot.outbox.outcomes import NEWER, delivered, is_channel, is_known
from bot.outbox.shorten import send_or_shorten
from bot.slack_api.errors import CLOSED_CODES, Delivered, Fail, Retry, SendResult, classify_answer, code_of
from bot.slack_api.files import NotAnImage, fetch, upload
from bot.slack_api.find_message import UnreadableError, find_file, find_message, metadata_for
from bot.statistics.chart_svg import svg
from bot.store.models import RESPONSE_URL_LIFE, Row
from bot.store.outbox_protocol import NEVER_ARRIVED, Outbox
from bot.store.protocol import CrashPoints, Run

_log = structlog.get_logger("bot.outbox")

_SUCCESS = range(200, 300)
_DELETED_CODES = frozenset({"file_not_found", "file_deleted"})


class SlackSender:
    """Sends rows for the outbox worker, which passes its own arguments on."""

    def __init__(
        self,
        store: Outbox,
        run: Run,
        client: AsyncWebClient,
        *,
        clock: Callable[[], datetime],
        http: Callable[[], aiohttp.ClientSession],
        at: CrashPoints,
        image_cache: ImageCache | None,
        render: Callable[[str], Awaitable[bytes]],
    ) -> None:
        self._store = store
        self._run = run
        self._client = client
        self._clock = clock
        self._http = http
        self._at = at
        self._image_cache = image_cache
        self._render = render
        self._session: aiohttp.ClientSession | None = None
        self._direct_messages: dict[tuple[str, str], str] = {}
        self._changes = MessageChanges(client, store, run)
        self._send_by_method: dict[str, Callable[[Row], Awaitable[SendResult]]] = {
            "post": self._post,
            "update": self._changes.alone(self._update),
            "respond": self._respond,
            "publish": self._publish,
            "upload": self._upload,
            "unshare": self._unshare,
        }

    async def send(self, row: Row) -> SendResult:
        """Try once. Raises what a request can raise (`REQUEST_ERRORS`)."""
        if not is_known(row):
            return Retry(NEWER)
        return await self._send_by_method[row.method](row)

    async def close(self) -> None:
        """Finish what is added to messages later, and close the session for response URLs and files."""
        await self._changes.finish(0.0 if self._image_cache is None else self._image_cache.patience)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, row: Row) -> SendResult:
        address = await self._address(row)
        if address is None:
            return await self._address_missing(row.thread)
        channel, thread_ts = address
        if row.attempts > 1:
            earlier = await self._find_earlier(row, channel, thread_ts)
            if earlier is not None:
                return earlier
        return await self._post_now(row, channel, thread_ts)

    async def _find_earlier(self, row: Row, channel: str, thread_ts: str | None) -> SendResult | None:
        """`Delivered` if an earlier attempt got through, `None` if the message may be sent, else why it must not."""
        try:
            ts = await find_message(self._client, row.key, channel, since=row.created_at, thread_ts=thread_ts)
        except UnreadableError as error:
            # A step in a direct message may come twice; a ticket in the support channel may not.
            if is_channel(row.destination.to) and str(error) != "thread_not_found":
                if str(error) in CLOSED_CODES:
                    return Retry(str(error))
                return Fail(f"parked: it may be in {row.destination.to} already, and nobody can look ({error})")
            return None
        return None if ts is None else Delivered(channel, ts, how="found")

    async def _post_now(self, row: Row, channel: str, thread_ts: str | None) -> SendResult:
        async def post(text: str, blocks: Blocks) -> Any:
            return await self._client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks or None,
                thread_ts=thread_ts,
                reply_broadcast=(thread_ts is not None and bool(row.content.get("reply_broadcast"))) or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata_for(row.key),
            )

        answer, rest = await self._send_content(row, row.content, post)
        if thread_ts is not None and is_channel(row.destination.to) and await self._changes.withdrawn_astray(answer):
            return Fail("thread_not_found")
        if thread_ts is None and is_channel(row.destination.to):
            await self._changes.keep_permalink(row, answer)
        return delivered(str(answer["channel"]), str(answer["ts"]), rest)

    async def _update(self, row: Row) -> SendResult:
        # The response URL does not count against chat.update's 50 a minute. It is tried once: what makes it fail
        # rarely passes.
        if row.attempts == 1 and self._response_url_usable(row) and await self._update_by_response_url(row):
            return Delivered()
        target = row.target or ""
        address = await self._run(self._store.address, target)
        if address is None:
            return await self._address_missing(target)
        channel, ts = address

        async def update(text: str, blocks: Blocks) -> Any:
            return await self._client.chat_update(
                channel=channel, ts=ts, text=shortened(text), blocks=blocks or None, metadata=metadata_for(target)
            )

        _, rest = await self._send_content(row, row.content, update)
        return delivered(channel, ts, rest)

    async def _update_by_response_url(self, row: Row) -> bool:
        content = row.content | {"replace_original": True, "metadata": metadata_for(row.target or "")}
        if not await self._attacher(row).is_ready(content.get("blocks") or []):
            return False  # what comes later can be added to a message only by its ts
        try:
            return await self._post_to_response_url(row, content) is None
        except (aiohttp.ClientError, OSError):
            return False

    async def _respond(self, row: Row) -> SendResult:
        if not self._response_url_usable(row):
            return Fail("its response URL is too old")
        return await self._post_to_response_url(row, row.content) or Delivered()

    async def _post_to_response_url(self, row: Row, content: dict[str, Any]) -> Retry | Fail | None:
        """`None` when Slack has accepted it."""
        if "blocks" in content:
            attached = await self._attacher(row).attach(content["blocks"])
            content = content | {"blocks": attached.blocks}
        self._at("before_send")
        async with self._open_session().post(row.response_url or "", json=content) as answer:
            self._at("after_send")
            # Success is "ok" in plain text; a refusal can come as a 200 with JSON.
            body = await answer.json() if answer.content_type == "application/json" else {}
            code = "" if body.get("ok", True) else str(body.get("error", "refused"))
            if answer.status in _SUCCESS and not code:
                return None
            return classify_answer(answer.status, code or f"HTTP {answer.status}", answer.headers)

    def _response_url_usable(self, row: Row) -> bool:
        return row.response_url is not None and self._clock() - row.created_at < RESPONSE_URL_LIFE

    async def _publish(self, row: Row) -> SendResult:
        view = row.content["view"]

        async def publish(text: str, blocks: Blocks) -> Any:
            shown = blocks or [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
            return await self._client.views_publish(user_id=row.destination.to, view=view | {"blocks": shown})

        await self._send_content(row, {"text": "", "blocks": view["blocks"]}, publish)
        return Delivered()

    async def _upload(self, row: Row) -> SendResult:
        address = await self._address(row)
        if address is None:
            return await self._address_missing(row.thread)
        channel, thread_ts = address
        if row.attempts > 1:
            file_id = await self._find_earlier_file(row, channel, thread_ts)
            if file_id is not None:
                return Delivered(channel, file_id or None, how="found")
        content = row.content
        if not content.keys() & {"data", "file", "chart"}:
            return Delivered(channel, how="forgotten")  # the person was erased meanwhile
        try:
            data = await self._file_data(content)
        except NotAnImage as error:
            _log.warning("picture_not_passed_on", row=row.key, why=str(error))
            text = content.get("instead") or content["text"]
            return await self._post_now(replace(row, content={"text": text}), channel, thread_ts)
        self._at("before_send")
        file_id = await upload(
            self._client, self._open_session(), data, content["filename"], content["title"],
            channel=channel, comment=content["text"], alt=content.get("alt"), thread_ts=thread_ts,
        )  # fmt: skip
        self._at("after_send")
        return Delivered(channel, file_id)

    async def _file_data(self, content: dict[str, Any]) -> bytes:
        """The bytes to upload: the row's text, an image from Slack, or a chart drawn now. Raises `NotAnImage`."""
        if "data" in content:
            return bytes(content["data"].encode())
        if "file" in content:
            return await fetch(self._client, self._open_session(), content["file"])
        try:
            return await self._render(svg(content["chart"]))
        except (OSError, RenderingFailed, ValueError, KeyError) as error:  # of a newer version, for instance
            raise NotAnImage(type(error).__name__) from error

    async def _find_earlier_file(self, row: Row, channel: str, thread_ts: str | None) -> str | None:
        name = row.content["filename"]
        try:
            return await find_file(self._client, name, channel, since=row.created_at, thread_ts=thread_ts)
        except UnreadableError:
            return None  # a file may come twice, but must not get lost

    async def _unshare(self, row: Row) -> SendResult:
        """Delete the file that the row of `target` uploaded."""
        address = await self._run(self._store.address, row.target or "")
        if address is None:
            result = await self._address_missing(row.target)
            return result if isinstance(result, Retry) else Delivered(how="none")
        self._at("before_send")
        try:
            await self._client.files_delete(file=address[1])
        except SlackApiError as error:
            if code_of(error) not in _DELETED_CODES:
                raise
        self._at("after_send")
        return Delivered()

    async def _send_content(
        self, row: Row, content: Content, send: Callable[[str, Blocks], Awaitable[Any]]
    ) -> tuple[Any, tuple[str, ...] | None]:
        """Send the text and blocks of `content`, or something shorter where Slack refuses them, or has refused them.

        Slack's answer, and what is still to be said where it was shortened.
        """
        self._at("before_send")
        answer, rest = await send_or_shorten(row, content, lambda shown: self._send_with_images(row, shown, send))
        self._at("after_send")
        return answer, rest

    async def _send_with_images(self, row: Row, content: Content, send: Callable[[str, Blocks], Awaitable[Any]]) -> Any:
        text = str(content.get("text") or "")
        blocks, amend = content.get("blocks") or [], self._changes.amend(row, text)
        return await self._attacher(row).send(lambda shown: send(text, shown), blocks, amend)

    def _attacher(self, row: Row) -> ImageAttacher:
        return ImageAttacher(self._image_cache, row.destination.team_id, self._changes.start)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = self._http()
        return self._session

    async def _address(self, row: Row) -> tuple[str, str | None] | None:
        """The channel for `row`, and the `ts` of its thread if it has one; `None` when its thread has no address."""
        if row.thread is None:
            return await self._channel(row), None
        address: tuple[str, str] | None = await self._run(self._store.address, row.thread)
        return address

    async def _channel(self, row: Row) -> str:
        """The channel of `row`'s destination; a person's direct message is opened once and remembered."""
        if not row.destination.to.startswith(("U", "W")):
            return row.destination.to
        recipient = (row.destination.team_id, row.destination.to)
        if recipient not in self._direct_messages:
            answer = await self._client.conversations_open(users=row.destination.to)
            self._direct_messages[recipient] = str(answer["channel"]["id"])
        return self._direct_messages[recipient]

    async def _address_missing(self, key: str | None) -> Retry | Fail:
        """What becomes of a row whose target or thread, the row of `key`, had no address."""
        key = key or ""
        state = await self._run(self._store.state, key)
        if state in {"pending", "running"}:
            return Retry("what it belongs to is not there yet")
        if state == "delivered" and await self._run(self._store.address, key) is not None:
            return Retry("what it belongs to has arrived just now")  # it has another ordering key
        return Fail(NEVER_ARRIVED)
