"""The desk's story with a bot that dies at each act, and what everybody sees and the database holds afterwards."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.app.crash_points import VARIABLE
from bot.sandbox.driver import ActFailed, Visitor
from bot.sandbox.driver_words import parts, words
from bot.sandbox.server import Sandbox
from tests.faults.bot_to_kill import BotToKill
from tests.faults.desk_story import SUPPORT, Act, Cast, Turn
from tests.faults.patient_people import GONE, OUTAGES
from tests.faults.reckoning import database
from tests.waiting import QUICK, until

ROOT = Path(__file__).parent.parent.parent
RETRY_AFTER = (0.0, 0.5, 1.5, 3.0, 6.0, 12.0)
"""Slack repeats an event at once, after a minute, after five; here sooner."""
TRIES = 4
_VOLATILE = re.compile(r"<!date\^[^>]*>|ticket-100\d-[k-z]{8}|\b\d{1,2}:\d\d\b|Zeit je Schritt:[^\n]*")
"""Times, how long a step took, and the names of files passed on."""
_FILED = re.compile(
    r"(Ihr Fall ist als|Your case is filed as) (\*?[Tt]icket \d+\*?)"
    r"( aufgenommen und wird unserem Support zugestellt| and is being delivered to our support)"
)
_ANSWER_BY = re.compile(
    r"(?:  ·  )?(?:Antwort zu Ticket \d+ voraussichtlich bis|Answer to ticket \d+ expected by) [^\n·]*\n?"
)
"""Said while support owes an answer: a message that is made again after a kill says what holds then."""
_RECEIVED = re.compile(r"(Unser Support hat Ihren Fall|Our support has your case): (\*?[Tt]icket \d+\*?)")
"""Both are true, each at its time: somebody who asks again after a kill reads the later one."""


class DeskStory:
    """Plays the story in `folder`. `struck` holds what was killed where."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._orders = folder / "orders"
        self.struck: list[tuple[str, str]] = []
        self.repeated = 0

    async def play(self, orders: Sequence[str] = ()) -> dict[str, Any]:
        """What is left at the end. At the n-th act to be survived the bot dies by the n-th order, round and round."""
        async with contextlib.AsyncExitStack() as stack:
            self._sandbox = await stack.enter_async_context(
                Sandbox(ROOT / "manifest.yml", retry_after=RETRY_AFTER, **QUICK)
            )
            more = {VARIABLE: f"file:{self._orders}", "PICTURES": "false"}
            self.bot = BotToKill(self._sandbox, self._folder, settings=more)
            people = ("U0ERIKA", "U0OLIVER", "U0ANNA", "U0BEN")
            self._everybody = [await stack.enter_async_context(Visitor(self._sandbox.url, one)) for one in people]
            self._cast = Cast(*self._everybody)
            await self._start()
            try:
                killed = 0
                for turn in self._cast.turns():
                    order = orders[killed % len(orders)] if orders and turn.killed else ""
                    killed += turn.killed
                    await self._take(turn, order)
                return await self._left()
            finally:
                assert await self.bot.stop() == 0, self.bot.last_lines()

    async def _start(self) -> None:
        await self.bot.start()
        await self.bot.connected()

    async def _take(self, turn: Turn, order: str) -> None:
        for act in turn.acts:
            if act.ready is not None:
                await act.ready()
        self._orders.write_text(order, "ascii")
        await asyncio.gather(*(self._try(act) for act in turn.acts))
        if order:
            await self._come_back(turn, order)
        await self.bot.at_rest()
        for act in turn.acts:
            await self._until_seen(turn, act)

    async def _come_back(self, turn: Turn, order: str) -> None:
        assert await self.bot.died(), f"{order} was not passed at: {turn.name}\n{self.bot.last_lines()}"
        self.struck.append((turn.name, order))
        self._orders.write_text("", "ascii")
        await self._start()

    async def _until_seen(self, turn: Turn, act: Act) -> None:
        """People whose form is still open send it again; everything else they repeat when nothing came of it."""
        if act.ready is not None and await self._forms(act):
            await self._again(act)
        for _ in range(0 if act.once else TRIES):
            if await act.seen():
                break
            await self._again(act)

        async def told() -> str:
            return f"{await act.who.dialogue()}\n{self.bot.last_lines()}"

        await until(act.seen, f"what comes of: {turn.name}", told)
        for _ in await self._forms(act):
            await act.who.close_modal()

    async def _again(self, act: Act) -> None:
        self.repeated += 1
        if act.ready is not None and not await self._forms(act):
            await act.ready()
        await self._try(act)
        await self.bot.at_rest()

    @staticmethod
    async def _forms(act: Act) -> list[Any]:
        return list((await act.who.state())["modals"])

    @staticmethod
    async def _try(act: Act) -> None:
        try:
            await act.do()
        except ActFailed as failed:
            if failed.error not in OUTAGES | GONE:
                raise

    async def _left(self) -> dict[str, Any]:
        await self.bot.at_rest("SELECT 1 FROM chores WHERE name LIKE 'card:%'")
        await self.bot.at_rest()
        seen = {one.user_id: _shown(await one.messages()) for one in self._everybody}
        support = await self._cast.anna.messages(SUPPORT)
        tops = [one for one in support if not one["thread_ts"]]
        threads = [[one for one in support if top["ts"] in (one["ts"], one["thread_ts"])] for top in tops]
        threads.sort(key=lambda thread: words(thread[0])[:40])
        with contextlib.closing(database(self.bot.database)) as conn:
            kept = {name: conn.execute(query).fetchall() for name, query in _KEPT.items()}
        incidents = [line for line in self.bot.lines() if line.get("event") in {"incident", "outbox_row_dead"}]
        return {"incidents": incidents, "threads": [_shown(one) for one in threads], **seen, **kept}


_KEPT = {
    "tickets": "SELECT number, state, merchant_id, claimed_by, resolved_by, closed_by FROM tickets ORDER BY number",
    "acts": "SELECT number, name, state, next_state, actor_id FROM ticket_events ORDER BY number, id",
    "words": "SELECT number, side, author_id, text, state FROM ticket_messages ORDER BY number, id",
    "timers": "SELECT number, kind FROM ticket_timers ORDER BY number",
    "walks": "SELECT step, worker_id, ended_at IS NULL FROM walks ORDER BY id",
}


def _shown(messages: list[Any]) -> list[tuple[str, str, bool, list[str], int]]:
    """What lasts of a conversation: who, what, whether in a thread, with which buttons, and how many files."""
    return [
        (
            one["user"], _lasting(words(one)), one["thread_ts"] is not None,
            [names[1] for names, _, _ in parts(one["blocks"])], len(one["files"]),
        )
        for one in messages if not one["ephemeral"]
    ]  # fmt: skip


def _lasting(text: str) -> str:
    return _RECEIVED.sub(r"\2 …", _FILED.sub(r"\2 …", _ANSWER_BY.sub("", _VOLATILE.sub("…", text))))
