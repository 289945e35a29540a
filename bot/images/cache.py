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

from bot.blocks.image import ImageReference, reference_in
from bot.images.hosting import HostedImage, ImageHosting
from bot.slack_api.errors import Retry, classify, code_of, remedy
from bot.store.protocol import StoreError

_log = structlog.get_logger("bot.images")

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

    given: HostedImage | None = None
    task: asyncio.Task[HostedImage] | None = None
    troubles: int = 0
    rests_until: float = 0.0


@dataclass(frozen=True)
class AttachedImages:
    """Blocks as Slack takes them, and the pictures in them."""

    blocks: Blocks
    shown: tuple[ImageReference, ...] = ()


class ImageCache:
    """Every picture by workspace. `patience` is how many seconds a message may wait for its own."""

    def __init__(self, hosting: ImageHosting, *, patience: float = 2.0) -> None:
        self.patience = patience
        self._hosting = hosting
        self._slots: dict[tuple[str, ImageReference], _Slot] = {}
        self._all_rest_until = 0.0
        self._hurry_until = 0.0
        self._told: set[tuple[str, ...]] = set()

    async def attach(self, team_id: str, blocks: Blocks, until: float) -> AttachedImages:
        """The blocks with their pictures, without those that are not there at `until` (by `time.monotonic()`)."""
        attached: Blocks = []
        shown: list[ImageReference] = []
        for block in blocks:
            reference = reference_in(block)
            if reference is None:
                attached.append(block)
            elif (given := await self._given(team_id, reference, until)) is not None:
                attached.append({"type": "image", "alt_text": block["alt_text"], **given.source})
                shown.append(reference)
        return AttachedImages(attached, tuple(shown))

    def may_still_come(self, team_id: str, shown: Sequence[ImageReference]) -> bool:
        """Whether Slack may refuse one of these only because it has not looked at the file yet."""
        return any(self._uploaded_at(team_id, reference) is not None for reference in shown)

    def accepted(self, team_id: str, shown: Sequence[ImageReference]) -> None:
        """Slack shows these."""
        for reference in shown:
            slot = self._slots[team_id, reference]
            slot.troubles = 0
            if slot.given is not None:
                slot.given.uploaded_at = None

    async def refused(self, team_id: str, shown: Sequence[ImageReference]) -> None:
        """Slack took the message, and took it only without these."""
        for reference in shown:
            slot = self._slots[team_id, reference]
            self._rest(reference, slot, "refused")
            uploaded_at = self._uploaded_at(team_id, reference)
            if slot.given is not None and (uploaded_at is None or time.monotonic() - uploaded_at > _RIPE_SECONDS):
                given, slot.given = slot.given, None
                try:
                    await self._hosting.take_back(given)
                except StoreError as error:
                    self._tell(reference, type(error).__name__)

    async def warm_up(self, team_id: str, references: Iterable[ImageReference], pause: float) -> None:
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
        await self._hosting.close()

    def _slot(self, team_id: str, reference: ImageReference) -> _Slot:
        return self._slots.setdefault((team_id, reference), _Slot())

    def _uploaded_at(self, team_id: str, reference: ImageReference) -> float | None:
        given = self._slot(team_id, reference).given
        return None if given is None else given.uploaded_at

    async def _given(self, team_id: str, reference: ImageReference, until: float) -> HostedImage | None:
        slot, now = self._slot(team_id, reference), time.monotonic()
        if now < max(self._all_rest_until, slot.rests_until):
            return None
        if slot.given is None:
            if slot.task is None:
                slot.task = asyncio.create_task(self._hosting.give(team_id, reference))
                slot.task.add_done_callback(partial(self._settle, reference, slot))
            hurried = now < self._hurry_until
            wait = min(until - now, _HURRIED) if hurried else until - now
            done, _ = await asyncio.wait({slot.task}, timeout=max(0.0, wait))
            if not done and not hurried:
                self._hurry_until = now + _HURRY_SECONDS
                self._tell(reference, "slow")
        return slot.given

    def _settle(self, reference: ImageReference, slot: _Slot, task: asyncio.Task[HostedImage]) -> None:
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

    def _set_back(self, reference: ImageReference, slot: _Slot, error: SlackApiError) -> None:
        """What Slack says passes by, or concerns every picture."""
        outcome, now = classify(error), time.monotonic()
        if isinstance(outcome, Retry) and outcome.error != "ratelimited":
            self._rest(reference, slot, outcome.error)
            return
        seconds = (outcome.after or _REST_SECONDS) if isinstance(outcome, Retry) else _ALL_REST_SECONDS
        self._all_rest_until = now + seconds
        self._tell(None, outcome.error, remedy(code_of(error)))

    def _rest(self, reference: ImageReference, slot: _Slot, error: str) -> None:
        seconds = min(_LONGEST_REST, _REST_SECONDS * 2**slot.troubles)
        slot.troubles += 1
        slot.rests_until = time.monotonic() + seconds
        self._tell(reference, error)

    def _tell(self, reference: ImageReference | None, error: str, todo: str = "The steps go out without it.") -> None:
        """Say it once."""
        picture = "all" if reference is None else f"{reference.name}-{reference.language}"
        if (picture, error) not in self._told:
            self._told.add((picture, error))
            _log.warning("picture_left_out", picture=picture, error=error, todo=todo)
