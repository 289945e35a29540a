"""The Web API over HTTP: checks tokens and scopes, answers calls, and keeps a log of them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import chat, conversations_methods, files_methods, people_methods, views_methods
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.workspace import Args, Method, Workspace
from bot.sandbox.world import APP_TOKEN, BOT_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.misbehaviour import Fault, Misbehaviour
    from bot.sandbox.world import Json

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **conversations_methods.METHODS,
    **files_methods.METHODS,
    **people_methods.METHODS,
    **views_methods.METHODS,
}
LOG_LENGTH = 20_000
STALE_SECONDS = 60
TOKENS = {"bot": BOT_TOKEN, "app": APP_TOKEN}


@dataclass(kw_only=True)
class Call:
    """One call of the app. `at` is seconds since the epoch; `outcome` is "ok" or the error code; no token is kept."""

    method: str
    args: Json
    at: float
    outcome: str = ""

    def as_json(self) -> Json:
        """The call as JSON."""
        return asdict(self)


class WebApi:
    """Answers /api/<method>. `closing` ends calls that get no answer because of a fault."""

    def __init__(self, workspace: Workspace, misbehaviour: Misbehaviour, closing: asyncio.Event) -> None:
        self.workspace = workspace
        self.misbehaviour = misbehaviour
        self.calls: deque[Call] = deque(maxlen=LOG_LENGTH)
        self._closing = closing

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        name = request.match_info["method"]
        raw = await _arguments(request)
        token = _token(request, raw)
        shown = {key: value for key, value in raw.items() if key != "token"}
        call = Call(method=name, args=shown, at=time.time())
        self.calls.append(call)
        fault = self.misbehaviour.take(name, channel=str(raw.get("channel") or ""))
        await self.workspace.fetch_pictures(raw)
        if fault is None:
            wait = self.workspace.rates.retry_after(name, str(raw.get("channel") or ""))
            if wait:
                call.outcome = "ratelimited"
                return _rate_limited(wait)
            return self._json(self._run(call, token, raw))
        return await self.misbehaved(fault, call, lambda: self._run(call, token, raw))

    async def misbehaved(self, fault: Fault, call: Call, carry_out: Callable[[], Json]) -> web.StreamResponse:
        """The answer to a call with a fault. `carry_out` is called only if the call takes effect in spite of it."""
        call.outcome = fault.kind
        if fault.kind == "rate_limited":
            return _rate_limited(fault.retry_after)
        if fault.kind in ("error_500", "error_503"):
            return web.Response(status=int(fault.kind[-3:]), text="upstream connect error")
        if fault.kind == "broken_json":
            return web.Response(text='{"ok": tru', content_type="application/json")
        if fault.kind == "error":
            return self._json({"ok": False, "error": fault.code})
        if fault.kind in ("slow", "stale"):
            return self._json(await self._late_or_stale(fault, carry_out))
        if fault.kind == "timeout_after":
            carry_out()
            call.outcome = fault.kind
        await self._closing.wait()
        return web.Response(status=504)

    def _run(self, call: Call, token: str | None, raw: Json) -> Json:
        try:
            body = {"ok": True, **self._allowed(call.method, token).run(self.workspace, Args(raw))}
        except SlackRefusal as refusal:
            call.outcome = refusal.error
            return refusal.as_slack()
        call.outcome = "ok"
        return body

    def _allowed(self, name: str, token: str | None) -> Method:
        method = METHODS.get(name)
        if method is None:
            raise SlackRefusal("unknown_method", req_method=name)
        if method.token == "none":  # noqa: S105 - a kind of token
            return method
        if not token:
            raise SlackRefusal("not_authed")
        if token not in TOKENS.values():
            raise SlackRefusal("invalid_auth")
        if token != TOKENS[method.token]:
            raise SlackRefusal("not_allowed_token_type")
        if self.workspace.revoked:
            raise SlackRefusal("account_inactive")
        self.workspace.need(*method.scopes)
        return method

    async def _late_or_stale(self, fault: Fault, carry_out: Callable[[], Json]) -> Json:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return carry_out()
        body = carry_out()
        messages: Any = body.get("messages", ())
        newest = self.workspace.world.now() - STALE_SECONDS
        return body | {"messages": [m for m in messages if float(m["ts"]) < newest]}

    def _json(self, body: Json) -> web.Response:
        scopes = ",".join(sorted(self.workspace.manifest.scopes))
        return web.json_response(body, headers={"x-oauth-scopes": scopes, "x-slack-req-id": "sandbox"})


def _rate_limited(seconds: int) -> web.Response:
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


async def _arguments(request: web.Request) -> Json:
    query: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json() if await request.read() else {}
        return query | (body if isinstance(body, dict) else {})
    return query | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _token(request: web.Request, raw: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else raw.get("token")
