"""Draws pictures, and recognizes by a digest whether a drawing has changed since it was provided to a workspace."""

from collections.abc import Awaitable, Callable, Iterator, Mapping

from bot.blocks.image import ImageReference
from conversations.all_texts import AllTexts
from conversations.engine.pictures import Illustration
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Language
from conversations.registry import PROCEDURES, Procedures, first_of
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


def qualified(name: str) -> str:
    """The name of a picture with its procedure. Version 0.1 had one procedure, so its names have none."""
    return name if "." in name else f"{first_of(PROCEDURES).id}.{name}"


def drawer(all_texts: AllTexts, procedures: Procedures) -> Callable[[ImageReference], str]:
    """A function that returns the SVG of a reference. It raises `KeyError` when there is no such language or label."""
    languages = {str(language): language for language in all_texts}

    def draw(reference: ImageReference) -> str:
        procedure, _, name = qualified(reference.name).partition(".")
        texts = all_texts.of(languages[reference.language], procedure)
        return procedures[procedure].pictures.drawing(texts, Illustration(name, reference.values))

    return draw


def every_image(
    languages: tuple[Language, ...], procedures: Procedures, settings: Mapping[str, ProcedureSettings]
) -> Iterator[ImageReference]:
    """The pictures of all steps in the order of the steps, one language after the other.

    Of the pictures with values of a walk only those that can be known beforehand (`Pictures.beforehand`).
    """
    pictures: dict[tuple[str, Illustration], None] = {}
    for name, procedure in procedures.items():
        decided = settings.get(name) or procedure.settings()
        for facts in procedure.pictures.beforehand(decided):
            for step in procedure.steps:
                picture = procedure.pictures.of(step, facts, decided)
                if picture is not None:
                    pictures[name, picture] = None
    for language in languages:
        for name, picture in pictures:
            yield ImageReference(f"{name}.{picture.name}", language, picture.values)
