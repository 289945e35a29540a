"""The pictures of every workspace: each is provided once and reused, and left out of messages while it fails.

No message is delayed: what cannot be shown at once is added to it within `ImageCache.patience` seconds.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.image import KEY, ImageReference, reference_in
from bot.blocks.kit import Blocks
from bot.images.hosting import HostedImage, ImageHosting
from bot.slack_api.errors import Retry, classify, code_of, remedy
from bot.store.protocol import StoreError

_log = structlog.get_logger("bot.images")

_AT_ONCE = 0.05
"""Seconds that a message waits for what another start has uploaded: one look into the store."""
_LONGEST_PROCESSING = 60.0
"""A file that Slack refuses to show so long after its upload will never be shown."""
_BACKOFF_SECONDS, _LONGEST_BACKOFF = 30.0, 3600.0
"""How long a picture is left out after its first failure; each further one doubles it."""
_APP_REFUSED_SECONDS = 600.0
"""How long no picture is tried after Slack has refused the app itself, for instance because a scope is missing."""
_SHORT_WAITS_SECONDS, _SHORT_WAIT = 30.0, 0.1
"""For so many seconds after a wait that timed out, further waits are only so long."""
_ATTEMPTS = 3


@dataclass
class _Slot:
    """One picture in one workspace. `paused_until` is by `time.monotonic()`."""

    hosted: HostedImage | None = None
    task: asyncio.Task[HostedImage] | None = None
    failures: int = 0
    paused_until: float = 0.0


@dataclass(frozen=True)
class AttachedImages:
    """Blocks as Slack takes them, and references to the pictures in them."""

    blocks: Blocks
    shown: tuple[ImageReference, ...] = ()


class ImageCache:
    """Every picture by workspace. `patience`: for so many seconds after a message is sent pictures are added to it."""

    def __init__(self, hosting: ImageHosting, *, patience: float = 5.0) -> None:
        self.patience = patience
        self._hosting = hosting
        self._slots: dict[tuple[str, ImageReference], _Slot] = {}
        self._all_paused_until = 0.0
        self._short_waits_until = 0.0
        self._reported: set[tuple[str, ...]] = set()

    async def attach(self, team_id: str, blocks: Blocks) -> AttachedImages:
        """The blocks with the pictures that are there and that Slack has processed; the others are got under way."""

        async def at_once(reference: ImageReference) -> HostedImage | None:
            hosted = await self._hosted(team_id, reference, time.monotonic() + _AT_ONCE, patient=False)
            return None if hosted is None or hosted.ready_in > 0 else hosted

        return await self._attach(blocks, at_once)

    async def attach_when_ready(self, team_id: str, blocks: Blocks, until: float) -> AttachedImages:
        """The blocks with their pictures, without those that are not ready at `until` (by `time.monotonic()`)."""

        async def when_ready(reference: ImageReference) -> HostedImage | None:
            hosted = await self._hosted(team_id, reference, until)
            if hosted is not None:
                await asyncio.sleep(hosted.ready_in)
            return hosted

        return await self._attach(blocks, when_ready)

    async def _attach(
        self, blocks: Blocks, provide: Callable[[ImageReference], Awaitable[HostedImage | None]]
    ) -> AttachedImages:
        attached: Blocks = []
        shown: list[ImageReference] = []
        for block in blocks:
            reference = reference_in(block)
            if reference is None:
                attached.append(block)
            elif (hosted := await provide(reference)) is not None:
                kept = {name: value for name, value in block.items() if name != KEY}
                attached.append({**kept, **hosted.source})
                shown.append(reference)
        return AttachedImages(attached, tuple(shown))

    def may_become_ready(self, team_id: str, shown: Sequence[ImageReference]) -> bool:
        """Whether Slack may have refused one of these only because it has not processed the file yet."""
        return any(self._uploaded_at(team_id, reference) is not None for reference in shown)

    def accepted(self, team_id: str, shown: Sequence[ImageReference]) -> None:
        """Called when Slack has taken a message with these pictures."""
        for reference in shown:
            slot = self._slots[team_id, reference]
            slot.failures = 0
            if slot.hosted is not None:
                slot.hosted.uploaded_at = None

    async def refused(self, team_id: str, shown: Sequence[ImageReference]) -> None:
        """Called when Slack has taken a message only without these pictures: they are left out for a while.

        A picture that is not a new file is provided again after that.
        """
        for reference in shown:
            slot = self._slots[team_id, reference]
            self._back_off(reference, slot, "refused")
            uploaded_at = self._uploaded_at(team_id, reference)
            if slot.hosted is not None and (
                uploaded_at is None or time.monotonic() - uploaded_at > _LONGEST_PROCESSING
            ):
                hosted, slot.hosted = slot.hosted, None
                try:
                    await self._hosting.discard(hosted)
                except StoreError as error:
                    self._report(reference, type(error).__name__)

    async def warm_up(self, team_id: str, references: Iterable[ImageReference], pause: float) -> None:
        """Provide these pictures to a workspace one after the other, with `pause` seconds after each upload."""
        started, uploads = time.monotonic(), 0
        for reference in references:
            slot = self._slot(team_id, reference)
            for _ in range(_ATTEMPTS):
                await asyncio.sleep(max(self._all_paused_until, slot.paused_until) - time.monotonic())
                if await self._hosted(team_id, reference, time.monotonic() + _LONGEST_BACKOFF) is not None:
                    break
            if self._uploaded_at(team_id, reference) is not None:
                uploads += 1
                await asyncio.sleep(pause)
        _log.info("pictures_ready", uploads=uploads, seconds=round(time.monotonic() - started, 1))

    async def close(self) -> None:
        """Cancel what is under way."""
        under_way = [slot.task for slot in self._slots.values() if slot.task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._hosting.close()

    def _slot(self, team_id: str, reference: ImageReference) -> _Slot:
        return self._slots.setdefault((team_id, reference), _Slot())

    def _uploaded_at(self, team_id: str, reference: ImageReference) -> float | None:
        hosted = self._slot(team_id, reference).hosted
        return None if hosted is None else hosted.uploaded_at

    async def _hosted(
        self, team_id: str, reference: ImageReference, until: float, *, patient: bool = True
    ) -> HostedImage | None:
        """The picture, if it is provided until then. Of who is not `patient`, it says nothing when it is late."""
        slot, now = self._slot(team_id, reference), time.monotonic()
        if now < max(self._all_paused_until, slot.paused_until):
            return None
        if slot.hosted is None:
            if slot.task is None:
                slot.task = asyncio.create_task(self._hosting.provide(team_id, reference))
                slot.task.add_done_callback(partial(self._finished, reference, slot))
            short = now < self._short_waits_until
            wait = min(until - now, _SHORT_WAIT) if short else until - now
            done, _ = await asyncio.wait({slot.task}, timeout=max(0.0, wait))
            if not done and not short and patient:
                self._short_waits_until = now + _SHORT_WAITS_SECONDS
                self._report(reference, "slow")
        return slot.hosted

    def _finished(self, reference: ImageReference, slot: _Slot, task: asyncio.Task[HostedImage]) -> None:
        slot.task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            slot.hosted = task.result()
        elif isinstance(error, SlackApiError):
            self._refused_by_slack(reference, slot, error)
        else:
            self._back_off(reference, slot, type(error).__name__)

    def _refused_by_slack(self, reference: ImageReference, slot: _Slot, error: SlackApiError) -> None:
        """Pause this picture for a temporary error, and all pictures for a rate limit or an error of the app."""
        outcome, now = classify(error), time.monotonic()
        if isinstance(outcome, Retry) and outcome.error != "ratelimited":
            self._back_off(reference, slot, outcome.error)
            return
        seconds = (outcome.after or _BACKOFF_SECONDS) if isinstance(outcome, Retry) else _APP_REFUSED_SECONDS
        self._all_paused_until = now + seconds
        self._report(None, outcome.error, remedy(code_of(error)))

    def _back_off(self, reference: ImageReference, slot: _Slot, error: str) -> None:
        seconds = min(_LONGEST_BACKOFF, _BACKOFF_SECONDS * 2**slot.failures)
        slot.failures += 1
        slot.paused_until = time.monotonic() + seconds
        self._report(reference, error)

    def _report(self, reference: ImageReference | None, error: str, todo: str = "The steps go out without it.") -> None:
        """Log each error of each picture once; no reference means all pictures."""
        picture = "all" if reference is None else f"{reference.name}-{reference.language}"
        if (picture, error) not in self._reported:
            self._reported.add((picture, error))
            _log.warning("picture_left_out", picture=picture, error=error, todo=todo)
