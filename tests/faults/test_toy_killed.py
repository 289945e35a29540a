"""A bot that is killed in the middle of a procedure that it has never seen: nothing is lost, nothing comes twice."""

from pathlib import Path
from typing import Any

import pytest

from bot.blocks.actions import Address
from bot.sandbox.driver import ActFailed
from bot.sandbox.server import Sandbox
from tests.faults.bot_to_kill import BotToKill
from tests.faults.patient_people import GONE, OUTAGES, Onlooker, Plan, Walked, addresses
from tests.faults.reckoning import reckon
from tests.shared_pictures import TOYS
from tests.waiting import until

Json = dict[str, Any]
WAY = (
    "walk:drinks_coffee", "Kitchen", "walk:no_filter", "walk:advance", "walk:advance", "walk:all_clean",
    "walk:tastes_bad",
)  # fmt: skip
"""To the technician: a branch, a typed value, an urgency, a screen of two steps, a ticket."""


class Walker:
    """Oliver, who presses the same button again when nothing came of it, and types again after the bot was away."""

    def __init__(self, bot: BotToKill, page: Onlooker) -> None:
        self.bot, self.page = bot, page
        self.revived = 0

    async def live(self) -> tuple[Json, Address] | None:
        """The newest message with buttons of a walk, and where they lead."""
        for message in reversed(await self.page.messages()):
            if (address := next(addresses(message["blocks"]), None)) is not None:
                return message, address
        return None

    async def do(self, act: str) -> None:
        """Do it until the next step is there, and start the bot whenever it has died."""
        before = await self.live()
        typed = False

        async def moved() -> bool:
            nonlocal typed
            died = await self.bot.revive()
            self.revived += died
            typed = typed and not died
            now = await self.live()
            if now is not None and (before is None or now[1].step != before[1].step):
                return True
            on_its_way = now is None and before is not None
            if not typed and not on_its_way:
                typed = not act.startswith("walk:")
                await self._try(act, now[0] if now is not None else None)
            return False

        await until(moved, f"what comes of {act}", self.page.dialogue)

    async def _try(self, act: str, message: Json | None) -> None:
        try:
            if act.startswith("walk:"):
                await self.page.press(act, message=message)
            else:
                await (self.page.command(act) if act.startswith("/") else self.page.say(act))
        except ActFailed as failed:
            if failed.error not in OUTAGES | GONE:
                raise


@pytest.mark.story
@pytest.mark.long
@pytest.mark.parametrize("point", ["before_commit", "after_commit", "before_send", "after_send"])
async def test_a_walk_through_a_toy_survives_a_kill(sandbox: Sandbox, tmp_path: Path, point: str) -> None:
    """Killed at the fourth pass of a point: whoever goes on afterwards comes to the end, with one ticket."""
    async with BotToKill(sandbox, tmp_path, settings={TOYS: "1"}) as bot, Onlooker(sandbox, "U0OLIVER") as oliver:
        await bot.start(f"{point}:4")
        await bot.connected()
        walker = Walker(bot, oliver)
        for act in ("/amazon-token coffee", *WAY):
            await walker.do(act)
        await bot.revive()
        await bot.at_rest()
        live = await walker.live()
        assert await bot.stop() == 0
    assert live is not None
    address = live[1]
    assert address.step == "with_technician"
    walked = Walked(address.walk_id, Plan(failures=2), step="with_technician")
    result = reckon(sandbox, bot.database, [walked])
    assert result.clean, result.table()
    assert result.figures["tickets"] == 1
