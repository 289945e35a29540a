"""A play ends with the bot's traceback as soon as the bot has failed."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.demo.incidents import unless_incident
from bot.demo.scene import UnexpectedEnd

INCIDENT = json.dumps(
    {"event": "incident", "level": "error", "exception": "Traceback …\nKeyError: 'records.holds_air'"}
)


async def test_a_play_waits_no_longer_once_the_bot_has_failed(tmp_path: Path) -> None:
    """The reason is shown instead of what the person waited for in vain, and the play is over."""
    log, cancelled = tmp_path / "bot.log", asyncio.Event()
    log.write_text('{"event": "started", "level": "info"}\n', "utf-8")

    async def play() -> None:
        log.write_text(f"{log.read_text('utf-8')}{INCIDENT}\n", "utf-8")
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(UnexpectedEnd, match=r"KeyError: 'records\.holds_air'"):
        await unless_incident(play(), log)
    assert cancelled.is_set()


async def test_a_play_without_incidents_ends_by_itself(tmp_path: Path) -> None:
    """Other lines of the log, and lines that are no JSON, end nothing; what the play raises is passed on."""
    log = tmp_path / "bot.log"
    log.write_text('Warning: no JSON\n{"event": "started", "level": "info"}\n{"event": "half', "utf-8")

    async def good() -> None:
        await asyncio.sleep(0)

    async def bad() -> None:
        raise UnexpectedEnd("no button")

    await unless_incident(good(), log)
    with pytest.raises(UnexpectedEnd, match="no button"):
        await unless_incident(bad(), log)
