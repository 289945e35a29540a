"""Two ways to provide a workspace with a picture: as a file of its own, or at an address that the bot serves."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.image import ImageReference
from bot.images.drawings import Drawings
from bot.slack_api.files import upload
from bot.store.models import ImageRecord
from bot.store.protocol import ImageStore, Run, no_crash

PROCESSING_SECONDS = 1.6
"""Slack needs one or two seconds until it can show a new file; before that it is not tried."""
_UPLOAD_SECONDS = 30.0
_AT_ONCE = 2
"""Uploads that run at the same time."""


@dataclass
class HostedImage:
    """A picture that is provided to a workspace. `source` holds the fields of an image block that shows it.

    `uploaded_at` is by `time.monotonic()`, and `None` once Slack has shown the file: a new file cannot be shown before
    Slack has processed it, and Slack does not report when it has.
    """

    record: ImageRecord
    source: dict[str, Any]
    uploaded_at: float | None = None

    @property
    def ready_in(self) -> float:
        """In how many seconds it is worth trying to show it."""
        if self.uploaded_at is None:
            return 0.0
        return max(0.0, self.uploaded_at + PROCESSING_SECONDS - time.monotonic())


class ImageHosting(Protocol):
    """Provides pictures to workspaces. Used by `ImageCache` only."""

    async def provide(self, team_id: str, reference: ImageReference) -> HostedImage:
        """The current drawing of the picture, for this workspace. Raises what drawing it or Slack raises."""

    async def discard(self, hosted: HostedImage) -> None:
        """Called when Slack does not show the picture any more: the next `provide` has to start from scratch."""

    async def close(self) -> None:
        """Called once, when no picture is needed any more."""


class SlackFiles:
    """Uploads each picture once to a workspace; it is shared nowhere and shown by its ID."""

    def __init__(
        self,
        image_store: ImageStore,
        run: Run,
        drawings: Drawings,
        client: AsyncWebClient,
        *,
        clock: Callable[[], datetime],
        http: Callable[[], aiohttp.ClientSession] = aiohttp.ClientSession,
        at: Callable[[str], None] = no_crash,
    ) -> None:
        self._image_store = image_store
        self._run = run
        self._drawings = drawings
        self._client = client
        self._clock = clock
        self._http = http
        self._at = at
        self._session: aiohttp.ClientSession | None = None
        self._upload_slots = asyncio.Semaphore(_AT_ONCE)

    async def provide(self, team_id: str, reference: ImageReference) -> HostedImage:
        """The file that the store knows for this drawing, or a new upload."""
        digest = self._drawings.digest(reference)
        stored = await self._run(self._image_store.picture, team_id, reference.name, reference.language, digest)
        if stored is not None and stored.file_id is not None:
            return HostedImage(stored, {"slack_file": {"id": stored.file_id}})
        data = await self._drawings.png(reference)
        async with self._upload_slots:
            file_id = await self._upload(reference, data)
        record = ImageRecord(
            team_id=team_id, name=reference.name, language=reference.language, digest=digest, values=reference.values,
            file_id=file_id, kept_at=self._clock(),
        )  # fmt: skip
        await self._run(self._image_store.save_picture, record)
        return HostedImage(record, {"slack_file": {"id": file_id}}, time.monotonic())

    async def _upload(self, reference: ImageReference, data: bytes) -> str:
        if self._session is None:
            self._session = self._http()
        name = f"{reference.name}-{reference.language}.png"
        self._at("before_upload")
        async with asyncio.timeout(_UPLOAD_SECONDS):
            file_id = await upload(self._client, self._session, data, name, name)
        self._at("after_upload")
        return file_id

    async def discard(self, hosted: HostedImage) -> None:
        """Forget the file."""
        await self._run(self._image_store.forget_picture, hosted.record)

    async def close(self) -> None:
        """Close the HTTP session for uploads."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class PublicUrls:
    """Provides addresses below `public_url` (without a slash at its end), at which `ImageServer` serves pictures."""

    def __init__(
        self, image_store: ImageStore, run: Run, drawings: Drawings, public_url: str, *, clock: Callable[[], datetime]
    ) -> None:
        self._image_store = image_store
        self._run = run
        self._drawings = drawings
        self._public_url = public_url
        self._clock = clock

    async def provide(self, team_id: str, reference: ImageReference) -> HostedImage:
        """The picture's address, after it is recorded in the store: `ImageServer` serves recorded pictures only."""
        digest = self._drawings.digest(reference)
        record = await self._run(self._image_store.picture, team_id, reference.name, reference.language, digest)
        if record is None:
            record = ImageRecord(
                team_id=team_id, name=reference.name, language=reference.language, digest=digest,
                values=reference.values, file_id=None, kept_at=self._clock(),
            )  # fmt: skip
            await self._run(self._image_store.save_picture, record)
        path = f"pictures/{reference.name}-{reference.language}-{digest}.png"
        return HostedImage(record, {"image_url": f"{self._public_url}/{path}"})

    async def discard(self, hosted: HostedImage) -> None:
        """Do nothing: the address stays valid."""

    async def close(self) -> None:
        """Do nothing: there is no connection to close."""
