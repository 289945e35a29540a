"""What the sandbox's page offers to try: stories that are played, values to paste, a clock that goes forward."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot.demo.clock import moved
from bot.demo.stories import MERCHANTS, all_plays, perform, play_named
from bot.sandbox.driver import HEADERS
from bot.settings.core import Settings
from conversations.all_texts import AllTexts, load_texts
from conversations.common_schema import CLOCK, PRACTISED
from conversations.engine.texts import LANGUAGES
from conversations.registry import PROCEDURES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.world import Json
    from conversations.engine.procedure import AnyProcedure
    from conversations.engine.texts import Language

PAUSE_SECONDS = 1.5
"""Before each act of a story on the page: long enough to see what was pressed."""
_SENTENCES = ("clock_hint", "play_title", "play_text", "play_yes", "played", "play_failed", "busy")


class Director:
    """The routes to which the sandbox passes on what its page asks and resets.

    `restart` gives the bot an empty database; `move` moves its clock forward; `pause` is the seconds before each act of
    a story.
    """

    def __init__(
        self, restart: Callable[[], Awaitable[None]], move: Callable[[timedelta], None], pause: float = PAUSE_SECONDS
    ) -> None:
        self.url = ""
        self._restart = restart
        self._move = move
        self._pause = pause
        self._ahead = timedelta()
        self._playing = asyncio.Lock()
        self._texts: AllTexts | None = None
        self._hours = Settings.model_construct().business_hours()  # the bot has the default settings as well

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes with their handlers."""
        return [web.post("/afresh", self._afresh), web.get("/demo", self._offers), web.post("/demo", self._act)]

    async def _afresh(self, _request: web.Request) -> web.Response:
        await self._restart()
        self._ahead = timedelta()
        return web.json_response({"ok": True})

    async def _offers(self, _request: web.Request) -> web.Response:
        if self._texts is None:
            self._texts = await asyncio.to_thread(load_texts)
        offered = {language: _offered(self._texts, language) for language in LANGUAGES}
        return web.json_response({"ok": True, **self._clock(), **offered})

    async def _act(self, request: web.Request) -> web.Response:
        asked = await request.json()
        match asked:
            case {"play": str(play), "language": "de" | "en" as language} if play in all_plays():
                answer = await self._play(play, language)
            case {"clock": str(to)} if to in CLOCK:
                ahead = await asyncio.to_thread(moved, datetime.now(UTC) + self._ahead, to, self._hours)
                self._move(ahead)
                self._ahead += ahead
                answer = {"ok": True, **self._clock()}
            case _:
                answer = {"ok": False, "error": "invalid_arguments"}
        return web.json_response(answer)

    async def _play(self, play: str, language: Language) -> Json:
        """Begin afresh and play; whether it ended as it should."""
        if self._playing.locked():
            return {"ok": False, "error": "busy"}
        async with self._playing:
            async with (
                aiohttp.ClientSession(headers=HEADERS) as session,
                session.post(f"{self.url}/page/reset", json={}) as answer,
            ):
                await answer.read()
            try:
                await perform(play, language, self.url, lambda _line: None, self._pause)
            except AssertionError as error:
                return {"ok": False, "error": "play_failed", "why": str(error)}
        return {"ok": True}

    def _clock(self) -> Json:
        return {"ahead": self._ahead.total_seconds(), "zone": str(self._hours.zone)}


def _offered(texts: AllTexts, language: Language) -> Json:
    """All in the words of a language. A procedure that says nothing of its stories has them by name."""
    common = texts[language]

    def label(procedure: AnyProcedure, name: str, kind: str) -> str:
        own, key = texts.of(language, procedure.id), f"demo.{kind}.{name}"
        return own.say(key) if key in own.texts else name

    return {
        "merchant": MERCHANTS[language][0],
        "people": {f"U0{name.upper()}": common.say(f"demo.people.{name}") for name in PRACTISED},
        "plays": [{"name": play, "label": label(*play_named(play), "plays")} for play in all_plays()],
        "samples": [
            {"value": make(), "label": label(procedure, name, "samples")}
            for procedure in PROCEDURES.values()
            for name, make in procedure.examples.samples.items()
        ],
        "clock": [{"to": to, "label": common.say(f"demo.clock.{to}")} for to in CLOCK],
        "say": {key: common.say(f"demo.{key}") for key in _SENTENCES},
    }
