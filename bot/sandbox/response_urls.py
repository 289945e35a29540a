"""response_url: five answers within thirty minutes to something a person did."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.chat import message_content
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.webapi import Call
from bot.sandbox.workspace import Args, Workspace
from bot.sandbox.world import BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.webapi import WebApi
    from bot.sandbox.world import Channel, Json, Message

USES = 5
LIFE = 30 * 60.0
_KNOWN = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "metadata",
        "mrkdwn",
        "parse",
        "unfurl_links",
        "unfurl_media",
        "link_names",
    }
)


@dataclass(kw_only=True)
class ResponseAddress:
    """Where answers go: the conversation, the person who acted, and the message with the button, if it was one."""

    channel: Channel
    user_id: str
    original: Message | None
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """Every response_url that was issued. Each is valid for `life` seconds."""

    def __init__(self, workspace: Workspace, api: WebApi, life: float = LIFE) -> None:
        self._workspace = workspace
        self._api = api
        self.life = life
        self._addresses: dict[str, ResponseAddress] = {}

    def issue(self, channel: Channel, user_id: str, original: Message | None = None) -> str:
        """A new response_url."""
        key = secrets.token_urlsafe(12)
        self._addresses[key] = ResponseAddress(
            channel=channel, user_id=user_id, original=original, issued_at=time.monotonic()
        )
        return f"{self._workspace.base_url}/response/{key}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """A POST to a response_url: "ok", 404 when it is used up or expired or the blocks are bad, else 400."""
        try:
            raw = await request.json()
        except ValueError:
            raw = None
        call = Call(method="response_url", args=raw if isinstance(raw, dict) else {}, at=time.time())
        self._api.calls.append(call)
        key = request.match_info["key"]
        await self._workspace.fetch_pictures(call.args)
        fault = self._api.misbehaviour.take("response_url")
        if fault is None:
            status, body = self._carry_out(call, key, raw)
            if body["ok"]:
                return web.Response(text="ok")
            return web.json_response(body, status=status)
        return await self._api.misbehaved(fault, call, lambda: self._carry_out(call, key, raw)[1])

    def _carry_out(self, call: Call, key: str, raw: object) -> tuple[int, Json]:
        try:
            self.respond(self._address(key), raw)
        except SlackRefusal as refusal:
            call.outcome = refusal.error
            # The rule response_url_404 of docs/sandbox-rules.md.
            not_found = refusal.error in ("expired_url", "used_url", "invalid_url", "invalid_blocks")
            return 404 if not_found else 400, refusal.as_slack()
        call.outcome = "ok"
        return 200, {"ok": True}

    def _address(self, key: str) -> ResponseAddress:
        address = self._addresses.get(key)
        if address is None:
            raise SlackRefusal("invalid_url")
        if time.monotonic() - address.issued_at > self.life:
            raise SlackRefusal("expired_url")
        if address.uses >= USES:
            raise SlackRefusal("used_url")
        address.uses += 1
        return address

    def respond(self, address: ResponseAddress, raw: object) -> None:
        """Replace or delete the original, or post a message, which only the person sees unless it is "in_channel".

        Raises `SlackRefusal`.
        """
        if not isinstance(raw, dict):
            raise SlackRefusal("invalid_payload")
        unknown = sorted(set(raw) - _KNOWN)
        if unknown:
            raise SlackRefusal("invalid_arguments", *(f"[ERROR] invalid additional property: {u}" for u in unknown))
        original = address.original
        still_there = original is not None and original in address.channel.messages
        world = self._workspace.world
        if raw.get("delete_original"):
            if original is None or not still_there:
                raise SlackRefusal("message_not_found")
            world.remove(address.channel, original)
            return
        content = message_content(self._workspace, Args(raw))
        if raw.get("replace_original"):
            if original is None or not still_there:
                raise SlackRefusal("message_not_found")
            world.edit(address.channel, original, edited=original.edited or not content["blocks"], **content)
            return
        in_channel = raw.get("response_type") == "in_channel"
        only_for = None if in_channel else address.user_id
        thread_ts = raw.get("thread_ts")
        world.post(address.channel, BOT_USER, only_for=only_for, thread_ts=thread_ts, **content)
