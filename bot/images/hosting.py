"""How a workspace gets a picture: as a file of its own, or at an address where the bot shows it."""

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

_UPLOAD_SECONDS = 30.0
_AT_ONCE = 2
"""Uploads under way side by side."""


@dataclass
class HostedImage:
    """A picture that a workspace has. `source` is what an image block needs to show it.

    `uploaded_at` is by `time.monotonic()`, and `None` once Slack has shown the file: a new file cannot be shown before
    Slack has looked at it, and no word comes when it has.
    """

    record: ImageRecord
    source: dict[str, Any]
    uploaded_at: float | None = None


class ImageHosting(Protocol):
    """Gives pictures to workspaces."""

    async def give(self, team_id: str, reference: ImageReference) -> HostedImage:
        """The picture as this workspace has it now. May raise anything that drawing or Slack raises."""

    async def take_back(self, given: HostedImage) -> None:
        """Slack shows it no more: the next one is given anew."""

    async def close(self) -> None:
        """Release what is held."""


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
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def give(self, team_id: str, reference: ImageReference) -> HostedImage:
        """The file that stands for the picture as it is drawn now; it is uploaded when there is none."""
        digest = self._drawings.digest(reference)
        known = await self._run(self._image_store.picture, team_id, reference.name, reference.language, digest)
        if known is not None and known.file_id is not None:
            return HostedImage(known, {"slack_file": {"id": known.file_id}})
        data = await self._drawings.png(reference)
        async with self._free:
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

    async def take_back(self, given: HostedImage) -> None:
        """Forget the file."""
        await self._run(self._image_store.forget_picture, given.record)

    async def close(self) -> None:
        """Close the session for uploads."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class PublicUrls:
    """Shows pictures where the bot itself serves them: at `public_url`, without a slash at its end."""

    def __init__(
        self, image_store: ImageStore, run: Run, drawings: Drawings, public_url: str, *, clock: Callable[[], datetime]
    ) -> None:
        self._image_store = image_store
        self._run = run
        self._drawings = drawings
        self._public_url = public_url
        self._clock = clock

    async def give(self, team_id: str, reference: ImageReference) -> HostedImage:
        """The picture's address. Only what is on the shelf is served there."""
        digest = self._drawings.digest(reference)
        known = await self._run(self._image_store.picture, team_id, reference.name, reference.language, digest)
        if known is None:
            known = ImageRecord(
                team_id=team_id, name=reference.name, language=reference.language, digest=digest,
                values=reference.values, file_id=None, kept_at=self._clock(),
            )  # fmt: skip
            await self._run(self._image_store.save_picture, known)
        path = f"pictures/{reference.name}-{reference.language}-{digest}.png"
        return HostedImage(known, {"image_url": f"{self._public_url}/{path}"})

    async def take_back(self, given: HostedImage) -> None:
        """Nothing: the address stays right."""

    async def close(self) -> None:
        """Nothing is held."""
