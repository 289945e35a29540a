"""A person at the page, for tests and demonstrations: types, presses, fills in forms, and waits for messages."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from bot.sandbox.driver_words import describe, described, fulfils, has_part, options_of, parts, snapshot, words
from bot.sandbox.world import PATIENCE, direct_message_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.driver_words import Condition
    from bot.sandbox.world import Json

POLL = 0.02
HEADERS = {"X-Sandbox": "1"}


class NotSeen(AssertionError):  # noqa: N818 - it fails a story like an assertion
    """What was waited for did not appear in time; the message contains the dialogue."""


class ActFailed(AssertionError):  # noqa: N818 - it fails a story like an assertion
    """Slack refused what the person did; `error` is its code."""

    def __init__(self, act: str, error: str, dialogue: str = "") -> None:
        super().__init__(f"{act}: {error}\n{dialogue}")
        self.error = error


class Visitor:
    """One person in the sandbox at `base_url`. Use it as an async context manager.

    Methods that wait raise `NotSeen`, those that do something raise `ActFailed`.
    """

    def __init__(self, base_url: str, user_id: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.user_id = user_id
        self._session: aiohttp.ClientSession | None = None
        self._before: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=HEADERS)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def say(self, text: str, thread_ts: str | None = None, channel: str = "dm") -> str:
        """Type a message and return its ts."""
        act = {"kind": "message", "channel": await self.channel(channel), "text": text}
        answer = await self.act(act | ({"thread_ts": thread_ts} if thread_ts else {}), channel)
        ts: str = answer["ts"]
        return ts

    async def send_file(
        self, name: str, content: bytes, text: str = "", thread_ts: str | None = None, kind: str = "image/png"
    ) -> str:
        """Send a file to the bot, with or without a text, and return the message's ts."""
        file = {"name": name, "type": kind, "data": b64encode(content).decode()}
        act: Json = {"kind": "message", "channel": await self.channel("dm"), "text": text, "files": [file]}
        answer = await self.act(act | ({"thread_ts": thread_ts} if thread_ts else {}))
        ts: str = answer["ts"]
        return ts

    async def forward(self, text: str, comment: str = "") -> str:
        """Forward a message that says `text` to the bot, with or without a comment, and return the ts."""
        act = {"kind": "message", "channel": await self.channel("dm"), "text": comment, "forwarded": text}
        ts: str = (await self.act(act))["ts"]
        return ts

    async def send_snippet(self, content: str, text: str = "", name: str = "Untitled.txt") -> str:
        """Send a text snippet, with or without a comment, and return the message's ts."""
        return await self.send_file(name, content.encode(), text, kind="snippet")

    async def file(self, file_id: str) -> bytes:
        """The bytes of a file that this person sees."""
        async with self._http.get(f"{self.base_url}/page/files/{file_id}", params={"as": self.user_id}) as response:
            response.raise_for_status()
            return await response.read()

    async def command(self, line: str, channel: str = "dm") -> None:
        """Type a slash command, with its slash."""
        await self.act({"kind": "command", "channel": await self.channel(channel), "text": line}, channel)

    async def press(
        self,
        label_or_action_id: str,
        *,
        message: Json | None = None,
        channel: str = "dm",
        option: str | None = None,
        fields: Json | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - waits are in seconds everywhere
    ) -> None:
        """Fill in `fields`, and press a button or choose `option` of a menu, in the newest message that has it."""
        channel_id = await self.channel(channel)
        if message is None:
            message = await self.wait_for(lambda m: has_part(m["blocks"], label_or_action_id), channel, timeout)
        action = _action(message["blocks"], label_or_action_id, option)
        state = {"values": _filled(message["blocks"], fields or {})}
        act = {"kind": "press", "channel": channel_id, "ts": message["ts"], "action": action, "state": state}
        await self.act(act, channel)

    async def enter(self, action_id: str, text: str, *, message: Json | None = None) -> None:
        """Type into a field of a message and press Enter."""
        await self.press(action_id, message=message, option=text, fields={action_id: text})

    async def press_in(self, view: Json, label_or_action_id: str, option: str | None = None) -> None:
        """Press a button, or choose from a menu, in an open modal or on the Home tab."""
        action = _action(view["blocks"], label_or_action_id, option)
        await self.act({"kind": "press", "view_id": view["id"], "action": action})

    async def modal(
        self,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - the same
        title: str | None = None,
        shows: Callable[[Json], bool] | None = None,
    ) -> Json:
        """Wait for a modal, one of that title, or one for which `shows` holds, and return the topmost one."""

        def on_top(state: Json) -> Json | None:
            top = state["modals"][-1] if state["modals"] else None
            fits = top and title in (None, top["title"]["text"]) and (shows is None or shows(top))
            return top if fits else None

        return await self._until(on_top, timeout, f"a modal {title or ''}")

    async def no_modal(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - the same
        """Wait until no modal is open."""
        await self._until(lambda state: {} if state["modals"] else {"closed": True}, timeout, "no modal")

    async def fill_and_submit(self, view: Json | None = None, /, **values: Any) -> dict[str, str]:
        """Fill in fields by block ID or action ID (choices by value or label) and submit; errors by block ID."""
        view = view or await self.modal()
        state = _filled(view["blocks"], values)
        act = {"kind": "submit", "view_id": view["id"], "state": {"values": state}}
        errors: dict[str, str] = (await self.act(act)).get("errors", {})
        return errors

    async def close_modal(self) -> None:
        """Close the modal on top."""
        view = await self.modal()
        await self.act({"kind": "close", "view_id": view["id"]})

    async def home(self, condition: Condition | None = None, timeout: float = PATIENCE) -> Json:  # noqa: ASYNC109 - the same
        """Open the Home tab and wait until the app has published it and it fulfils `condition`."""
        await self.act({"kind": "open_home"})

        def published(state: Json) -> Json | None:
            home: Json | None = state["home"]
            return home if home and (condition is None or fulfils(home, condition)) else None

        return await self._until(published, timeout, f"a Home tab {described(condition) if condition else ''}")

    async def edit(self, ts: str, text: str, channel: str = "dm") -> None:
        """Edit one's own message."""
        await self.act({"kind": "edit", "channel": await self.channel(channel), "ts": ts, "text": text}, channel)

    async def delete(self, ts: str, channel: str = "dm") -> None:
        """Delete one's own message."""
        await self.act({"kind": "delete", "channel": await self.channel(channel), "ts": ts}, channel)

    async def messages(self, channel: str = "dm") -> list[Json]:
        """What this person sees in a conversation, oldest first; "dm", "#support" or an ID."""
        body = await self._get("/page/messages", channel=await self.channel(channel))
        return list(body["messages"])

    async def last(self, channel: str = "dm") -> Json:
        """The newest message."""
        return (await self.messages(channel))[-1]

    async def wait_for(
        self,
        condition: Condition,
        channel: str = "dm",
        timeout: float = PATIENCE,  # noqa: ASYNC109 - the same
        *,
        fresh: bool = False,
    ) -> Json:
        """Wait for a message that contains this text, or for which `condition` holds, and return the newest one.

        With `fresh` only messages count that are new or changed since this person last did something.
        """
        end = time.monotonic() + timeout
        while True:
            messages = await self.messages(channel)
            for message in reversed(messages):
                old = fresh and self._before.get(message["ts"]) == snapshot(message)
                if not old and fulfils(message, condition):
                    return message
            if time.monotonic() > end:
                raise NotSeen(f"{self.user_id} waited {timeout:g} s for: {described(condition)}\n{describe(messages)}")
            await asyncio.sleep(POLL)

    async def ephemeral_text(self, channel: str = "dm", timeout: float = PATIENCE) -> str:  # noqa: ASYNC109 - the same
        """Wait for a new message that only this person sees, and return its text."""
        return words(await self.wait_for(lambda m: bool(m["ephemeral"]), channel, timeout, fresh=True))

    async def dialogue(self, channel: str = "dm") -> str:
        """The conversation as text."""
        return describe(await self.messages(channel))

    async def state(self) -> Json:
        """The state of the page: people, conversations, modals, Home tab."""
        return await self._get("/page/state")

    async def act(self, act: Json, channel: str = "dm") -> Json:
        """Do something. Raises `ActFailed` when Slack refuses it."""
        self._before = {m["ts"]: snapshot(m) for m in await self.messages(channel)}
        answer = await self._post("/page/act", act | {"as": self.user_id})
        if not answer["ok"]:
            raise ActFailed(act["kind"], answer["error"], await self.dialogue(channel))
        return answer

    async def channel(self, name: str) -> str:
        """The ID of a conversation: "dm", "#name" or the ID itself."""
        if name == "dm":
            return direct_message_id(self.user_id)
        return f"C0{name[1:].upper()}" if name.startswith("#") else name

    async def _until(self, look: Callable[[Json], Json | None], timeout: float, what: str) -> Json:  # noqa: ASYNC109
        end = time.monotonic() + timeout
        while True:
            result = look(await self.state())
            if result:
                return result
            if time.monotonic() > end:
                raise NotSeen(f"{self.user_id} waited {timeout:g} s for {what}\n{await self.dialogue()}")
            await asyncio.sleep(POLL)

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use the visitor as an async context manager")
        return self._session

    async def _get(self, path: str, **query: str) -> Json:
        async with self._http.get(self.base_url + path, params={"as": self.user_id, **query}) as response:
            response.raise_for_status()
            answer: Json = await response.json()
            return answer

    async def _post(self, path: str, body: Json) -> Json:
        async with self._http.post(self.base_url + path, json=body) as response:
            response.raise_for_status()
            answer: Json = await response.json()
            return answer


def _action(blocks: list[Json], name: str, option: str | None) -> Json:
    for names, block, element in parts(blocks):
        if name not in names:
            continue
        action = {"block_id": block["block_id"], "action_id": element["action_id"], "type": element["type"]}
        if element["type"] == "button":
            return action | ({"value": element["value"]} if "value" in element else {})
        if element["type"] == "plain_text_input":
            return action | {"value": option}
        chosen = [o for o in options_of(element) if option in (o["value"], o["text"]["text"])]
        if not chosen:
            raise ActFailed(f"choose {option} in {name}", "no such option")
        many = element["type"] in ("checkboxes", "multi_static_select")
        return action | ({"selected_options": chosen} if many else {"selected_option": chosen[0]})
    raise ActFailed(f"press {name}", "no such button", describe([{"blocks": blocks}]))


def _filled(blocks: list[Json], values: dict[str, Any]) -> Json:
    state: Json = {}
    left = dict(values)
    for _, block, element in parts(blocks):
        name = next((n for n in (block["block_id"], element["action_id"]) if n in left), None)
        if name is not None:
            value = _value(element, left.pop(name))
            state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **value}
    if left:
        raise ActFailed(f"fill in {', '.join(left)}", "no such field", describe([{"blocks": blocks}]))
    return state


def _value(element: Json, given: Any) -> Json:
    if element["type"] in ("plain_text_input", "number_input"):
        return {"value": given}
    names = [given] if isinstance(given, str) else list(given)
    options = options_of(element)
    chosen = [o for name in names for o in options if name in (o["value"], o["text"]["text"])]
    if len(chosen) != len(names):
        raise ActFailed(f"choose {given}", f"the options are {[o['text']['text'] for o in options]}")
    if element["type"] in ("checkboxes", "multi_static_select"):
        return {"selected_options": chosen}
    return {"selected_option": chosen[0]}
