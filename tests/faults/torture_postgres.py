"""`python -m tests.faults.torture_postgres --kills 100`: the same with several processes over PostgreSQL.

The first process is killed, or stopped for longer than its leases or in the middle of a commit, or the server crashes
in the middle of everything, the first time for good: its synchronous standby takes over. Or all are replaced, one after
the other, by the next version. The other processes go on. With `--without` one of the locks is taken out, to see
whether that is noticed.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bot.app.crash_points import POINTS
from bot.slack.store_thread import OUTAGE_SECONDS
from bot.store.dialect import to_text
from conversations.engine.texts import LANGUAGES
from tests.faults.altered_bot import LOCKS
from tests.faults.bot_to_kill import SEND_LIMIT, BotToKill
from tests.faults.reckoning import Reckoning, database
from tests.faults.several_bots import SeveralBots
from tests.faults.torture import GHOST, RANDOM, UNANSWERED, UPLOADS, Delivery, Torture, _run
from tests.guides import guide
from tests.postgres_server import Looks, PostgresPair, PostgresServer, serving_pair
from tests.waiting import NeverHappened, until

STOPPED, RESTARTED, FAILED_OVER, UPDATED = "stopped", "server_restarted", "server_failed_over", "updated"
STOPPED_AT: Mapping[str, tuple[str, str, float, float]] = {
    "stopped_before_commit": ("stops", "before_commit", 0.3, 1.5),
    "stopped_while_posting": ("stops_while_posting", "before_send", 3 * SEND_LIMIT, 3 * SEND_LIMIT),
}
"""How it stops itself (`tests.faults.altered_bot`) and at which crash point; for at least and at most how many seconds.
"""
NOTICES = {"owner_lock": ("stopped_while_posting",), "ordering_lock": ("stopped_before_commit",)}
"""What is done when a lock is taken out: that which is dangerous without it."""
KINDS = (
    *(point for point in POINTS if point not in UPLOADS), RANDOM, UNANSWERED, GHOST,
    STOPPED, *STOPPED_AT, RESTARTED, UPDATED,
)  # fmt: skip
REST_SECONDS = 5.0
_TOLD = tuple(f"no key: {guide(language).say('answers.locked_message')[:30]}" for language in LANGUAGES)
"""How a message begins that says that the data cannot be reached, as it is counted."""


@dataclass
class PostgresTorture(Torture):
    """`processes` of the bot over a database of their own on `server`; the first crash of a pair is a failover."""

    server: PostgresServer | PostgresPair = field(kw_only=True)
    processes: int = 2
    delivery: Delivery = "http"
    kinds: tuple[str, ...] = KINDS
    patience: float = 8.0
    able: int = 1
    without: str = ""
    longest_outage: float = 0.0

    def _made(self, port: int) -> BotToKill:
        self.url = self.server.new_database()
        alterations = ["eager", *([f"without_{self.without}"] if self.without else [])]
        self.bots = SeveralBots(self.sandbox, self.folder, port, self.url, self.processes, alterations)
        return self.bots

    async def _one(self, kind: str) -> str:
        if kind in STOPPED_AT:
            return await self._stopped_at(kind)
        if kind not in {STOPPED, RESTARTED, UPDATED}:
            return await super()._one(kind)
        await self.bot.start()
        await self.bot.connected()
        await asyncio.sleep(self._chance.uniform(0.0, 1.0))
        if kind == STOPPED:
            await self.bots.pause(3 * SEND_LIMIT)
        elif kind == UPDATED:
            await self.bots.update()
        elif isinstance(self.server, PostgresPair) and not self.server.failed_over:
            kind = FAILED_OVER
            await self._outage(self.server.fail_over)
        else:
            await self._outage(self.server.restart)
        await asyncio.sleep(self._chance.uniform(0.5, 1.0))
        await self.bot.kill()
        return kind

    async def _stopped_at(self, kind: str) -> str:
        how, point, least, most = STOPPED_AT[kind]
        await self.bots.start_to_stop(f"{point}:{self._chance.randint(1, 5)}", how)
        if await self.bots.has_stopped(self.patience):
            await asyncio.sleep(self._chance.uniform(least, most))
            self.bots.go_on()
            await asyncio.sleep(self._chance.uniform(0.5, 1.0))
        else:
            kind = RANDOM
        await self.bot.kill()
        return kind

    def _let_time_pass(self) -> None:
        """The reminders of all walks fall due in a second; people rest until they are sent, while the kills go on."""
        self.resting.set()
        with contextlib.closing(database(self.url)) as conn:
            self._make_due(conn, datetime.now(UTC) + timedelta(seconds=1))
        self._rest = asyncio.create_task(self._until_reminded())

    async def _until_reminded(self) -> None:
        try:
            await asyncio.sleep(1.0)
            with contextlib.suppress(NeverHappened):
                await until(self._are_reminded, "nothing to be due", limit=REST_SECONDS)
        finally:
            self.resting.clear()

    def _are_reminded(self) -> bool:
        query = "SELECT 1 FROM reminders WHERE due_at <= ? LIMIT 1"
        with contextlib.suppress(psycopg.Error), contextlib.closing(database(self.url)) as conn:
            return conn.execute(query, (to_text(datetime.now(UTC)),)).fetchone() is None
        return False

    async def _outage(self, make: Callable[[], None]) -> None:
        began = time.monotonic()
        await asyncio.to_thread(make)
        self.longest_outage = max(self.longest_outage, time.monotonic() - began)

    def table(self) -> str:
        return f"{super().table()}\n  {FAILED_OVER:<32}{self.done[FAILED_OVER]:>7}"

    def _count(self, walkers: list[object], unfinished: int) -> Reckoning:
        result = super()._count(walkers, unfinished)
        incidents, lines = "incidents in the bot's log", list(self.bots.lines())
        # That the outbox could not use the server is said to operators; what came of it is counted.
        result.faults[incidents] = [line for line in result.faults[incidents] if "outbox_unusable" not in line]
        result.figures["times the outbox had no server"] = sum(one.get("event") == "outbox_unusable" for one in lines)
        outages = [one["seconds"] for one in lines if one.get("event") == "database_free"]
        result.figures["longest outage of the server, ms"] = round(self.longest_outage * 1000)
        result.figures["  as a process saw it"] = round(max(outages, default=0) * 1000)
        result.figures["people told of an outage"] = sum(one.get("event") == "refused_while_locked" for one in lines)
        if max(outages, default=0) > OUTAGE_SECONDS:  # then those who wrote a message were told in another one
            self._excuse(result)
        looks = Looks(self.url)
        result.faults["secrets in tables"] = self.secrets.leaks(looks.everything())
        (owners,) = looks.execute("SELECT count(DISTINCT owner) FROM outbox").fetchone()
        result.figures["processes that have sent"] = owners
        looks.close()
        return result

    @staticmethod
    def _excuse(result: Reckoning) -> None:
        """That somebody was told that the data cannot be reached is no fault here."""
        strange = "messages of no row"
        result.faults[strange] = [found for found in result.faults[strange] if not found.startswith(_TOLD)]


def main() -> int:
    """A table on standard output; 1 when a zero is missing."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--kills", type=int, default=300, help="how many in all")
    said.add_argument("--merchants", type=int, default=6)
    said.add_argument("--processes", type=int, default=3)
    said.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    said.add_argument("--without", choices=LOCKS, default="", help="the lock that is taken out")
    options = said.parse_args()
    kinds = NOTICES.get(options.without, KINDS)
    with serving_pair() as server:
        folder = Path(tempfile.mkdtemp(prefix="torture-"))
        torture = PostgresTorture(
            folder, options.kills, options.merchants, options.seed, server=server, processes=options.processes,
            without=options.without, kinds=kinds,
        )  # fmt: skip
        return 0 if _run(torture) else 1


if __name__ == "__main__":
    sys.exit(main())
