"""„Wie war es?“ below the last message of a walk: three faces, and a sentence for those who like to write one."""

from dataclasses import dataclass
from typing import Any

from bot.blocks import actions as ids
from bot.blocks.forms import form_view
from bot.blocks.kit import Block, actions, button, context, say
from conversations.common_schema import RATING_FIELD
from conversations.engine.procedure import Form
from conversations.engine.texts import Texts
from conversations.engine.walk_state import ProcedureFacts
from conversations.ticket.support_text_schema import FACES


@dataclass(frozen=True)
class GivenRating:
    """What was said about a walk: one of `FACES`, and whether a sentence came with it."""

    face: str
    in_words: bool


def rating_blocks(texts: Texts, address: ids.Address, rating: GivenRating | None) -> list[Block]:
    """The question, or the thanks for the answer, which another press changes."""
    value = f"{address.walk_id}:{address.key}"
    key = "question" if rating is None else "thanks_words" if rating.in_words else "thanks"
    buttons = [
        button(
            f"{ids.RATE}:{face}", texts.say(f"rating.{face}"), value,
            style="primary" if rating is not None and rating.face == face else None,
        )
        for face in FACES
    ]  # fmt: skip
    if rating is not None:
        label = texts.say("rating.change" if rating.in_words else "rating.write")
        buttons.append(button(ids.RATE_IN_WORDS, label, value))
    given = f"{rating.face}{'.words' if rating.in_words else ''}" if rating is not None else "none"
    return [context(say(texts, f"rating.{key}")), actions(f"rating.{address.key[:12]}.{given}", *buttons)]


def rating_view(texts: Texts, walk_id: int, key: str, sentence: str) -> dict[str, Any]:
    """The form of the sentence, with what was written before."""
    form = Form(fields=(RATING_FIELD,))
    return form_view(texts, "rating", form, ProcedureFacts(), f"{walk_id}:{key}", {RATING_FIELD.name: sentence})
