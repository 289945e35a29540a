"""Several processes over PostgreSQL behind one balancer; the first is killed, stopped and started again."""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.sandbox.server import Sandbox
from tests.balancer import Balancer
from tests.faults import altered_bot
from tests.faults.bot_to_kill import BotToKill, free_port
from tests.waiting import NeverHappened, until


class SeveralBots(BotToKill):
    """As one bot: what is done to it is done to the first, while the others go on.

    All have the `alterations` of `tests.faults.altered_bot`.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        folder: Path,
        port: int,
        url: str,
        processes: int,
        alterations: Sequence[str] = ("any_hour",),
    ) -> None:
        settings = {"DATABASE_URL": url, "HASH_KEY": secrets.token_hex(32), "STORE_THREADS": "2"}
        ports = [free_port() for _ in range(processes)]
        super().__init__(sandbox, folder, ports[0], settings)
        self.target = url
        self._address = port
        self.stopped_at = folder / altered_bot.STOPPED
        self._others: list[BotToKill] = []
        for number, own in enumerate(ports[1:], 1):
            (folder / f"other{number}").mkdir()
            self._others.append(BotToKill(sandbox, folder / f"other{number}", own, settings))
        self._balancer = Balancer(ports)
        self._together = False
        self._alterations = list(alterations)
        for one in self.every:
            one.program = altered_bot.program(*alterations)

    @property
    def every(self) -> list[BotToKill]:
        """All of them, each by itself."""
        return [self, *self._others]

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
        if "next_version" not in self._alterations:
            self._alterations.append("next_version")
        for one in self.every:
            one.program = altered_bot.program(*self._alterations)
        assert await self.migrate() == 0, self.last_lines()
        for one in self.every:
            await self.replace(one)

    @staticmethod
    async def replace(one: BotToKill) -> None:
        """Stop one of them, as an operator does, and start it again as the program that it is by now."""
        assert await BotToKill.stop(one) == 0, one.last_lines()
        await BotToKill.start(one)
        await one.connected()

    async def start_to_stop(self, stop_at: str, how: str) -> None:
        """Start the first, which stops itself where it would kill itself otherwise (`start`)."""
        self.stopped_at.unlink(missing_ok=True)
        self.program = altered_bot.program(*self._alterations, how)
        await self.start(stop_at)
        self.program = altered_bot.program(*self._alterations)

    async def has_stopped(self, patience: float) -> bool:
        """Whether it stops itself within so many seconds."""
        with contextlib.suppress(NeverHappened):
            await until(self.stopped_at.exists, "the bot to stop itself", limit=patience)
        return self.stopped_at.exists()

    async def pause(self, seconds: float) -> None:
        """Stop the first in the middle of everything, and let it go on."""
        with self.stopped():
            await asyncio.sleep(seconds)

    def lines(self) -> Iterator[dict[str, Any]]:
        """The logs of all of them."""
        return itertools.chain(super().lines(), *(other.lines() for other in self._others))
