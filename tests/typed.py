"""What is typed at a step of a procedure, and what it is understood as: for tests of the understanding."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from conversations.all_texts import AllTexts, load_texts
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.engine.texts import Language
from conversations.engine.understanding.intents import AskWhich, Command, Intent, Press
from conversations.engine.understanding.situation import Situation, situation_of
from conversations.engine.understanding.understand import understand
from conversations.engine.understanding.vocabulary import Vocabulary
from conversations.engine.walkthrough import Walk
from tests.toys.procedures import WITH_TOYS

_OFF = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_DANGEROUS = (
    "new_developer", "authorize_developer", "licence_terms", "new_credentials", "check_seller_id", "new_token",
    "save_account",
)  # fmt: skip
"""Steps at which the old access is off."""


@cache
def shipped() -> AllTexts:
    """The shipped texts, those of the toys included."""
    return load_texts(None, WITH_TOYS)


@cache
def without_questions() -> Vocabulary:
    """What people say in the first procedure, but for its questions: quicker, where those make no difference."""
    return Vocabulary(PROCEDURE, shipped().vocabulary(PROCEDURE).texts)


def at(step: str | None, language: Language = "de", *, guide: bool = True, **more: Any) -> Situation:
    """The situation at a step of the first procedure, by its present or its former name; `None`: without a walk."""
    vocabulary = shipped().vocabulary(PROCEDURE) if guide else without_questions()
    if step is None:
        return situation_of(vocabulary, language, **more)
    step = PROCEDURE.current_id(step)
    facts = Facts(region=None if step == "account_region" else "europe")
    facts.name_accounts(["Deutschland", "Frankreich"])
    facts.access_off_at = _OFF if step in _DANGEROUS else None
    walk = Walk(PROCEDURE, PROCEDURE.state_type(step=step, facts=facts), TokenSettings())
    return situation_of(vocabulary, language, walk, **more)


def meant(text: str, step: str | None, language: Language = "de", **more: Any) -> Intent:
    """What `text` means there."""
    return understand(text, at(step, language, **more)).intent


def pressed(text: str, step: str, language: Language = "de") -> str | None:
    """The act that `text` presses: `<event>` or `<event>.<choice>`, `None` if none."""
    intent = meant(text, step, language)
    if not isinstance(intent, Press):
        return None
    return intent.event if intent.choice is None else f"{intent.event}.{intent.choice}"


def asked(text: str, step: str, language: Language = "de") -> list[str]:
    """The events of the acts among which is asked."""
    intent = meant(text, step, language)
    return [act.event for act in intent.offers] if isinstance(intent, AskWhich) else []


def command(text: str, step: str | None = "seller_central", language: Language = "de") -> tuple[str, str | None] | None:
    """The command that `text` is, with its language."""
    intent = meant(text, step, language)
    return (intent.word, intent.language) if isinstance(intent, Command) else None
