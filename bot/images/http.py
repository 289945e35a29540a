"""Serves pictures over HTTP to Slack and to the people who see them there."""

import asyncio
from collections import OrderedDict
from http import HTTPStatus

from aiohttp import web

from bot.blocks.image import ImageReference
from bot.images.drawings import Drawings, qualified
from bot.store.protocol import ImageStore, Run

PATH = r"/pictures/{name:(?:[a-z0-9_]+\.)?[a-z0-9_]+}-{language:[a-z]+}-{digest:[0-9a-f]{32}}.png"
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"
_CACHED = 8
"""Pictures kept in memory; each has less than 150 kB."""


class ImageServer:
    """Serves the pictures that are recorded in the store, and nothing else. Nobody can guess a digest in an address."""

    def __init__(self, image_store: ImageStore, run: Run, drawings: Drawings) -> None:
        self._image_store = image_store
        self._run = run
        self._drawings = drawings
        self._cache: OrderedDict[ImageReference, bytes] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The handler of `PATH`. The address of an earlier drawing shows the current one."""
        name, language, digest = (request.match_info[part] for part in ("name", "language", "digest"))
        name = qualified(name)
        record = await self._run(self._image_store.served_picture, name, language, digest)
        if record is None:
            raise web.HTTPNotFound(text="There is no such picture.")
        reference = ImageReference(name, language, record.values)
        current = self._drawings.digest(reference)
        headers = {"Cache-Control": _FOR_GOOD if current == digest else _FOR_NOW, "ETag": f'"{current}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return web.Response(body=await self._png(reference), content_type="image/png", headers=headers)

    async def _png(self, reference: ImageReference) -> bytes:
        async with self._one_at_a_time:
            data = self._cache.pop(reference, None) or await self._drawings.png(reference)
            self._cache[reference] = data
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
            return data
