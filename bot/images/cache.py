"""The pictures of every workspace: given once, known again, and left out wherever they make trouble.

Nothing here may hold up a message: whoever sends one waits for its picture so long and no longer.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.image import Reference, reference_in
from bot.images.hosting import Given, Giver
from bot.slack_api.errors import Again, code_of, judge, remedy
from bot.store.protocol import StoreError

_log = structlog.get_logger("bot.courier")

_RIPE_SECONDS = 60.0
"""A file that Slack will not show so long after its upload will not be shown at all."""
_REST_SECONDS, _LONGEST_REST = 30.0, 3600.0
"""How long a picture is left out after its first trouble; each further one doubles it."""
_ALL_REST_SECONDS = 600.0
"""How long no picture is tried after Slack has refused the app itself, for instance for want of a scope."""
_HURRY_SECONDS, _HURRIED = 30.0, 0.1
"""After a wait that was in vain, waits are so short (seconds) for so long."""
_ATTEMPTS = 3
Blocks = list[dict[str, Any]]


@dataclass
class _Slot:
    """One picture in one workspace."""

    given: Given | None = None
    task: asyncio.Task[Given] | None = None
    troubles: int = 0
    rests_until: float = 0.0


@dataclass(frozen=True)
class Hung:
    """Blocks as Slack takes them, and the pictures in them."""

    blocks: Blocks
    shown: tuple[Reference, ...] = ()


class Album:
    """Every picture by workspace. `patience` is how many seconds a message may wait for its own."""

    def __init__(self, giver: Giver, *, patience: float = 2.0) -> None:
        self.patience = patience
        self._giver = giver
        self._slots: dict[tuple[str, Reference], _Slot] = {}
        self._all_rest_until = 0.0
        self._hurry_until = 0.0
        self._told: set[tuple[str, ...]] = set()

    async def hang(self, team_id: str, blocks: Blocks, until: float) -> Hung:
        """The blocks with their pictures, without those that are not there at `until` (by `time.monotonic()`)."""
        hung: Blocks = []
        shown: list[Reference] = []
        for block in blocks:
            reference = reference_in(block)
            if reference is None:
                hung.append(block)
            elif (given := await self._given(team_id, reference, until)) is not None:
                hung.append({"type": "image", "alt_text": block["alt_text"], **given.source})
                shown.append(reference)
        return Hung(hung, tuple(shown))

    def may_still_come(self, team_id: str, shown: Sequence[Reference]) -> bool:
        """Whether Slack may refuse one of these only because it has not looked at the file yet."""
        return any(self._uploaded_at(team_id, reference) is not None for reference in shown)

    def accepted(self, team_id: str, shown: Sequence[Reference]) -> None:
        """Slack shows these."""
        for reference in shown:
            slot = self._slots[team_id, reference]
            slot.troubles = 0
            if slot.given is not None:
                slot.given.uploaded_at = None

    async def refused(self, team_id: str, shown: Sequence[Reference]) -> None:
        """Slack took the message, and took it only without these."""
        for reference in shown:
            slot = self._slots[team_id, reference]
            self._rest(reference, slot, "refused")
            uploaded_at = self._uploaded_at(team_id, reference)
            if slot.given is not None and (uploaded_at is None or time.monotonic() - uploaded_at > _RIPE_SECONDS):
                given, slot.given = slot.given, None
                try:
                    await self._giver.take_back(given)
                except StoreError as error:
                    self._tell(reference, type(error).__name__)

    async def warm_up(self, team_id: str, references: Iterable[Reference], pause: float) -> None:
        """Give every one of these to a workspace, one after the other, with `pause` seconds after an upload."""
        began, uploads = time.monotonic(), 0
        for reference in references:
            slot = self._slot(team_id, reference)
            for _ in range(_ATTEMPTS):
                await asyncio.sleep(max(self._all_rest_until, slot.rests_until) - time.monotonic())
                if await self._given(team_id, reference, time.monotonic() + _LONGEST_REST) is not None:
                    break
            if self._uploaded_at(team_id, reference) is not None:
                uploads += 1
                await asyncio.sleep(pause)
        _log.info("pictures_ready", uploads=uploads, seconds=round(time.monotonic() - began, 1))

    async def close(self) -> None:
        """Break off what is under way."""
        under_way = [slot.task for slot in self._slots.values() if slot.task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._giver.close()

    def _slot(self, team_id: str, reference: Reference) -> _Slot:
        return self._slots.setdefault((team_id, reference), _Slot())

    def _uploaded_at(self, team_id: str, reference: Reference) -> float | None:
        given = self._slot(team_id, reference).given
        return None if given is None else given.uploaded_at

    async def _given(self, team_id: str, reference: Reference, until: float) -> Given | None:
        slot, now = self._slot(team_id, reference), time.monotonic()
        if now < max(self._all_rest_until, slot.rests_until):
            return None
        if slot.given is None:
            if slot.task is None:
                slot.task = asyncio.create_task(self._giver.give(team_id, reference))
                slot.task.add_done_callback(partial(self._settle, reference, slot))
            hurried = now < self._hurry_until
            wait = min(until - now, _HURRIED) if hurried else until - now
            done, _ = await asyncio.wait({slot.task}, timeout=max(0.0, wait))
            if not done and not hurried:
                self._hurry_until = now + _HURRY_SECONDS
                self._tell(reference, "slow")
        return slot.given

    def _settle(self, reference: Reference, slot: _Slot, task: asyncio.Task[Given]) -> None:
        slot.task = None
        if task.cancelled():
            return
        mistake = task.exception()
        if mistake is None:
            slot.given = task.result()
        elif isinstance(mistake, SlackApiError):
            self._set_back(reference, slot, mistake)
        else:
            self._rest(reference, slot, type(mistake).__name__)

    def _set_back(self, reference: Reference, slot: _Slot, error: SlackApiError) -> None:
        """What Slack says passes by, or concerns every picture."""
        outcome, now = judge(error), time.monotonic()
        if isinstance(outcome, Again) and outcome.error != "ratelimited":
            self._rest(reference, slot, outcome.error)
            return
        seconds = (outcome.after or _REST_SECONDS) if isinstance(outcome, Again) else _ALL_REST_SECONDS
        self._all_rest_until = now + seconds
        self._tell(None, outcome.error, remedy(code_of(error)))

    def _rest(self, reference: Reference, slot: _Slot, error: str) -> None:
        seconds = min(_LONGEST_REST, _REST_SECONDS * 2**slot.troubles)
        slot.troubles += 1
        slot.rests_until = time.monotonic() + seconds
        self._tell(reference, error)

    def _tell(self, reference: Reference | None, error: str, todo: str = "The steps go out without it.") -> None:
        """Say it once."""
        picture = "all" if reference is None else f"{reference.name}-{reference.language}"
        if (picture, error) not in self._told:
            self._told.add((picture, error))
            _log.warning("picture_left_out", picture=picture, error=error, todo=todo)
