"""Keeps what was not understood, so that the operator can write the questions that are missing."""

from bot.services.unit_of_work import UnitOfWork
from bot.store.models import NotUnderstood, WalkRecord

LONGEST = 200
"""Characters that are kept of a message."""


def not_understood(unit: UnitOfWork, record: WalkRecord | None, text: str, nearest: str | None = None) -> None:
    """Keep `text`, without secrets and cut, unless the operator does not want it or nothing is left of it.

    `record` is the walk at which it was typed. `nearest` is the key of the question that came close; without it the
    questions are asked here.
    """
    if not unit.config.keep_not_understood:
        return
    language = unit.user.language
    # Cut last: the beginning of a secret would not be recognized.
    words = unit.config.gate(language).text(" ".join(text.split()))[0][:LONGEST]
    if not words:
        return
    procedure = record.procedure if record is not None else unit.config.first_procedure.id
    step = record.step if record is not None else ""
    if nearest is None:
        found = unit.config.all_texts.questions(language, procedure).match(text, step or None).nearest
        nearest = found.key if found is not None else ""
    unit.tx.add_not_understood(
        NotUnderstood(
            team_id=unit.user.team_id, user_id=unit.user.user_id, procedure=procedure, step=step, language=language,
            at=unit.now, text=words, nearest=nearest,
        )
    )  # fmt: skip
