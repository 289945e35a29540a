"""A bot that is killed while one procedure hands somebody over to another: one walk continues, with what was typed."""

import contextlib
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.faults.bot_to_kill import BotToKill
from tests.faults.patient_people import Onlooker, Plan, Walked
from tests.faults.reckoning import database, reckon
from tests.faults.test_toy_killed import Walker

BEFORE = ("/amazon-token", "walk:orders_stopped", "4.9.26.2")
"""To the question which fields CONNECT shows."""


@pytest.mark.story
@pytest.mark.long
async def test_a_change_of_procedure_survives_a_kill(sandbox: Sandbox, tmp_path: Path) -> None:
    """Killed after the act that ends one walk and begins the other, before anybody hears of it: pressed again."""
    async with BotToKill(sandbox, tmp_path) as bot, Onlooker(sandbox, "U0ERIKA") as erika:
        kill_at = tmp_path / "kill_at"
        await bot.start(f"file:{kill_at}")
        await bot.connected()
        walker = Walker(bot, erika)
        for act in BEFORE:
            await walker.do(act)
        await bot.at_rest()
        kill_at.write_text("after_commit:1", "ascii")
        await walker.do("walk:sees_sp_api")
        await walker.do("walk:field_filled")
        await bot.at_rest()
        live = await walker.live()
        assert await bot.stop() == 0
    assert walker.revived == 1, "it died in the handover and not later"
    assert live is not None
    address = live[1]
    with contextlib.closing(database(bot.database)) as conn:
        first, second = conn.execute("SELECT id, step FROM walks ORDER BY id").fetchall()
    assert first[1] == "transferred"
    assert second == (address.walk_id, "connect_accounts")
    walked = [Walked(first[0], Plan(), step="transferred"), Walked(second[0], Plan(), step="connect_accounts")]
    result = reckon(sandbox, bot.database, walked)
    assert result.clean, result.table()
