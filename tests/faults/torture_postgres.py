"""`python -m tests.faults.torture_postgres --kills 100`: the same with several processes over PostgreSQL.

The first process is killed, or stopped for longer than its leases, or the server crashes in the middle of everything,
the first time for good: its synchronous standby takes over. Or all are replaced, one after the other, by the next
version. The other processes go on.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.crash_points import POINTS
from bot.slack.store_thread import OUTAGE_SECONDS
from tests.faults.bot_to_kill import SEND_LIMIT, BotToKill
from tests.faults.reckoning import Reckoning
from tests.faults.several_bots import SeveralBots
from tests.faults.torture import GHOST, RANDOM, UNANSWERED, UPLOADS, Delivery, Torture, _run
from tests.postgres_server import Looks, PostgresPair, PostgresServer, serving_pair

STOPPED, RESTARTED, FAILED_OVER, UPDATED = "stopped", "server_restarted", "server_failed_over", "updated"
KINDS = (*(point for point in POINTS if point not in UPLOADS), RANDOM, UNANSWERED, GHOST, STOPPED, RESTARTED, UPDATED)


@dataclass
class PostgresTorture(Torture):
    """`processes` of the bot over a database of their own on `server`; the first crash of a pair is a failover."""

    server: PostgresServer | PostgresPair = field(kw_only=True)
    processes: int = 2
    delivery: Delivery = "http"
    kinds: tuple[str, ...] = KINDS
    patience: float = 8.0
    longest_outage: float = 0.0

    def _made(self, port: int) -> BotToKill:
        self.url = self.server.new_database()
        self.bots = SeveralBots(self.sandbox, self.folder, port, self.url, self.processes)
        return self.bots

    async def _one(self, kind: str) -> str:
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

    async def _outage(self, make: Callable[[], None]) -> None:
        began = time.monotonic()
        await asyncio.to_thread(make)
        self.longest_outage = max(self.longest_outage, time.monotonic() - began)

    def table(self) -> str:
        return f"{super().table()}\n  {FAILED_OVER:<32}{self.done[FAILED_OVER]:>7}"

    def _count(self, walkers: list[object], unfinished: int) -> Reckoning:
        result = super()._count(walkers, unfinished)
        if self.longest_outage > OUTAGE_SECONDS:  # then the outbox says so
            incidents = "incidents in the bot's log"
            result.faults[incidents] = [line for line in result.faults[incidents] if "outbox_unusable" not in line]
        result.figures["longest outage of the server, ms"] = round(self.longest_outage * 1000)
        looks = Looks(self.url)
        result.faults["secrets in tables"] = self.secrets.leaks(looks.everything())
        (owners,) = looks.execute("SELECT count(DISTINCT owner) FROM outbox").fetchone()
        result.figures["processes that have sent"] = owners
        looks.close()
        return result


def main() -> int:
    """A table on standard output; 1 when a zero is missing."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--kills", type=int, default=300, help="how many in all")
    said.add_argument("--merchants", type=int, default=6)
    said.add_argument("--processes", type=int, default=3)
    said.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = said.parse_args()
    with serving_pair() as server:
        folder = Path(tempfile.mkdtemp(prefix="torture-"))
        torture = PostgresTorture(
            folder, options.kills, options.merchants, options.seed, server=server, processes=options.processes
        )
        return 0 if _run(torture) else 1


if __name__ == "__main__":
    sys.exit(main())
