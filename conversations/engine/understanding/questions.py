"""A question that people ask, and what comes of comparing a message with all of them."""

from collections.abc import Collection
from dataclasses import dataclass

from conversations.engine.texts import placeholders


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with its answer, as `conversations.engine.understanding.question_file` reads it.

    `asks` are its phrasings; the first is how it is shown. `answer` is mrkdwn with the placeholders of a step's text,
    and the text of `answer_key`. It belongs to `steps`, or to none in particular; it is not true at the steps
    `excluded`, and only while the fact `only_if` holds, if it names one.
    """

    key: str
    asks: tuple[str, ...]
    answer_key: str
    answer: str
    steps: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    only_if: str | None = None

    @property
    def title(self) -> str:
        """How the question is shown, on a button too."""
        return self.asks[0]

    def true_at(self, step: str | None, holding: Collection[str]) -> bool:
        """Whether it may be answered at `step` (`None`: without a walk) while the facts `holding` hold.

        An answer with placeholders can be given at its own steps only: elsewhere nobody has their values.
        """
        if step in self.excluded or (self.only_if is not None and self.only_if not in holding):
            return False
        return step in self.steps or not placeholders(self.answer)


@dataclass(frozen=True)
class Match:
    """What somebody may have asked: one question for `sure`, or up to three to choose from, or nothing.

    `same_words`: the message is a phrasing of the sure one, but for case and punctuation. `nearest` is the best
    question even when it is not good enough, `sureness` how sure it is (the logarithm of the odds).
    """

    sure: Question | None = None
    offers: tuple[Question, ...] = ()
    same_words: bool = False
    nearest: Question | None = None
    sureness: float = 0.0
