"""The API of the web page and of `Visitor`: the workspace's state, what people do, and a WebSocket for changes."""

from __future__ import annotations

import asyncio
import contextlib
from base64 import b64decode
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import typed
from bot.sandbox.delivery import NotAcknowledged
from bot.sandbox.files_methods import received
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.world import APP_ID, BOT_NAME, BOT_USER, TEAM_ID, TEAM_NAME, direct_message_id

if TYPE_CHECKING:
    from bot.sandbox.delivery import Delivery
    from bot.sandbox.events import Events
    from bot.sandbox.interactions import Interactions
    from bot.sandbox.workspace import Workspace
    from bot.sandbox.world import Channel, Json, Message, SandboxUser

STATIC = Path(__file__).parent / "static"
DEFAULT_PERSON = "U0ERIKA"


class Page:
    """The handlers under / and /page."""

    def __init__(self, workspace: Workspace, interactions: Interactions, events: Events, delivery: Delivery) -> None:
        self._workspace = workspace
        self._world = workspace.world
        self._interactions = interactions
        self._events = events
        self._delivery = delivery
        self._watching: dict[web.WebSocketResponse, str] = {}
        self._notifications: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes with their handlers."""
        routes: list[web.AbstractRouteDef] = [
            web.get("/", self._index),
            web.get("/page/people", self._people),
            web.get("/page/state", self._state),
            web.get("/page/messages", self._messages),
            web.get("/page/ws", self._news),
            web.post("/page/act", self._act),
            web.get("/page/files/{file_id}", self._file),
        ]
        if STATIC.is_dir():
            routes.append(web.static("/static", STATIC))
        return routes

    def tell(self, what: str, channel_id: str | None = None, user_id: str | None = None) -> None:
        """Notify open pages of a change: only that person's page, or those of everybody who sees the conversation."""
        note = {"what": what} | ({"channel": channel_id} if channel_id else {})
        for socket, watcher in list(self._watching.items()):
            if user_id in (None, watcher) and self._can_see(watcher, channel_id) and not socket.closed:
                task = asyncio.get_running_loop().create_task(_send(socket, note))
                self._notifications.add(task)
                task.add_done_callback(self._notifications.discard)

    async def stop(self) -> None:
        """Close the WebSockets of the pages."""
        for socket in list(self._watching):
            await socket.close(code=1001, drain=False)

    def _can_see(self, user_id: str, channel_id: str | None) -> bool:
        if channel_id is None:
            return True
        channel = self._world.channels[channel_id]
        return user_id in channel.members or channel.family == "channels"

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        page = STATIC / "index.html"
        if not page.is_file():
            return web.Response(text="The page of this sandbox is missing.", status=404)
        return web.FileResponse(page)

    async def _people(self, _request: web.Request) -> web.StreamResponse:
        people = [person.as_page() for person in self._world.people.values()]
        return web.json_response({"people": people, "default": DEFAULT_PERSON})

    async def _state(self, request: web.Request) -> web.StreamResponse:
        me = self._person(request.query.get("as"))
        commands = [
            {"name": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in self._workspace.manifest.commands.values()
        ]
        views = self._workspace.views
        modals = [{**v, "errors": views.errors.get(v["id"], {})} for v in views.stacks.get(me.id, [])]
        return web.json_response(
            {
                "me": me.as_page(),
                "people": [person.as_page() for person in self._world.people.values()],
                "team": {"id": TEAM_ID, "name": TEAM_NAME},
                "bot": {"id": BOT_USER, "name": BOT_NAME, "app_id": APP_ID},
                "connected": self._delivery.transport.connected,
                "commands": commands,
                "conversations": [_conversation(c, me) for c in self._world.channels.values() if me.id in c.members],
                "home": views.homes.get(me.id),
                "modals": modals,
            }
        )

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        me = self._person(request.query.get("as"))
        channel = self._channel(me, request.query.get("channel"))
        seen = [m for m in channel.messages if m.only_for in (None, me.id)]
        return web.json_response({"messages": [self._shown(m, channel) for m in seen]})

    async def _news(self, request: web.Request) -> web.StreamResponse:
        me = self._person(request.query.get("as"))
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        self._watching[socket] = me.id
        try:
            async for _ in socket:
                pass
        finally:
            self._watching.pop(socket, None)
        return socket

    async def _act(self, request: web.Request) -> web.StreamResponse:
        act = await request.json()
        try:
            answer = await self._do(self._person(act.get("as")), act)
        except SlackRefusal as refusal:
            answer = refusal.as_slack()
        except NotAcknowledged as error:
            codes = {"timeout": "operation_timeout", "not_connected": "not_connected"}
            answer = {"ok": False, "error": codes.get(error.reason, "dispatch_failed")}
        return web.json_response(answer)

    async def _do(self, me: SandboxUser, act: Json) -> Json:  # noqa: C901, PLR0911 - one line for each kind of act
        interactions = self._interactions
        values = (act.get("state") or {}).get("values", {})
        match act:
            case {"kind": "message", "text": str(text)}:
                return self._say(me, self._channel(me, act.get("channel")), act, text)
            case {"kind": "edit", "ts": str(ts), "text": str(text)}:
                return self._edit(me, self._channel(me, act.get("channel")), ts, text)
            case {"kind": "command", "text": str(text)}:
                return await interactions.command(me, self._channel(me, act.get("channel")), text)
            case {"kind": "press", "view_id": str(view_id), "action": dict(action)}:
                return await interactions.press_in_view(me, view_id, action, values)
            case {"kind": "press", "ts": str(ts), "action": dict(action)}:
                return await interactions.press(me, self._channel(me, act.get("channel")), ts, action, values)
            case {"kind": "submit", "view_id": str(view_id)}:
                return await interactions.submit(me, view_id, values)
            case {"kind": "close", "view_id": str(view_id)}:
                return await interactions.close(me, view_id)
            case {"kind": "open_home"}:
                return self._open_home(me, act.get("tab", "home"))
            case {"kind": "read", "ts": str(ts)}:
                self._channel(me, act.get("channel")).read[me.id] = ts
                self.tell("state", None, me.id)
                return {"ok": True}
            case {"kind": "delete", "ts": str(ts)}:
                return self._delete(me, self._channel(me, act.get("channel")), ts)
        raise SlackRefusal("invalid_arguments")

    def _say(self, me: SandboxUser, channel: Channel, act: Json, text: str) -> Json:
        thread_ts, sent = act.get("thread_ts"), act.get("files") or []
        if me.id not in channel.members:
            raise SlackRefusal("not_in_channel")
        if channel.kind == "dm" and not self._workspace.manifest.can_write_to_it:
            raise SlackRefusal("messages_tab_disabled")
        forwarded = act.get("forwarded")
        if not text.strip() and not sent and not forwarded:
            raise SlackRefusal("no_text")
        root = channel.find(thread_ts) if thread_ts else None
        if thread_ts and root is None:
            raise SlackRefusal("thread_not_found")
        if root is not None:
            root.thread_ts = root.thread_ts or root.ts
        thread = root.thread_ts if root else None
        files = [received(self._workspace, me.id, f["name"], f["type"], b64decode(f["data"])) for f in sent]
        escaped = typed.in_message(text, self._world)
        # The rule forwarded_messages of docs/sandbox-rules.md.
        attachments = [self._forwarded(me, str(forwarded))] if forwarded else []
        message = self._world.post(channel, me.id, escaped, thread_ts=thread, files=files, attachments=attachments)
        return {"ok": True, "ts": message.ts}

    def _forwarded(self, me: SandboxUser, text: str) -> Json:
        """A message of the same person in #general, as it comes along when it is forwarded."""
        ts = self._world.next_ts()
        link = f"{self._workspace.base_url}/archives/C0GENERAL/p{ts.replace('.', '')}"
        return {
            "is_share": True, "is_msg_unfurl": True, "author_id": me.id, "author_name": me.name, "ts": ts,
            "channel_id": "C0GENERAL", "channel_team": TEAM_ID, "from_url": link, "text": text,
            "fallback": f"[{ts}] {me.handle}: {text}", "mrkdwn_in": ["text"], "footer": "Posted in #general",
        }  # fmt: skip

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that was shared or is shown in a block."""
        self._person(request.query.get("as"))
        file_id = request.match_info["file_id"]
        content = self._workspace.contents.get(file_id)
        if content is None:
            raise web.HTTPNotFound(text="there is no such file")
        kind = self._workspace.files[file_id].get("mimetype") or guess_type(self._workspace.files[file_id]["name"])[0]
        return web.Response(body=content, content_type=kind or "application/octet-stream")

    def _edit(self, me: SandboxUser, channel: Channel, ts: str, text: str) -> Json:
        message = channel.find(ts)
        if message is None or not text.strip():
            raise SlackRefusal("message_not_found" if message is None else "no_text")
        if message.user != me.id:
            raise SlackRefusal("cant_update_message")
        self._world.edit(channel, message, text=typed.in_message(text, self._world), edited=True)
        return {"ok": True}

    def _delete(self, me: SandboxUser, channel: Channel, ts: str) -> Json:
        message = channel.find(ts, for_user=me.id)
        if message is None:
            raise SlackRefusal("message_not_found")
        if me.id not in (message.user, message.only_for):
            raise SlackRefusal("cant_delete_message")
        self._world.remove(channel, message)
        return {"ok": True}

    def _open_home(self, me: SandboxUser, tab: str) -> Json:
        event: Json = {
            "type": "app_home_opened",
            "user": me.id,
            "channel": direct_message_id(me.id),
            "tab": tab,
            "event_ts": self._world.next_ts(),
        }
        home = self._workspace.views.homes.get(me.id)
        self._events.happened(event | ({"view": home} if home and tab == "home" else {}))
        return {"ok": True}

    def _person(self, user_id: str | None) -> SandboxUser:
        person = self._world.people.get(user_id or DEFAULT_PERSON)
        if person is None:
            raise web.HTTPNotFound(text="there is nobody of this ID")
        return person

    def _channel(self, me: SandboxUser, channel_id: str | None) -> Channel:
        channel = self._world.channels.get(channel_id or direct_message_id(me.id))
        if channel is None or not self._can_see(me.id, channel.id):
            raise web.HTTPNotFound(text="there is no such conversation")
        return channel

    def _shown(self, message: Message, channel: Channel) -> Json:
        return {
            "ts": message.ts,
            "user": message.user,
            "name": self._world.named(message.user),
            "bot": message.user == BOT_USER,
            "text": message.text,
            "blocks": message.blocks,
            "thread_ts": message.thread_ts if message.is_reply else None,
            "broadcast": message.broadcast,
            "reply_count": len(channel.replies(message.ts)),
            "edited": message.edited,
            "ephemeral": message.only_for is not None,
            "files": message.files,
            "attachments": message.attachments,
            "metadata": message.metadata,
        }


def _conversation(channel: Channel, me: SandboxUser) -> Json:
    seen = [m for m in channel.messages if m.only_for in (None, me.id)]
    read = channel.read.get(me.id, "0")
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": channel.name,
        "private": channel.private,
        "unread": sum(m.ts > read and m.user != me.id for m in seen),
        "last_ts": seen[-1].ts if seen else None,
    }


async def _send(socket: web.WebSocketResponse, note: Json) -> None:
    with contextlib.suppress(ConnectionError):
        await socket.send_json(note)
