"""`python -m tests.faults.torture_postgres --kills 100`: the same with several processes over PostgreSQL.

The first process is killed, or stopped for longer than its leases, or the server is restarted in the middle of
everything; the other processes go on.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.crash_points import POINTS
from tests.faults.bot_to_kill import SEND_LIMIT, BotToKill
from tests.faults.reckoning import Reckoning
from tests.faults.several_bots import SeveralBots
from tests.faults.torture import GHOST, RANDOM, UNANSWERED, UPLOADS, Delivery, Torture, _run
from tests.postgres_server import Looks, PostgresServer, serving

STOPPED, RESTARTED = "stopped", "server_restarted"
KINDS = (*(point for point in POINTS if point not in UPLOADS), RANDOM, UNANSWERED, GHOST, STOPPED, RESTARTED)


@dataclass
class PostgresTorture(Torture):
    """`processes` of the bot over a database of their own on `server`."""

    server: PostgresServer = field(kw_only=True)
    processes: int = 2
    delivery: Delivery = "http"
    kinds: tuple[str, ...] = KINDS
    patience: float = 8.0

    def _made(self, port: int) -> BotToKill:
        self.url = self.server.new_database()
        self.bots = SeveralBots(self.sandbox, self.folder, port, self.url, self.processes)
        return self.bots

    async def _one(self, kind: str) -> str:
        if kind not in {STOPPED, RESTARTED}:
            return await super()._one(kind)
        await self.bot.start()
        await self.bot.connected()
        await asyncio.sleep(self._chance.uniform(0.0, 1.0))
        if kind == STOPPED:
            await self.bots.pause(3 * SEND_LIMIT)
        else:
            await asyncio.to_thread(self.server.restart)
        await asyncio.sleep(self._chance.uniform(0.5, 1.0))
        await self.bot.kill()
        return kind

    def _count(self, walkers: list[object], unfinished: int) -> Reckoning:
        result = super()._count(walkers, unfinished)
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
    with serving() as server:
        folder = Path(tempfile.mkdtemp(prefix="torture-"))
        torture = PostgresTorture(
            folder, options.kills, options.merchants, options.seed, server=server, processes=options.processes
        )
        return 0 if _run(torture) else 1


if __name__ == "__main__":
    sys.exit(main())
