"""Agents who answer, correct, take back, hand on and settle, and what merchants write to them, while the bot dies.

Each text has a mark of its own that ends with a dot, by which it is looked for afterwards.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.driver import ActFailed, NotSeen
from bot.sandbox.driver_words import options_of, parts, words
from bot.sandbox.server import Sandbox
from bot.sandbox.world import BOT_USER
from conversations.engine.texts import Texts
from tests.bytes_written import TypedSecrets
from tests.faults.patient_people import Onlooker

Json = dict[str, Any]
Act = Callable[[Json], Awaitable[None]]
SUPPORT = "#support"
INTERNAL = "intern"
"""How everything begins that agents write for one another only."""
PNG = b"\x89PNG\r\n\x1a\nwhat CONNECT shows" + bytes(range(200))
FORM_SECONDS = 2.5
_PLAIN = frozenset({"ticket:claim", "ticket:resolve", "ticket:close", "ticket:reopen"})
_DECISIONS = ("talk:pass_on", "talk:settled", "talk:unsettled")
_CARDS = 12


@dataclass
class Told:
    """The marks of what was surely written: agents' answers whose form closed, and merchants' lines."""

    answers: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def mark(self, word: str, user_id: str) -> str:
        """A new one."""
        self.count += 1
        return f"{word} {user_id}.{self.count}."


@dataclass
class Agent:
    """Works on whatever comes into #support, in their own time, until cancelled."""

    sandbox: Sandbox
    user_id: str
    chance: random.Random
    told: Told = field(default_factory=Told)
    secrets: TypedSecrets = field(default_factory=TypedSecrets)

    async def run(self) -> None:
        """Look at the cards again and again."""
        acts: list[Act] = [self._press, self._answer, self._change, self._hand, self._note]
        async with Onlooker(self.sandbox, self.user_id) as self._page:
            while True:
                await asyncio.sleep(self.chance.uniform(0.1, 0.5))
                cards = self._cards()
                if cards:
                    (act,) = self.chance.choices(acts, weights=(4, 4, 2, 1, 1))
                    with contextlib.suppress(ActFailed, NotSeen):
                        await act(self.chance.choice(cards))

    def _cards(self) -> list[Json]:
        found = self.sandbox.world.channels["C0SUPPORT"].messages
        tops = [m for m in found if m.user == BOT_USER and not m.is_reply and m.only_for is None]
        return [{"ts": m.ts, "blocks": m.blocks} for m in tops[-_CARDS:] if m.blocks and _number(m.blocks)]

    async def _press(self, card: Json) -> None:
        offered = [e["action_id"] for _, _, e in parts(card["blocks"]) if e["action_id"] in _PLAIN]
        if offered:
            await self._page.press(self.chance.choice(offered), message=card, channel=SUPPORT)

    async def _answer(self, card: Json) -> None:
        await self._page.press("ticket:answer", message=card, channel=SUPPORT)
        view = await self._form("ticket:answer")
        mark = self.told.mark("Antwort", self.user_id)
        text = mark if self.chance.random() < 0.7 else f"{mark} {self.secrets.new()}"
        if await self._submit(view, **{view["blocks"][-1]["block_id"]: text}):
            self.told.answers.append(mark)

    async def _change(self, card: Json) -> None:
        """Correct or take back an answer in the thread; a corrected one keeps its mark."""
        action_id = self.chance.choice(["talk:correct", "talk:correct", "talk:take_back"])
        copies = [
            m for m in await self._page.messages(SUPPORT)
            if m["thread_ts"] == card["ts"] and any(action_id in names for names, _, _ in parts(m["blocks"]))
        ]  # fmt: skip
        if not copies:
            return
        await self._page.press(action_id, message=self.chance.choice(copies), channel=SUPPORT)
        if action_id == "talk:correct":
            view = await self._form(action_id)
            element = view["blocks"][-1]["element"]
            await self._submit(view, **{"text.0": f"{element['initial_value']} Besser so."})

    async def _hand(self, card: Json) -> None:
        await self._page.press("ticket:more", option=f"hand:{_number(card['blocks'])}", message=card, channel=SUPPORT)
        view = await self._form("ticket:hand")
        colleagues = [o["value"] for _, _, e in parts(view["blocks"]) for o in options_of(e)]
        note = self.told.mark(INTERNAL, self.user_id)
        await self._submit(view, to=self.chance.choice(colleagues), note=note)

    async def _note(self, card: Json) -> None:
        await self._page.say(self.told.mark(INTERNAL, self.user_id), thread_ts=card["ts"], channel=SUPPORT)

    async def _form(self, callback_id: str) -> Json:
        return await self._page.modal(FORM_SECONDS, shows=lambda view: bool(view["callback_id"] == callback_id))

    async def _submit(self, view: Json, **values: Any) -> bool:
        """Whether it was taken, and not answered with a sentence; tried again as long as the form is open."""
        for _ in range(3):
            with contextlib.suppress(ActFailed):
                errors = await self._page.fill_and_submit(view, **values)
                taken = not errors and not (await self._page.state())["modals"]
                await self._close()
                return taken
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))
        await self._close()
        return False

    async def _close(self) -> None:
        for view in reversed((await self._page.state())["modals"]):
            await self._page.act({"kind": "close", "view_id": view["id"]})


def _number(blocks: list[Json]) -> str:
    """The ticket whose card it is, "" when it is none."""
    ids = [block.get("block_id", "").split(".") for block in blocks]
    return next((found[1] for found in ids if found[0] == "ticket" and len(found) > 1), "")


@dataclass
class Chatting:
    """What a merchant writes once somebody of support has answered: lines and pictures in the thread, and decisions."""

    page: Onlooker
    all_texts: dict[str, Texts]
    chance: random.Random
    told: Told
    secrets: TypedSecrets

    async def go(self) -> None:
        """One thing. Slack keeps what is written and brings it to the bot again; a press may get lost."""
        messages = await self.page.messages()
        asked = [(m, name) for m in messages for name in _DECISIONS if any(name in n for n, _, _ in parts(m["blocks"]))]
        if asked and self.chance.random() < 0.6:
            message, name = self.chance.choice(asked)
            with contextlib.suppress(ActFailed):
                await self.page.press(name, message=message)
            return
        how = [texts.say("talk.to_merchant.how").strip() for texts in self.all_texts.values()]
        roots = [m["ts"] for m in messages if any(one in words(m) for one in how)]
        if not roots:
            return
        mark = self.told.mark("Zeile", self.page.user_id)
        text = mark if self.chance.random() < 0.7 else f"{mark} {self.secrets.new()}"
        if self.chance.random() < 0.3:
            await self.page.send_file("connect.png", PNG, text, thread_ts=roots[-1])
        else:
            await self.page.say(text, thread_ts=roots[-1])
        self.told.lines.append(mark)
