"""Routes for other processes: make the sandbox misbehave, show the app's calls, reset it, change people, hold files."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from bot.sandbox.misbehaviour import UPLOAD, Fault, Misbehaviour
from bot.sandbox.webapi import Call, WebApi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.sockets import Sockets
    from bot.sandbox.workspace import Workspace
    from bot.sandbox.world import Json


class Controlled(Protocol):
    """The parts of the `Sandbox` that `Control` uses."""

    api: WebApi
    misbehaviour: Misbehaviour
    sockets: Sockets
    token: str
    workspace: Workspace

    @property
    def calls(self) -> Sequence[Call]:
        """Every call of the app."""

    async def start_afresh(self) -> None:
        """Forget messages, modals and Home tabs."""

    async def change_locale(self, user_id: str, locale: str) -> None:
        """Give a person another language."""

    def change_membership(self, user_id: str, channel_id: str, *, joins: bool) -> None:
        """Add somebody to a channel or remove them."""


class Control:
    """The routes under /sandbox, /upload and /files, and /page/reset."""

    def __init__(self, sandbox: Controlled) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes for other processes."""
        return [
            web.post("/page/reset", self._reset),
            web.get("/sandbox/calls", self._calls),
            web.post("/sandbox/misbehave", self._misbehave),
            web.post("/sandbox/disconnect", self._disconnect),
            web.post("/sandbox/person", self._person),
            web.post("/sandbox/member", self._member),
            web.post("/upload/{file_id}", self._upload),
            web.get("/files/{file_id}", self._file),
        ]

    async def _reset(self, _request: web.Request) -> web.StreamResponse:
        await self._sandbox.start_afresh()
        return web.json_response({"ok": True})

    async def _calls(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"calls": [call.as_json() for call in self._sandbox.calls]})

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        try:
            self._sandbox.misbehaviour.order(Fault(**await request.json()))
        except (TypeError, ValueError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        return web.json_response({"ok": True})

    async def _disconnect(self, request: web.Request) -> web.StreamResponse:
        await self._sandbox.sockets.disconnect(warning=(await request.json()).get("warning"))
        return web.json_response({"ok": True})

    async def _person(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        await self._sandbox.change_locale(body["id"], body["locale"])
        return web.json_response({"ok": True})

    async def _member(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self._sandbox.change_membership(body["user"], body["channel"], joins=body["joined"])
        return web.json_response({"ok": True})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["file_id"]
        if file_id not in self._sandbox.workspace.files:
            raise web.HTTPNotFound(text="no such upload")
        content = await _content(request)
        fault = self._sandbox.misbehaviour.take(UPLOAD)
        if fault is not None and fault.kind == "unprocessed":
            self._sandbox.workspace.files[file_id]["usable_at"] = math.inf
        elif fault is not None:
            call = Call(method=UPLOAD, args={"file": file_id}, at=time.time())
            return await self._sandbox.api.misbehaved(fault, call, lambda: self._received(file_id, content))
        self._received(file_id, content)
        return web.Response(text=f"OK - {len(content)}")

    def _received(self, file_id: str, content: bytes) -> Json:
        self._sandbox.workspace.contents[file_id] = content
        return {"ok": True}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["file_id"]
        workspace = self._sandbox.workspace
        authorized = request.headers.get("Authorization") == f"Bearer {self._sandbox.token}" and not workspace.revoked
        if not authorized or "files:read" not in workspace.manifest.scopes:
            # Slack answers with its sign-in page instead of an error.
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        content = workspace.contents.get(file_id)
        if content is None:
            raise web.HTTPNotFound(text="no such file")
        kind = "image/png" if content.startswith(b"\x89PNG") else "application/octet-stream"
        return web.Response(body=content, content_type=kind)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    parts = (await request.post()).values()
    return next((part.file.read() for part in parts if isinstance(part, web.FileField)), b"")
