"""How somebody walks through a procedure at random: the answers to its forms, and what is typed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from conversations.all_texts import AllTexts, load_texts
from conversations.engine.answers import Raw, Reader
from conversations.engine.examples import MakeAnswer
from conversations.engine.procedure import HELP, AnyProcedure
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import LANGUAGES
from conversations.engine.walk_state import WalkState
from conversations.engine.walkthrough import AnyWalk, Walk
from conversations.registry import Procedures
from tests.bytes_written import NEEDLE, TypedSecrets

TYPED_SECRETS = TypedSecrets()
ONE_OF_EACH = tuple(TYPED_SECRETS.one_of_each(random.Random(4711)).values())  # noqa: S311 - the same in every run
KEY_ID, SECRET_KEY, REFRESH_TOKEN, CLIENT_SECRET = ONE_OF_EACH[1:]
ROLLS = 3
"""So many answers are made up with each example."""

Answers = Mapping[str, tuple[Raw, ...]]

_TEXTS: dict[tuple[str, ...], AllTexts] = {}


def texts_of(names: tuple[str, ...], procedures: Procedures) -> AllTexts:
    """The texts of these procedures, read once: what is built of them for typed words takes longer than a walk."""
    if names not in _TEXTS:
        _TEXTS[names] = load_texts(procedures=procedures)
    return _TEXTS[names]


def token(mark: str) -> str:
    return TYPED_SECRETS.type("amzn.mws." + f"{mark * 8}-{mark * 4}-{mark * 4}-{mark * 4}-{mark * 12}")


def _made(procedure: AnyProcedure, form: str, make: MakeAnswer, roll: object) -> Raw:
    """One answer; of a secret nothing may be kept, so it is remembered."""
    raw = make(random.Random(f"{form} {roll}"))  # noqa: S311 - the same in every run
    if procedure.forms[form].secret:
        for value in raw.values():
            if isinstance(value, str) and len(value) >= NEEDLE and value not in TYPED_SECRETS.typed:
                TYPED_SECRETS.type(value)
    return raw


def good_answers(procedure: AnyProcedure, more: Answers) -> Answers:
    """By form: what the procedure's examples make up, and `more`. Everybody can ask for a person."""
    return _answers(procedure, procedure.examples.answers, {**more, HELP: more.get(HELP, ({"sentence": ""},))})


def bad_answers(procedure: AnyProcedure, more: Answers) -> Answers:
    """The same of what is refused, or of what should not have been typed."""
    return _answers(procedure, procedure.examples.refused, {**more, HELP: more.get(HELP, ({"sentence": "?"},))})


def _answers(procedure: AnyProcedure, examples: Mapping[str, tuple[MakeAnswer, ...]], more: Answers) -> Answers:
    made = {
        form: [_made(procedure, form, make, roll) for make in makers for roll in range(ROLLS)]
        for form, makers in examples.items()
    }
    forms = dict.fromkeys((*made, *more))
    return {
        form: tuple({repr(raw): raw for raw in (*made.get(form, ()), *more.get(form, ()))}.values()) for form in forms
    }


def everyday_words(procedure: AnyProcedure) -> list[str]:
    """The words that this procedure takes for an act, in all languages."""
    all_texts = texts_of((procedure.id,), {procedure.id: procedure})
    guides = [all_texts.of(language, procedure.id) for language in LANGUAGES]
    return sorted({word for texts in guides for words in texts._words.values() for word in words})


@dataclass(frozen=True)
class Way:
    """How somebody walks through a procedure.

    `good` and `bad` answer its forms, `straight_on` is the answer where the first thing offered is not the way to a
    good end, `begins` are steps (not only) to begin at, `typed` is what people type.
    """

    procedure: AnyProcedure
    settings: ProcedureSettings
    good: Answers
    bad: Answers
    straight_on: Mapping[str, tuple[str, Raw]]
    begins: tuple[str, ...]
    typed: tuple[str, ...]

    def next(self, walk: AnyWalk) -> tuple[str, str | None, Raw]:
        """The event that leads on, its form, and an answer that was not given before."""
        event, raw = self.straight_on.get(walk.step, (walk.offers()[0].event, {}))
        form = next((offer.form for offer in walk.offers() if offer.event == event and offer.form), None)
        if form is not None:
            raw = _made(self.procedure, form, self.procedure.examples.answers[form][0], "straight on")
        return event, form, raw

    def leads_to_an_end(self, state: WalkState[Any]) -> bool:
        """Whether honest answers lead from here to an end."""
        walk, reader = Walk(self.procedure, state, self.settings).copy(), Reader(b"k", str)
        now = datetime(2026, 3, 2, tzinfo=UTC)
        for _ in range(40 + 20 * len(walk.items)):
            if walk.over:
                return True
            event, _form, raw = self.next(walk)
            walk.act(event, raw, reader, now)
        return False
