"""What a typed message means where it is said."""

from collections.abc import Callable
from functools import cached_property

from conversations.engine.understanding import presses, talk, values
from conversations.engine.understanding.error_text import newest_part
from conversations.engine.understanding.errors import error_in
from conversations.engine.understanding.intents import (
    Answer,
    Command,
    Confirm,
    Intent,
    ProblemTold,
    Suggestions,
    Understood,
    Unknown,
)
from conversations.engine.understanding.phrases import Typed, message, phrase
from conversations.engine.understanding.questions import Match
from conversations.engine.understanding.situation import Situation
from conversations.secrets.credentials import NOT_SECRET, SecretKind, find
from conversations.secrets.redact import WORDS_LIMIT, without_secrets

LONGEST = 4000
"""Characters at the beginning of a message that are looked at. An error message is found anywhere in it."""

CLAUSES = 40
"""With more of them, no message is the words of a button, a question or thanks: it is a log, or a letter."""

FEWEST = 3
"""Words without which a question is a guess."""


def understand(text: str, situation: Situation) -> Understood:
    """What `text` means in `situation`; it never raises.

    Who listens has been decided before. In this order: an answer to the bot's last question, an exact command, the
    value that is asked for, an error message, a button's words, a person wanted, a value in a sentence, thanks and the
    like, an act among other words, a question. Nothing is guessed: what is mixed, negated or too little is asked.
    """
    kinds = tuple(dict.fromkeys(span.kind for span in find(text) if span.kind not in NOT_SECRET))
    cleaned = without_secrets(text, _label(situation)) if kinds else text
    # What stands in the place of a secret is no word of the person's.
    said = without_secrets(text, lambda _kind: " ") if kinds else text
    return Understood(
        cleaned, kinds, _intent(text[:LONGEST], newest_part(cleaned, WORDS_LIMIT), said[:LONGEST], situation)
    )


def _intent(text: str, cleaned: str, said: str, situation: Situation) -> Intent:
    lists = situation.vocabulary.lists
    heard = message(said)
    found = values.values_in(text, situation)
    if len(heard.clauses) > CLAUSES:
        return _of_many_clauses(heard, cleaned, found, situation)
    questions = _Questions(said, heard, situation)
    return (
        _answered(heard, cleaned, situation)
        or presses.button_pressed(said, situation)
        or talk.command(heard, lists)
        or values.whole_value(found)
        # When to come back is more than that it is later, which a button may say.
        or talk.later(heard, lists)
        # Words such as „Abholung fehlgeschlagen“ are said of an act; no error message is one of these phrases.
        or presses.act_meant(heard, situation)
        or talk.grouping(heard, lists)
        or questions.in_these_words()
        or error_in(cleaned, situation)
        or _ending(heard, situation)
        or talk.person_wanted(heard, cleaned, lists, surely=True)
        or values.value_in_sentence(found)
        or presses.refused(heard, situation)
        or presses.agreed(heard, situation)
        or talk.chatter(heard, lists)
        or presses.among_others(heard, situation, surely=True)
        or questions.sure()
        or talk.person_wanted(heard, cleaned, lists, surely=False)
        or presses.mixed(heard, situation)
        or questions.suggested()
        or presses.among_others(heard, situation, surely=False)
        or presses.nearly(heard, situation)
        or Unknown()
    )


def _of_many_clauses(heard: Typed, cleaned: str, found: list[values.FoundAt], situation: Situation) -> Intent:
    return (
        values.whole_value(found)
        or error_in(cleaned, situation)
        or (ProblemTold(cleaned) if situation.asked == "works_now" else None)
        or talk.person_wanted(heard, cleaned, situation.vocabulary.lists, surely=False)
        or Unknown()
    )


class _Questions:
    """Which question the message asks, in the language that it is in; found when first needed."""

    def __init__(self, text: str, heard: Typed, situation: Situation) -> None:
        self._text, self._heard, self._situation = text, heard, situation

    @cached_property
    def _match(self) -> Match:
        situation, vocabulary = self._situation, self._situation.vocabulary
        index = vocabulary.questions.get(vocabulary.language_of(self._heard.words, situation.language))
        if index is None or not self._heard.words:
            return Match()
        return index.match(self._text, situation.step, situation.holding)

    def in_these_words(self) -> Intent | None:
        """The question that has the message as a phrasing."""
        situation = self._situation
        if not self._heard.asks and self._heard.words in situation.vocabulary.loose:
            return None  # „fertig“ is no question, „fertig?“ may be one
        phrasings = situation.vocabulary.phrasings.get(self._heard.words, ())
        return next((Answer(one) for one in phrasings if one.true_at(situation.step, situation.holding)), None)

    def sure(self) -> Intent | None:
        """The one question that is meant; in the danger zone, and of one or two words, it is only offered."""
        question = self._match.sure
        guessed = self._situation.danger_zone or len(self._heard.words) < FEWEST
        return Answer(question, guessed and not self._match.same_words) if question is not None else None

    def suggested(self) -> Intent | None:
        """Up to three questions of which one may be meant."""
        return Suggestions(self._match.offers) if self._match.offers else None


def _ending(heard: Typed, situation: Situation) -> Intent | None:
    """„Ich breche ab“ where no button of the step says it."""
    ends = not heard.asks and heard.words in situation.vocabulary.cancelling
    return Command("cancel", exact=False) if ends else None


def _answered(heard: Typed, cleaned: str, situation: Situation) -> Intent | None:
    """The answer to the bot's own last question."""
    lists = situation.vocabulary.lists
    if situation.asked is None:
        return None
    if situation.asked == "press":
        # „Klappt wieder“ is no answer to „Meinen Sie …?“: the act may be the one that undoes everything.
        answer = talk.confirmed(heard, talk.Replies(), lists)
        return answer if isinstance(answer, Confirm) else talk.chatter(heard, lists)
    told = talk.works_now(heard, cleaned, _worked(situation), lists)
    if not isinstance(told, Confirm) and error_in(cleaned, situation) is not None:
        return None
    return told or talk.chatter(heard, lists)


def _worked(situation: Situation) -> talk.Replies:
    """What people say when it works, and when it does not; the procedure's words for that too."""
    procedure, texts = situation.vocabulary.procedure, situation.vocabulary.texts.values()
    results = procedure.measures.attempts.results
    said = {
        good: frozenset(
            phrase(entry)
            for word, event in procedure.texts.words.items()
            for spoken in texts
            if results.get(event) is good
            for entry in spoken.words(f"words.{word}")
        )
        for good in (True, False)
    }
    return talk.Replies(("yes", "works"), ("no", "works_not"), said[True], said[False])


def _label(situation: Situation) -> Callable[[SecretKind], str]:
    texts = situation.vocabulary.texts[situation.language]

    def label(kind: SecretKind) -> str:
        return texts.say("redacted", kind=texts.say(f"kinds.{kind}"))

    return label
