"""Draws pictures, and recognizes by a digest whether a drawing has changed since it was provided to a workspace."""

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
"""Hex digits; 128 bits, so that nobody can guess an address that contains one."""


class Drawings:
    """Turns references into PNG: `draw` makes the SVG of a picture (in less than a millisecond), `render` its PNG.

    Either may raise any exception. `key` goes into the digests, so that an address with one cannot be computed from the
    program's source.
    """

    def __init__(
        self, draw: Callable[[ImageReference], str], render: Callable[[str], Awaitable[bytes]], key: bytes
    ) -> None:
        self._draw = draw
        self._render = render
        self._key = key
        self._digests: dict[ImageReference, str] = {}

    def digest(self, reference: ImageReference) -> str:
        """32 hex digits that change with the drawing. Computed from the SVG, so that nothing is rendered for it."""
        digest = self._digests.get(reference)
        if digest is None:
            digest = self._digests[reference] = fingerprint(self._key, self._draw(reference))[:_DIGEST]
        return digest

    async def png(self, reference: ImageReference) -> bytes:
        """The picture as PNG."""
        return await self._render(self._draw(reference))


@dataclass(frozen=True)
class _WalkAtStep:
    """The part of a walk that decides which picture is shown (see `StepPosition`)."""

    step: str
    facts: Facts
    policy: Policy


def drawer(all_texts: Mapping[Language, Texts]) -> Callable[[ImageReference], str]:
    """A function that returns the SVG of a reference. It raises `KeyError` when there is no such language or label."""
    by_language = {str(language): texts for language, texts in all_texts.items()}

    def draw(reference: ImageReference) -> str:
        return drawing(by_language[reference.language], Illustration(reference.name, reference.values))

    return draw


def every_image(languages: tuple[Language, ...], policy: Policy) -> Iterator[ImageReference]:
    """The pictures of all steps in the order of the steps, one language after the other.

    Of the pictures with a developer ID only those with a documented or configured one can be known beforehand.
    """
    pictures: dict[Illustration, None] = {}
    for region, key_set in (DOCUMENTED_FOR, *(name.split(":") for name in policy.configured_ids)):
        for step in STEPS:
            facts = Facts.model_validate({"step": step, "region": region, "key_set": key_set})
            picture = illustration_for(_WalkAtStep(step, facts, policy))
            if picture is not None:
                pictures[picture] = None
    for language in languages:
        for picture in pictures:
            yield ImageReference(picture.name, language, picture.values)
