"""The real Bolt app with a real store, and a fake Slack that only answers lookups and opens modals."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.actions import Address
from bot.services.context import Actor, AppConfig
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.slack.bolt_app import build
from bot.slack.dispatch import Dispatcher
from bot.slack.store_thread import StoreThread
from bot.slack.users import Agents, Users
from bot.store.models import WalkRecord
from bot.store.sqlite import SqliteStore, open_store

Json = dict[str, Any]
SECRET, TEAM, COMMAND = "signing-secret", "T1", "/amazon-token"
NAMES = {"U0ERIKA": ("Erika Beispiel", "de-DE"), "U0ANNA": ("Anna Support", "de-DE"), "U0BEN": ("Ben", "en-US")}

_TRIGGERS = (f"{number}.2.3" for number in itertools.count(1))


class FakeSlack:
    """Answers by method name; `faults` names what a method does instead."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.faults: dict[str, str] = {}
        self.lookups_allowed: asyncio.Event | None = None
        """If there is one, no lookup is answered before it is set."""
        self.pages: list[list[str]] = [["U0ANNA"], ["U0BEN"]]
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.answer)
        app.router.add_post("/response", self.respond)
        self.server = TestServer(app)
        self.responses: list[Json] = []

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = await (request.json() if request.content_type == "application/json" else request.post())
        arguments = {**request.query, **form}
        self.calls.append((method, arguments))
        if self.lookups_allowed is not None and method in {"users.info", "conversations.members"}:
            await self.lookups_allowed.wait()
        fault = self.faults.get(method)
        if fault == "slow":
            await asyncio.sleep(1)
        if fault == "hang up":
            assert request.transport is not None
            request.transport.close()
        if fault == "gibberish":
            return web.Response(status=502, text="<html>Bad gateway</html>")
        if fault is not None:
            return web.json_response({"ok": False, "error": fault})
        return web.json_response({"ok": True, **self.data(method, arguments)})

    def data(self, method: str, arguments: Json) -> Json:
        if method == "users.info":
            name, locale = NAMES.get(str(arguments["user"]), ("", "de-DE"))
            return {
                "user": {
                    "id": arguments["user"],
                    "is_bot": arguments["user"] == "U0BOT",
                    "name": name,
                    "locale": locale,
                    "tz": "Europe/Berlin",
                }
            }
        if method == "conversations.members":
            page = int(arguments.get("cursor") or 0)
            following = str(page + 1) if page + 1 < len(self.pages) else ""
            return {"members": self.pages[page], "response_metadata": {"next_cursor": following}}
        return {"user_id": "U0BOT", "bot_id": "B1", "team_id": TEAM}

    async def respond(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        return web.Response(text="ok")


class Harness:
    """Sends signed requests to the app and reads what they left in the store."""

    def __init__(
        self,
        app: AsyncApp,
        slack: FakeSlack,
        services: Services,
        thread: StoreThread,
        dispatcher: Dispatcher,
        woken: list[int],
    ) -> None:
        self.app, self.slack, self.services, self.thread, self.dispatcher, self.woken = (
            app, slack, services, thread, dispatcher, woken,
        )  # fmt: skip

    async def send(
        self,
        body: str,
        content_type: str = "application/x-www-form-urlencoded",
        *,
        age: float = 0,
        secret: str = SECRET,
    ) -> BoltResponse:
        stamp = str(int(time.time() - age))
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        headers: dict[str, str | Sequence[str]] = {
            "content-type": [content_type],
            "x-slack-request-timestamp": [stamp],
            "x-slack-signature": [str(signature)],
        }
        return await self.app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))

    async def interaction(self, payload: Json) -> BoltResponse:
        return await self.send(urlencode({"payload": json.dumps(payload)}))

    async def press(self, action_id: str, value: str = "-", user: str = "U0ERIKA", **more: Any) -> BoltResponse:
        return await self.interaction({**pressed(action_id, value, user), "response_url": self.url, **more})

    async def submit(self, callback_id: str, metadata: str, values: Any, user: str = "U0ERIKA") -> BoltResponse:
        return await self.interaction(submitted(callback_id, metadata, values, user))

    async def command(self, text: str, user: str = "U0ERIKA", **more: Any) -> BoltResponse:
        fields = {"command": COMMAND, "text": text, "team_id": TEAM, "user_id": user, "api_app_id": "A1",
                  "response_url": self.url, "trigger_id": next(_TRIGGERS), **more}  # fmt: skip
        return await self.send(urlencode(fields))

    async def event(self, event: Json, event_id: str = "Ev1", **more: Any) -> BoltResponse:
        outer = {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event, **more}
        return await self.send(json.dumps(outer), "application/json")

    async def typed(self, text: Any, event_id: str = "Ev1", user: str = "U0ERIKA", **more: Any) -> BoltResponse:
        # The same message, delivered again, has the same event ID and the same time.
        event = {"type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text}
        event["ts"] = f"1.{event_id.removeprefix('Ev')}"
        return await self.event({**event, **more}, event_id)

    @property
    def url(self) -> str:
        return str(self.slack.server.make_url("/response"))

    # What it left behind

    async def do(self, case: Callable[[UnitOfWork], Any], user: str = "U0ERIKA") -> Any:
        return await self.thread.run(self.services.do, Actor(TEAM, user), case)

    async def walk(self, user: str = "U0ERIKA") -> WalkRecord:
        record = await self.do(lambda unit: unit.tx.last_walk(TEAM, user), user)
        assert isinstance(record, WalkRecord)
        return record

    async def address(self) -> str:
        record = await self.walk()
        return str(Address(record.id, record.version, record.step, str(record.live_key)))

    async def rows(self, method: str = "post") -> list[str]:
        def read() -> list[str]:
            store = self.services.store
            assert isinstance(store, SqliteStore)
            return [row["content"] for row in store.db.query(
                "SELECT content FROM outbox WHERE method = ? ORDER BY id", [method])]  # fmt: skip

        return await self.thread.run(read)

    async def break_store(self) -> None:
        """Make every further use of the database fail."""
        store = self.services.store
        assert isinstance(store, SqliteStore)
        await self.thread.run(store.db.execute, "DROP TABLE people")


def pressed(action_id: Any, value: Any = "-", user: str = "U0ERIKA") -> Json:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "api_app_id": "A1",
        "trigger_id": next(_TRIGGERS),
        "container": {"type": "message", "message_ts": "1.000100", "channel_id": "D1"},
        "channel": {"id": "D1"},
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }


def submitted(callback_id: str, metadata: Any, values: Any, user: str = "U0ERIKA") -> Json:
    view = {"id": "V1", "type": "modal", "callback_id": callback_id, "private_metadata": metadata,
            "state": {"values": values}}  # fmt: skip
    return {
        "type": "view_submission",
        "trigger_id": next(_TRIGGERS),
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "view": view,
    }


@pytest.fixture
async def harness(tmp_path: Path, config: AppConfig) -> AsyncIterator[Harness]:
    slack, thread, woken = FakeSlack(), StoreThread(), [0]
    await slack.server.start_server()
    store = await thread.run(open_store, f"sqlite:///{tmp_path / 'bot.db'}")
    client = AsyncWebClient(token="xoxb-test", base_url=str(slack.server.make_url("/api/")), timeout=10)
    services = Services(config, store)

    def wake() -> None:
        woken[0] += 1

    dispatcher = Dispatcher(services, thread, Users(client, services, thread.run), Agents(client, "C0SUPPORT"), wake)
    yield Harness(build(client, SECRET, dispatcher, COMMAND), slack, services, thread, dispatcher, woken)
    await asyncio.sleep(0)
    await thread.run(store.close)
    thread.close()
    await slack.server.close()
