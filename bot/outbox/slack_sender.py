"""One attempt to bring one row to Slack. Knows Slack's methods, and neither lanes nor patience."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.images.attach import ImageAttacher
from bot.images.cache import ImageCache
from bot.images.render_process import RenderingFailed
from bot.slack_api.errors import (
    REQUEST_ERRORS,
    SENDER_REMOVED,
    Delivered,
    Fail,
    Retry,
    SendResult,
    classify,
    classify_answer,
    code_of,
)
from bot.slack_api.files import NotAnImage, fetch, find_shared, upload
from bot.slack_api.find_message import EARLIER, UnreadableError, find, metadata_for
from bot.statistics.chart_svg import svg
from bot.store.models import RESPONSE_URL_LIFE, Row
from bot.store.outbox_protocol import Outbox
from bot.store.protocol import Run

if TYPE_CHECKING:
    from bot.outbox.sender import TicketSender

_log = structlog.get_logger("bot.outbox")

_UPDATE_TEXT = 4000
"""Characters of `text` that chat.update accepts; with blocks beside it the text is the notification only."""
_GOOD = range(200, 300)
_GONE = frozenset({"file_not_found", "file_deleted"})


class SlackSender:
    """Sends rows. `send_limit` is the time in seconds one attempt may take, looking included."""

    def __init__(
        self,
        store: Outbox,
        run: Run,
        client: AsyncWebClient,
        *,
        clock: Callable[[], datetime],
        send_limit: float,
        http: Callable[[], aiohttp.ClientSession],
        at: Callable[[str], None],
        image_cache: ImageCache | None,
        render: Callable[[str], Awaitable[bytes]],
        mirrors: Iterable["TicketSender"] = (),
    ) -> None:
        self._store = store
        self._run = run
        self._client = client
        self._clock = clock
        self._limit = send_limit
        self._http = http
        self._at = at
        self._image_cache = image_cache
        self._render = render
        self._session: aiohttp.ClientSession | None = None
        self._direct: dict[tuple[str, str], str] = {}
        self._mirrors = {mirror.name: mirror for mirror in mirrors}
        self._ways = {
            "post": self._post,
            "update": self._update,
            "respond": self._respond,
            "publish": self._publish,
            "upload": self._upload,
            "unshare": self._unshare,
            "mirror": self._mirror,
        }

    async def attempt(self, row: Row) -> SendResult:
        """Try once. Trouble on the way is an outcome too."""
        try:
            async with asyncio.timeout(self._limit):
                return await self._ways[row.method](row)
        except REQUEST_ERRORS as error:
            return classify(error)

    async def close(self) -> None:
        """Close the session for response URLs and uploads."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, row: Row) -> SendResult:
        parent_ts = None
        if row.thread is None:
            channel = await self._channel(row)
        else:
            parent = await self._run(self._store.address, row.thread)
            if parent is None:
                return await self._without(row.thread)
            channel, parent_ts = parent
        if row.attempts > 1:
            earlier = await self._look(row, channel, parent_ts)
            if earlier is not None:
                return earlier
        return await self._post_now(row, channel, parent_ts)

    async def _look(self, row: Row, channel: str, parent_ts: str | None) -> Delivered | Fail | None:
        try:
            ts = await find(self._client, row.key, channel, since=row.created_at, thread_ts=parent_ts)
        except UnreadableError as error:
            # A step in somebody's own conversation may come twice; a ticket before all the others may not.
            if row.destination.to.startswith(("C", "G")):
                return Fail(f"parked: it may be in {row.destination.to} already, and nobody can look ({error})")
            return None
        return None if ts is None else Delivered(channel, ts, how="found")

    async def _post_now(self, row: Row, channel: str, parent_ts: str | None) -> SendResult:
        async def send(blocks: list[dict[str, Any]]) -> Any:
            return await self._client.chat_postMessage(
                channel=channel,
                text=row.content.get("text", ""),
                blocks=blocks or None,
                thread_ts=parent_ts,
                reply_broadcast=(parent_ts is not None and bool(row.content.get("reply_broadcast"))) or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=metadata_for(row.key),
            )

        self._at("before_send")
        answer = await ImageAttacher(self._image_cache, row.destination.team_id).send(
            send, row.content.get("blocks") or []
        )
        self._at("after_send")
        return Delivered(str(answer["channel"]), str(answer["ts"]))

    async def _update(self, row: Row) -> SendResult:
        # One use of the URL costs nothing of chat.update's 50 a minute. It is not tried twice: what breaks it
        # seldom passes by.
        if row.attempts == 1 and self._usable(row) and await self._replace(row):
            return Delivered()
        target = row.target or ""
        address = await self._run(self._store.address, target)
        if address is None:
            return await self._without(target)
        channel, ts = address

        async def send(blocks: list[dict[str, Any]]) -> Any:
            return await self._client.chat_update(
                channel=channel,
                ts=ts,
                text=row.content.get("text", "")[:_UPDATE_TEXT],
                blocks=blocks or None,
                metadata=metadata_for(target),
            )

        self._at("before_send")
        await ImageAttacher(self._image_cache, row.destination.team_id).send(send, row.content.get("blocks") or [])
        self._at("after_send")
        return Delivered(channel, ts)

    async def _replace(self, row: Row) -> bool:
        content = row.content | {"replace_original": True, "metadata": metadata_for(row.target or "")}
        try:
            return await self._use_url(row, content) is None
        except (aiohttp.ClientError, OSError):
            return False

    async def _respond(self, row: Row) -> SendResult:
        if not self._usable(row):
            return Fail("its response URL is too old")
        return await self._use_url(row, row.content) or Delivered()

    async def _use_url(self, row: Row, content: dict[str, Any]) -> Retry | Fail | None:
        """Post to the response URL. `None` when Slack took it."""
        content = await self._with_pictures(row, content)
        self._at("before_send")
        async with self._own_session().post(row.response_url or "", json=content) as answer:
            self._at("after_send")
            # Success is "ok" in plain text; a refusal can come as a 200 with JSON.
            told = await answer.json() if answer.content_type == "application/json" else {}
            code = "" if told.get("ok", True) else str(told.get("error", "refused"))
            if answer.status in _GOOD and not code:
                return None
            return classify_answer(answer.status, code or f"HTTP {answer.status}", answer.headers)

    async def _with_pictures(self, row: Row, content: dict[str, Any]) -> dict[str, Any]:
        if "blocks" not in content:
            return content
        attached = await ImageAttacher(self._image_cache, row.destination.team_id).attach(content["blocks"])
        return content | {"blocks": attached.blocks}

    async def _publish(self, row: Row) -> SendResult:
        view = row.content["view"]

        async def send(blocks: list[dict[str, Any]]) -> Any:
            return await self._client.views_publish(user_id=row.destination.to, view=view | {"blocks": blocks})

        self._at("before_send")
        await ImageAttacher(self._image_cache, row.destination.team_id).send(send, view["blocks"])
        self._at("after_send")
        return Delivered()

    async def _upload(self, row: Row) -> SendResult:
        channel, parent_ts, content = await self._channel(row), None, row.content
        if row.thread is not None:
            parent = await self._run(self._store.address, row.thread)
            if parent is None:
                return await self._without(row.thread)
            channel, parent_ts = parent
        if row.attempts > 1:
            found = await self._shared(row, channel, parent_ts)
            if found is not None:
                return Delivered(channel, found or None, how="found")
        if not content.keys() & {"data", "file", "chart"}:
            return Delivered(channel, how="forgotten")  # the person was erased meanwhile
        try:
            data = await self._bytes(content)
        except NotAnImage as none:
            _log.warning("picture_not_passed_on", row=row.key, why=str(none))
            words = content.get("instead") or content["text"]
            return await self._post_now(replace(row, content={"text": words}), channel, parent_ts)
        self._at("before_send")
        file_id = await upload(
            self._client, self._own_session(), data, content["filename"], content["title"],
            channel=channel, comment=content["text"], alt=content.get("alt"), thread_ts=parent_ts,
        )  # fmt: skip
        self._at("after_send")
        return Delivered(channel, file_id)

    async def _bytes(self, content: dict[str, Any]) -> bytes:
        """What the row is to bring: words, a picture in Slack, or one that is drawn now. Raises `NoPicture`."""
        if "data" in content:
            return bytes(content["data"].encode())
        if "file" in content:
            return await fetch(self._client, self._own_session(), content["file"])
        try:
            return await self._render(svg(content["chart"]))
        except (OSError, RenderingFailed, ValueError) as error:
            raise NotAnImage(type(error).__name__) from error

    async def _shared(self, row: Row, channel: str, parent_ts: str | None) -> str | None:
        since = (row.created_at - EARLIER).timestamp()
        try:
            return await find_shared(self._client, channel, row.content["filename"], since, parent_ts)
        except SlackApiError as error:
            if isinstance(classify(error), Fail):
                return None  # it is somebody's own file in their own conversation: rather twice than never
            raise

    async def _unshare(self, row: Row) -> SendResult:
        """Delete the file that the row of `target` uploaded."""
        address = await self._run(self._store.address, row.target or "")
        if address is None:
            without = await self._without(row.target or "")
            return without if isinstance(without, Retry) else Delivered(how="none")
        self._at("before_send")
        try:
            await self._client.files_delete(file=address[1])
        except SlackApiError as error:
            if code_of(error) not in _GONE:
                raise
        self._at("after_send")
        return Delivered()

    async def _mirror(self, row: Row) -> SendResult:
        """Tell a mirror. There is nowhere to look: a repeat is known by the row's key."""
        mirror = self._mirrors.get(row.destination.to)
        if mirror is None:
            return Fail(SENDER_REMOVED)
        if not row.content:
            return Delivered(how="forgotten")  # the person was erased meanwhile
        self._at("before_send")
        outcome = await mirror.send(row)
        self._at("after_send")
        return outcome

    def _own_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = self._http()
        return self._session

    async def _channel(self, row: Row) -> str:
        """The channel behind `to`; a person's direct message is opened once and remembered."""
        if not row.destination.to.startswith(("U", "W")):
            return row.destination.to
        known = self._direct.get((row.destination.team_id, row.destination.to))
        if known is None:
            answer = await self._client.conversations_open(users=row.destination.to)
            known = self._direct[row.destination.team_id, row.destination.to] = str(answer["channel"]["id"])
        return known

    async def _without(self, key: str) -> Retry | Fail:
        """What becomes of a row whose message, or whose thread, has no address."""
        state = await self._run(self._store.state, key)
        if state in {"pending", "running"}:
            return Retry("what it belongs to is not there yet")
        if state == "delivered" and await self._run(self._store.address, key) is not None:
            return Retry("what it belongs to has arrived just now")  # it is in another lane
        return Fail("what it belongs to never arrived")

    def _usable(self, row: Row) -> bool:
        return row.response_url is not None and self._clock() - row.created_at < RESPONSE_URL_LIFE
