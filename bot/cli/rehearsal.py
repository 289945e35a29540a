"""`amazon-token check --live --rehearse`: what the bot does with messages, once, in the operator's direct message."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.entry_messages import paragraph
from bot.cli.findings import Finding, Say, Show, no_answer, refused
from bot.cli.patience import patiently
from bot.images.render import png
from bot.images.sheet import drawings
from bot.settings.core import Settings
from bot.slack_api.errors import REQUEST_ERRORS, Fail, classify, code_of
from bot.slack_api.files import upload
from bot.slack_api.find_message import UnreadableError, find_message, metadata_for
from conversations.all_texts import AllTexts
from conversations.registry import PROCEDURES, first_of

WHERE_IS_MY_ID = "In Slack: your picture > Profile > ⋮ > Copy member ID."
_MENTION = re.compile(r"(?:<@)?([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?")
_PICTURE_LIMIT, _PICTURE_PAUSE = 15.0, 0.5
"""Seconds in which Slack should be able to show a new file, and between two attempts."""
_LOOKS, _LOOK_PAUSE = 3, 1.0
"""How often a message that may be there is looked for, and seconds between: a history may be late."""
_GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "thread_not_found"})
_REMEDIES = dict.fromkeys(("user_not_found", "users_not_found", "user_disabled"), f"Compare the ID. {WHERE_IS_MY_ID}")


def member_id(given: str) -> str | None:
    """The user ID in "U…" or "<@U…>", or `None` for anything else, such as "@me": a token does not say whose hands."""
    match = _MENTION.fullmatch(given.strip())
    return match[1] if match else None


class Rehearsal:
    """One rehearsal with one person. Everything that it leaves in Slack on the way is deleted at the end."""

    def __init__(
        self,
        client: AsyncWebClient,
        http: aiohttp.ClientSession,
        settings: Settings,
        all_texts: AllTexts,
        say: Say,
        show: Show,
    ) -> None:
        self._client = client
        self._http = http
        self._say = say
        self._show = show
        self._texts = all_texts.of(settings.support_locale, first_of(PROCEDURES).id)
        self._picture = png(next(drawings(all_texts, PROCEDURES))[1][settings.support_locale])
        self._began = datetime.now(UTC)
        self._channel = ""
        self._root = ""
        self._messages: list[str] = []
        self._files: list[str] = []
        self._unsure: dict[str, str | None] = {}
        """The key of each message that may have been posted, with its thread."""

    async def run(self, user_id: str) -> None:
        """Show each act with its duration, up to the first that fails, and whether everything is deleted.

        When it is interrupted, everything is deleted before it ends.
        """
        acts: dict[str, Callable[[], Awaitable[None]]] = {
            "the conversation is open": partial(self._open, user_id),
            "a message is posted": self._post,
            "a picture is uploaded": self._upload,
            "the picture is in the message": self._add_picture,
            "the message is changed": self._change,
            "a reply is in its thread": self._reply,
        }
        try:
            for what, act in acts.items():
                finding = await self._timed(what, act)
                self._show(finding)
                if finding.mark == "✗":
                    break
        except asyncio.CancelledError:
            self._say("Interrupted; what the rehearsal posted is being deleted …")
            raise
        finally:
            for finding in await self._tidy():
                self._show(finding)

    async def _timed(self, what: str, act: Callable[[], Awaitable[None]]) -> Finding:
        started = time.monotonic()
        try:
            await act()
        except SlackApiError as error:
            return refused(f"rehearsal: not done: {what}", error, **_REMEDIES)
        except _Astray as error:
            return Finding("✗", f"rehearsal: not done: {what}", str(error))
        except REQUEST_ERRORS as error:
            return no_answer(f"rehearsal: not done: {what}", error)
        return Finding("✓", f"rehearsal: {what} ({_milliseconds(started)})")

    async def _open(self, user_id: str) -> None:
        answer = await patiently(partial(self._client.conversations_open, users=[user_id]), self._say)
        self._channel = str(answer["channel"]["id"])

    async def _post(self) -> None:
        self._root = str((await self._posted("rehearsal.message", None))["ts"])

    async def _upload(self) -> None:
        name = f"rehearsal-{secrets.token_hex(4)}.png"
        alt = self._texts.say("rehearsal.picture")
        call = partial(upload, self._client, self._http, self._picture, name, alt, alt=alt, announce=self._files.append)
        await patiently(call, self._say)

    async def _add_picture(self) -> None:
        """Slack needs a moment until it can show a new file; meanwhile it refuses the blocks."""
        until = time.monotonic() + _PICTURE_LIMIT
        while True:
            try:
                return await self._update("rehearsal.message")
            except SlackApiError as error:
                if code_of(error) != "invalid_blocks" or time.monotonic() + _PICTURE_PAUSE > until:
                    raise
            await asyncio.sleep(_PICTURE_PAUSE)

    async def _change(self) -> None:
        await self._update("rehearsal.changed")

    async def _reply(self) -> None:
        message = await self._posted("rehearsal.reply", self._root)
        if message.get("thread_ts") != self._root:
            raise _Astray("Slack put the reply at top level: somebody has deleted the message above it.")

    async def _update(self, key: str) -> None:
        file = {"id": self._files[-1]}
        image = {"type": "image", "alt_text": self._texts.say("rehearsal.picture"), "slack_file": file}
        content = paragraph(self._texts, key)
        call = partial(
            self._client.chat_update, channel=self._channel, ts=self._root, text=content["text"],
            blocks=[*content["blocks"], image],
        )  # fmt: skip
        await patiently(call, self._say)

    async def _posted(self, key: str, thread_ts: str | None) -> dict[str, Any]:
        """The message as Slack has posted it. It is remembered before, as an answer may be lost on its way."""
        row = secrets.token_hex(16)
        self._unsure[row] = thread_ts
        call = partial(
            self._client.chat_postMessage, channel=self._channel, thread_ts=thread_ts, metadata=metadata_for(row),
            **paragraph(self._texts, key),
        )  # fmt: skip
        try:
            answer = await patiently(call, self._say, repeatable=False)
        except REQUEST_ERRORS as error:
            if isinstance(classify(error), Fail):
                del self._unsure[row]
            raise
        del self._unsure[row]
        self._messages.append(str(answer["ts"]))
        message: dict[str, Any] = answer.get("message") or {}
        return {**message, "ts": answer["ts"]}

    async def _tidy(self) -> list[Finding]:
        """Delete everything, the newest first: replies before what they reply to. What could not be is a fault."""
        started = time.monotonic()
        left = [finding for key in reversed(self._unsure) if (finding := await self._look_for(key)) is not None]
        deletions: list[tuple[str, str, Callable[[], Awaitable[Any]]]] = [
            ("message", ts, partial(self._client.chat_delete, channel=self._channel, ts=ts))
            for ts in sorted(self._messages, reverse=True)
        ]
        deletions += [("file", name, partial(self._client.files_delete, file=name)) for name in self._files]
        for kind, name, delete in deletions:
            try:
                await patiently(delete, self._say)
            except REQUEST_ERRORS as error:
                if isinstance(error, SlackApiError) and code_of(error) in _GONE:
                    continue
                why = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
                what = f"rehearsal: a {kind} is left behind ({why})"
                left.append(Finding("✗", what, f"Delete it yourself: {await self._link(kind, name)}"))
        if left or not deletions:
            return left
        return [Finding("✓", f"rehearsal: everything is deleted ({_milliseconds(started)})")]

    async def _look_for(self, key: str) -> Finding | None:
        """Look for a message that may have been posted; a finding when that cannot be said."""
        thread_ts = self._unsure[key]
        call = partial(find_message, self._client, key, self._channel, since=self._began, thread_ts=thread_ts)
        try:
            for look in range(_LOOKS):
                await asyncio.sleep(_LOOK_PAUSE * bool(look))
                if (ts := await patiently(call, self._say)) is not None:
                    self._messages.append(ts)
                    return None
        except (*REQUEST_ERRORS, UnreadableError) as error:
            what = f"rehearsal: a message may be left behind ({type(error).__name__})"
            return Finding("!", what, "Look into your direct message with the bot, and delete it there.")
        return None

    async def _link(self, kind: str, name: str) -> str:
        """Where the operator finds it; its ID when Slack does not say."""
        try:
            if kind == "file":
                answer = await self._client.files_info(file=name)
                return str(answer["file"].get("permalink") or name)
            answer = await self._client.chat_getPermalink(channel=self._channel, message_ts=name)
            return str(answer["permalink"])
        except REQUEST_ERRORS:
            return f"{self._channel} {name}" if kind == "message" else name


class _Astray(Exception):  # noqa: N818 - it is an answer of Slack, not a failure
    """The reply is not where it should be. The message says what that means."""


def _milliseconds(started: float) -> str:
    return f"{round((time.monotonic() - started) * 1000)} ms"
