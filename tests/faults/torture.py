"""`python -m tests.faults.torture --kills 300`: people walk while the bot is killed; then everything is counted."""

import argparse
import asyncio
import contextlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import psycopg

from bot.app.crash_points import POINTS
from bot.sandbox.server import Sandbox
from bot.store.dialect import to_text
from conversations.engine.texts import LANGUAGES, Texts
from tests.bytes_written import TypedSecrets, files, sent
from tests.faults.bot_to_kill import BotToKill, free_port
from tests.faults.crowd import the_crowd
from tests.faults.patient_people import Merchant, Onlooker, dice
from tests.faults.reckoning import Reckoning, database, posts, reckon, reminded, reminded_too_often, standing
from tests.faults.talkers import Agent, Chatting, Told
from tests.guides import guide
from tests.waiting import LIMIT, QUICK, until

Delivery = Literal["socket", "http"]
DELIVERIES: tuple[Delivery, ...] = get_args(Delivery)
ROOT = Path(__file__).parent.parent.parent
RETRY_AFTER = (0.0, 1.5, 4.0)
"""As Slack's at once, one minute, five minutes."""
RANDOM, UNANSWERED, GHOST = "any_moment", "unanswered", "ghost_step"
"""Killed at any moment; killed when Slack had accepted and not yet answered; the same, and the merchant presses the
button of the message before the bot can look for it."""
UPLOADS = frozenset({"before_upload", "after_upload"})
KINDS = (*POINTS, RANDOM, UNANSWERED, GHOST)
CALM_SECONDS = 4 * LIMIT


