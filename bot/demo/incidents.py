"""Exceptions of the bot during a play, found in its log: the person in the play sees an apology and no reason."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from bot.demo.scene import UnexpectedEnd

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from pathlib import Path

POLL = 0.1


async def unless_incident(play: Awaitable[None], log: Path) -> None:
    """Wait for the end of the play. Raises `UnexpectedEnd` with the traceback as soon as the bot logs an exception."""
    playing, incident = asyncio.ensure_future(play), asyncio.create_task(_first_incident(log))
    try:
        await asyncio.wait({playing, incident}, return_when=asyncio.FIRST_COMPLETED)
        if incident.done():
            raise UnexpectedEnd(f"the bot failed:\n{incident.result()}")
        await playing
    finally:
        playing.cancel()
        incident.cancel()
        await asyncio.gather(playing, incident, return_exceptions=True)


async def _first_incident(log: Path) -> str:
    while True:
        if (traceback := _incident_in(log)) is not None:
            return traceback
        await asyncio.sleep(POLL)


def _incident_in(log: Path) -> str | None:
    lines = log.read_text("utf-8").splitlines()
    return next((traceback for line in lines if (traceback := _exception(line)) is not None), None)


def _exception(line: str) -> str | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None  # a line that is still being written, or one that is not the bot's
    traceback = entry.get("exception") if isinstance(entry, dict) else None
    return str(traceback) if traceback else None
