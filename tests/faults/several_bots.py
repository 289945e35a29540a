"""Several processes over PostgreSQL behind one balancer; the first is killed, stopped and started again."""

import asyncio
import itertools
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.server import Sandbox
from tests.balancer import Balancer
from tests.faults.bot_to_kill import BotToKill, free_port
from tests.shared_pictures import shared_folder


class SeveralBots(BotToKill):
    """As one bot: what is done to it is done to the first, while the others go on."""

    def __init__(self, sandbox: Sandbox, folder: Path, port: int, url: str, processes: int) -> None:
        settings = {"DATABASE_URL": url, "HASH_KEY": secrets.token_hex(32), "STORE_THREADS": "2"}
        ports = [free_port() for _ in range(processes)]
        super().__init__(sandbox, folder, ports[0], settings)
        self.target = url
        self._address = port
        self._others = []
        for number, own in enumerate(ports[1:], 1):
            (folder / f"other{number}").mkdir()
            self._others.append(BotToKill(sandbox, folder / f"other{number}", own, settings))
        self._balancer = Balancer(ports)
        self._together = False

    async def start(self, kill_at: str = "") -> None:
        """Start the first; the others and the balancer too where they do not run yet."""
        await super().start(kill_at)
        if not self._together:
            self._together = True
            await self._balancer.start(self._address)
            for other in self._others:
                await other.start()
            for other in self._others:
                await other.connected()

    async def stop(self) -> int:
        """SIGTERM to all of them; 0 if all ended so."""
        self._together = False
        await self._balancer.stop()
        return max([await super().stop(), *[await other.stop() for other in self._others]])

    async def update(self) -> None:
        """Migrate with the next version while all serve, then replace one after the other."""
        every: list[BotToKill] = [self, *self._others]
        for one in every:
            one.program = [sys.executable, "-m", "tests.faults.next_version", *shared_folder()]
        assert await self.migrate() == 0, self.last_lines()
        for one in every:
            assert await BotToKill.stop(one) == 0, one.last_lines()
            await BotToKill.start(one)
            await one.connected()

    async def pause(self, seconds: float) -> None:
        """Stop the first in the middle of everything, and let it go on."""
        with self.stopped():
            await asyncio.sleep(seconds)

    def lines(self) -> Iterator[dict[str, Any]]:
        """The logs of all of them."""
        return itertools.chain(super().lines(), *(other.lines() for other in self._others))