@dataclass
class Torture:
    """One run of `kills` kills on a sandbox and a bot in `folder`; what it does follows from `seed`."""

    folder: Path
    kills: int
    merchants: int = 6
    seed: int = 0
    delivery: Delivery = "socket"
    done: Counter[str] = field(default_factory=Counter)
    accepted: set[str] = field(default_factory=set)
    secrets: TypedSecrets = field(default_factory=TypedSecrets)
    told: Told = field(default_factory=Told)
    leaks: list[str] = field(default_factory=list)
    made_due: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By walk, from when on its reminder was due."""
    able: int = 0
    """How many merchants there are besides who never need support."""
    resting: asyncio.Event = field(default_factory=asyncio.Event)
    clean_exit: bool = False
    kinds: tuple[str, ...] = KINDS
    patience: float = LIMIT

    async def run(self) -> Reckoning:
        """Kill, let everybody come to an end, and count."""
        self._chance = dice(self.seed)
        crowd = the_crowd(self.merchants + self.able)
        async with Sandbox(
            ROOT / "manifest.yml", delivery=self.delivery, retry_after=RETRY_AFTER, people=crowd, **QUICK
        ) as self.sandbox:
            port = free_port() if self.delivery == "http" else 0
            self.sandbox.request_url = f"http://127.0.0.1:{port}/slack/events"
            self.bot = self._made(port)
            enough = asyncio.Event()
            all_texts = {str(one): guide(one) for one in LANGUAGES}
            agents = [
                Agent(self.sandbox, p.id, self._dice(), self.told, self.secrets) for p in crowd if p.role == "agent"
            ]
            host = agents[0].user_id
            walkers = [
                Merchant(
                    self.sandbox, p.id, all_texts, self._dice(), enough, self.secrets, host=host,
                    invited_after=number % 3,
                    chats=self._chatting(all_texts), able=number >= self.merchants, resting=self.resting,
                )
                for number, p in enumerate(crowd) if p.role == "merchant"
            ]  # fmt: skip
            telephonist = agents.pop().user_id
            walkers.append(
                Merchant(
                    self.sandbox, telephonist, all_texts, self._dice(), enough, self.secrets, user="Frau Beispiel",
                    resting=self.resting,
                )
            )  # fmt: skip
            walks = [asyncio.create_task(one.run()) for one in walkers]
            decisions = [asyncio.create_task(one.run()) for one in agents]
            try:
                await self._kill_often()
                await self.bot.start()
                await self.bot.connected()
                # On a busy machine the bot may die each time before an answer is through.
                await until(lambda: self.told.answers, "an agent to answer")
                for walker in walkers:
                    walker.calm_since = time.monotonic()
                enough.set()
                ended, stuck = await asyncio.wait(walks, timeout=CALM_SECONDS)
                for task in ended:
                    task.result()
                await self._end(decisions)
                await self.bot.at_rest()
            finally:
                await self._end([*walks, *decisions])
                self.clean_exit = await self.bot.stop() == 0
            await self._send_what_came_last()
            return self._count(walkers, len(stuck))

    def _made(self, port: int) -> BotToKill:
        return BotToKill(self.sandbox, self.folder, port)

    async def _send_what_came_last(self) -> None:
        """A press that was under way when the bot was at rest may have left rows; the next start sends them."""
        with contextlib.closing(database(self.bot.target)) as conn:
            if not conn.execute("SELECT 1 FROM outbox WHERE state IN ('pending', 'running') LIMIT 1").fetchone():
                return
        await self.bot.start()
        await self.bot.connected()
        await self.bot.at_rest()
        self.clean_exit = self.clean_exit and await self.bot.stop() == 0

    def _dice(self) -> random.Random:
        return dice(self._chance.random())

    def _chatting(self, all_texts: dict[str, Texts]) -> Callable[[Onlooker], Awaitable[None]]:
        chance = self._dice()
        return lambda page: Chatting(page, all_texts, chance, self.told, self.secrets).go()

    async def _kill_often(self) -> None:
        kinds = [self.kinds[n % len(self.kinds)] for n in range(self.kills)]
        self._chance.shuffle(kinds)
        for number, kind in enumerate(kinds, 1):
            self.done[await self._one(kind)] += 1
            self._note_unrecorded()
            self._search()
            if number % 3 == 0:
                self._let_time_pass()
            if number % 25 == 0:
                sys.stderr.write(f"{number} kills\n")

    async def _one(self, kind: str) -> str:
        """The kind of kill that it became."""
        chance = self._chance
        if kind in POINTS:
            uploads = kind in UPLOADS
            if uploads:
                self._forget_pictures()
            await self.bot.start(f"{kind}:{1 if uploads else chance.randint(1, 5)}")
            if await self.bot.died(self.patience):
                return kind
        elif kind == RANDOM:
            await self.bot.start()
            await asyncio.sleep(chance.uniform(0.2, 3.0))
        else:
            await self.bot.start()
            await self.bot.connected()
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            if await self._until_accepted():
                if kind == GHOST:
                    self.sandbox.misbehave("conversations.history", "error_503", times=2)
                await self.bot.kill()
                return kind
        await self.bot.kill()
        return RANDOM

    async def _until_accepted(self) -> bool:
        """Wait until Slack has taken a message to a merchant without having answered."""
        before = len(self.sandbox.calls)
        self.sandbox.misbehave("chat.postMessage", "timeout_after")
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if any(c.outcome == "timeout_after" for c in self.sandbox.calls[before:]):
                return True
            await asyncio.sleep(0.01)
        return False

    def _search(self) -> None:
        """What a killed bot has left behind, with its write-ahead log, holds no secret either."""
        self.leaks += self.secrets.leaks(files(self.folder))

    def _forget_pictures(self) -> None:
        """As after a change of the drawings: while the bot was dead its pictures became others than the workspace's."""
        with (
            contextlib.closing(sqlite3.connect(self.bot.database)) as conn,
            contextlib.suppress(sqlite3.OperationalError),
        ):
            conn.execute("DELETE FROM pictures")
            conn.commit()

    def _let_time_pass(self) -> None:
        """While the bot is dead the reminders of all walks fall due."""
        with (
            contextlib.closing(sqlite3.connect(self.bot.database)) as conn,
            contextlib.suppress(sqlite3.OperationalError),
        ):
            self._make_due(conn, datetime.now(UTC))
            conn.commit()

    def _make_due(self, conn: Any, moment: datetime) -> None:
        due_at = to_text(moment)
        query = "UPDATE reminders SET due_at = ? WHERE due_at IS NOT NULL RETURNING walk_id"
        for (walk_id,) in conn.execute(query, (due_at,)).fetchall():
            self.made_due[walk_id].append(due_at)

    def _note_unrecorded(self) -> None:
        """Which messages stand in Slack although the dead bot does not know it."""
        if self.bot.target == self.bot.database and not self.bot.database.exists():
            return
        conn = database(self.bot.target)
        with contextlib.closing(conn), contextlib.suppress(sqlite3.Error, psycopg.Error):
            there = standing(self.sandbox)
            self.accepted |= {row.key for row in posts(conn) if row.state == "running" and row.key in there}

    @staticmethod
    async def _end(tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _count(self, walkers: list[Merchant], unfinished: int) -> Reckoning:
        result = reckon(self.sandbox, self.bot.target, [walked for w in walkers for walked in w.walked], self.told)
        looked = {line.get("row") for line in self.bot.lines() if line.get("outcome") == "found"}
        with contextlib.closing(database(self.bot.target)) as conn:
            found = {row.key for row in posts(conn) if row.id in looked}
            sent_reminders = reminded(conn)
        result.faults["reminders sent twice"] = reminded_too_often(sent_reminders, self.made_due)
        result.figures |= {
            "people's second tries": sum(walker.retries for walker in walkers),
            "accepted, not recorded": len(self.accepted),
            "  found by looking": len(self.accepted & found),
            "  proved by a press first": len(self.accepted - found),
            "events that Slack gave up": len(self.sandbox.events.given_up),
            "secrets typed": len(self.secrets.typed),
        }
        result.faults["secrets in files, log or Slack"] = self.leaks + self.secrets.leaks(
            [*files(self.folder), *sent(self.sandbox)]
        )
        result.faults["stuck walks"] += [f"{unfinished} people were not done"] if unfinished else []
        result.faults["odd refusals by Slack"] = [odd for walker in walkers for odd in walker.odd]
        result.faults["incidents in the bot's log"] = [
            str(line)[:600] for line in self.bot.lines() if line.get("event") in {"incident", "outbox_unusable"}
        ]
        result.faults["unclean exits"] = [] if self.clean_exit else [self.bot.last_lines()]
        return result

    def table(self) -> str:
        """Kills by kind."""
        lines = [f"{'kills':<34}{self.done.total():>7}"]
        return "\n".join([*lines, *(f"  {kind:<32}{self.done[kind]:>7}" for kind in self.kinds)])


def _run(torture: Torture) -> bool:
    """Run one torture and write its table; whether it was clean."""
    began = time.monotonic()
    result = asyncio.run(torture.run())
    if result.clean:
        shutil.rmtree(torture.folder)
    else:
        sys.stdout.write(f"database and log are kept in {torture.folder}\n")
    seconds = round(time.monotonic() - began)
    verdict = f"{torture.delivery}, seed {torture.seed}, {seconds} s: {'clean' if result.clean else 'NOT CLEAN'}"
    sys.stdout.write(f"{torture.table()}\n{result.table()}\n{verdict}\n\n")
    return result.clean


def main() -> int:
    """A table for each way of delivery on standard output; 1 when a zero is missing."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--kills", type=int, default=300, help="how many in all")
    said.add_argument("--merchants", type=int, default=6)
    said.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    said.add_argument("--delivery", choices=[*DELIVERIES, "both"], default="both", help="a third is HTTP's with both")
    options = said.parse_args()
    shares = {"socket": options.kills - options.kills // 3, "http": options.kills // 3}
    if options.delivery != "both":
        shares = {options.delivery: options.kills}
    runs = [
        Torture(Path(tempfile.mkdtemp(prefix="torture-")), kills, options.merchants, options.seed, delivery)
        for delivery, kills in shares.items()
    ]
    clean = [_run(one) for one in runs]
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main())
