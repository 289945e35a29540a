"""Pictures as they are drawn now, and by what a changed one is known."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.blocks.image import ImageReference
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.illustrations import Illustration, drawing, illustration_for
from conversations.amazon_token.policy import DOCUMENTED_FOR, Policy
from conversations.amazon_token.steps import STEPS
from conversations.engine.texts import Language, Texts
from conversations.secrets.redact import fingerprint

_DIGEST = 32
"""Hex digits; 128 bits, so that nobody guesses an address that holds one."""


class Drawings:
    """Draws at once, which takes a fraction of a millisecond, and has it rendered beside everything else.

    `draw` gives the SVG of a picture, `render` the PNG of an SVG; either may raise what it likes. `key` goes into the
    digests, so that an address made of one cannot be worked out from the program's source.
    """

    def __init__(
        self, draw: Callable[[ImageReference], str], render: Callable[[str], Awaitable[bytes]], key: bytes
    ) -> None:
        self._draw = draw
        self._render = render
        self._key = key
        self._digests: dict[ImageReference, str] = {}

    def digest(self, reference: ImageReference) -> str:
        """32 hex digits that change with the drawing. Of the SVG, so that nothing is rendered to compare."""
        known = self._digests.get(reference)
        if known is None:
            known = self._digests[reference] = fingerprint(self._key, self._draw(reference))[:_DIGEST]
        return known

    async def png(self, reference: ImageReference) -> bytes:
        """The picture itself."""
        return await self._render(self._draw(reference))


@dataclass(frozen=True)
class _StepView:
    """A walk that stands at a step, without the chart that could lead it on."""

    step: str
    facts: Facts
    policy: Policy


def drawer(all_texts: Mapping[Language, Texts]) -> Callable[[ImageReference], str]:
    """Gives the SVG of a reference. `KeyError` when there is no such picture."""
    by_language = {str(language): texts for language, texts in all_texts.items()}

    def draw(reference: ImageReference) -> str:
        return drawing(by_language[reference.language], Illustration(reference.name, reference.values))

    return draw


def every_image(languages: tuple[Language, ...], policy: Policy) -> Iterator[ImageReference]:
    """The pictures of all steps in the order in which people meet them, language by language.

    Those with a developer ID are the ones that are known beforehand.
    """
    pictures: dict[Illustration, None] = {}
    for region, key_set in (DOCUMENTED_FOR, *(name.split(":") for name in policy.configured_ids)):
        for step in STEPS:
            facts = Facts.model_validate({"step": step, "region": region, "key_set": key_set})
            picture = illustration_for(_StepView(step, facts, policy))
            if picture is not None:
                pictures[picture] = None
    for language in languages:
        for picture in pictures:
            yield ImageReference(picture.name, language, picture.values)
