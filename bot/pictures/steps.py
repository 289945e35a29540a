"""From a reference to the drawing of a step, and every picture that walks will show."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.pictures.reference import Reference
from conversations.amazon_token.developer_ids import DOCUMENTED_FOR
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.picturing import Picture, drawing, picture_for
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.steps import STEPS
from conversations.guide import Guide, Language


@dataclass(frozen=True)
class _Stand:
    """A walk that stands at a step, without the chart that could lead it on."""

    step: str
    facts: Facts
    policy: Policy


def drawer(guides: Mapping[Language, Guide]) -> Callable[[Reference], str]:
    """Gives the SVG of a reference. `KeyError` when there is no such picture."""
    by_language = {str(language): guide for language, guide in guides.items()}

    def draw(reference: Reference) -> str:
        return drawing(by_language[reference.language], Picture(reference.name, reference.values))

    return draw


def every_picture(languages: tuple[Language, ...], policy: Policy) -> Iterator[Reference]:
    """The pictures of all steps in the order in which people meet them, language by language.

    Those with a developer ID are the ones that are known beforehand.
    """
    pictures: dict[Picture, None] = {}
    for region, key_set in (DOCUMENTED_FOR, *(name.split(":") for name in policy.configured_ids)):
        for step in STEPS:
            facts = Facts.model_validate({"step": step, "region": region, "key_set": key_set})
            picture = picture_for(_Stand(step, facts, policy))
            if picture is not None:
                pictures[picture] = None
    for language in languages:
        for picture in pictures:
            yield Reference(picture.name, language, picture.values)
