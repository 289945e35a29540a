"""Pictures where the bot itself serves them, for Slack to fetch (and whoever it shows them to)."""

import asyncio
from collections import OrderedDict
from http import HTTPStatus

from aiohttp import web

from bot.blocks.image import ImageReference
from bot.images.drawings import Drawings
from bot.store.protocol import ImageStore, Run

PATH = r"/pictures/{name:[a-z_]+}-{language:[a-z]+}-{digest:[0-9a-f]{32}}.png"
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"
_HELD = 8
"""Pictures kept in memory; one has less than 150 kB."""


class ImageServer:
    """Serves what is on the shelf and nothing else. The digest in the address is a keyed one, so nobody guesses it."""

    def __init__(self, image_store: ImageStore, run: Run, drawings: Drawings) -> None:
        self._image_store = image_store
        self._run = run
        self._drawings = drawings
        self._held: OrderedDict[ImageReference, bytes] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One picture. The address of an earlier drawing shows the picture as it is drawn now."""
        name, language, digest = (request.match_info[part] for part in ("name", "language", "digest"))
        known = await self._run(self._image_store.served_picture, name, language, digest)
        if known is None:
            raise web.HTTPNotFound(text="There is no such picture.")
        reference = ImageReference(name, language, known.values)
        current = self._drawings.digest(reference)
        headers = {"Cache-Control": _FOR_GOOD if current == digest else _FOR_NOW, "ETag": f'"{current}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return web.Response(body=await self._png(reference), content_type="image/png", headers=headers)

    async def _png(self, reference: ImageReference) -> bytes:
        async with self._one_at_a_time:
            data = self._held.pop(reference, None) or await self._drawings.png(reference)
            self._held[reference] = data
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
            return data
