"""Pictures as they are drawn now, and by what a changed one is known."""

from collections.abc import Awaitable, Callable

from bot.pictures.reference import Reference
from conversations.amazon_token.keyed_hash import keyed_hash

_DIGEST = 32
"""Hex digits; 128 bits, so that nobody guesses an address that holds one."""


class Drawings:
    """Draws at once, which takes a fraction of a millisecond, and has it rendered beside everything else.

    `draw` gives the SVG of a picture, `render` the PNG of an SVG; either may raise what it likes. `key` goes into the
    digests, so that an address made of one cannot be worked out from the program's source.
    """

    def __init__(self, draw: Callable[[Reference], str], render: Callable[[str], Awaitable[bytes]], key: bytes) -> None:
        self._draw = draw
        self._render = render
        self._key = key
        self._digests: dict[Reference, str] = {}

    def digest(self, reference: Reference) -> str:
        """32 hex digits that change with the drawing. Of the SVG, so that nothing is rendered to compare."""
        known = self._digests.get(reference)
        if known is None:
            known = self._digests[reference] = keyed_hash(self._key, self._draw(reference))[:_DIGEST]
        return known

    async def png(self, reference: Reference) -> bytes:
        """The picture itself."""
        return await self._render(self._draw(reference))
