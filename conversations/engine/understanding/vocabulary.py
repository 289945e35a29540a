"""What people say, as the text files have it, for one procedure: built once, used for every message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from conversations.engine.charts import CANCEL
from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import Language, Texts
from conversations.engine.understanding.phrases import WordRow, phrase, words_of
from conversations.engine.understanding.question_index import QuestionIndex
from conversations.engine.understanding.questions import Question
from conversations.engine.understanding.word_lists import WordLists


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The texts of one procedure, common ones included, by language, and its questions."""

    procedure: AnyProcedure
    texts: Mapping[Language, Texts]
    questions: Mapping[Language, QuestionIndex] = field(default_factory=dict)

    @cached_property
    def lists(self) -> WordLists:
        """The lists of what people say."""
        return WordLists(self.texts)

    @cached_property
    def phrasings(self) -> Mapping[WordRow, tuple[Question, ...]]:
        """The questions that have these words as a phrasing, in any language."""
        found: dict[WordRow, tuple[Question, ...]] = {}
        for question in (question for index in self.questions.values() for question in index.questions):
            for words in map(phrase, question.asks):
                found[words] = (*found.get(words, ()), question)
        return found

    def language_of(self, said: WordRow, usual: Language) -> Language:
        """The language of which the most words are in the texts and questions; the usual one where that is equal."""
        known = {language: sum(word in words for word in said) for language, words in self._spoken.items()}
        return max(known, key=lambda language: (known[language], language == usual), default=usual)

    @cached_property
    def _spoken(self) -> Mapping[Language, frozenset[str]]:
        asked = {
            language: [ask for one in index.questions for ask in one.asks] for language, index in self.questions.items()
        }
        return {
            language: frozenset(
                word for text in (*texts.texts.values(), *asked.get(language, ())) for word in words_of(text)
            )
            for language, texts in self.texts.items()
        }

    @cached_property
    def loose(self) -> frozenset[WordRow]:
        """What may be said of any act, such as „fertig“: it depends on the step what it does."""
        return frozenset(words for name in ("agree", "finished", "next") for words in self.lists.phrases(name))

    def buttons(self, step: str, event: str, choice: str | None) -> tuple[str, ...]:
        """The words of a button in every language."""
        key = f"choices.{event}.{choice}" if choice is not None else f"steps.{step}.buttons.{event}"
        return tuple(dict.fromkeys(texts.say(key) for texts in self.texts.values()))

    def act_words(self, step: str, event: str, choice: str | None) -> tuple[str, ...]:
        """The words of a button, and what people say instead of pressing it, in all languages.

        What is `loose` is not among them.
        """
        act = event if choice is None else f"{event}.{choice}"
        keys = [f"said.{step}.{act}", f"any_step.{act}"]
        keys += [f"words.{word}" for word, of in self.procedure.texts.words.items() if of == event]
        said = [entry for texts in self.texts.values() for key in keys for entry in texts.lists.get(key, ())]
        kept = (entry for entry in said if phrase(entry) not in self.loose)
        return tuple(dict.fromkeys((*self.buttons(step, event, choice), *kept)))

    @cached_property
    def cancelling(self) -> frozenset[WordRow]:
        """What people say to end the procedure, at whatever step."""
        key = f"any_step.{CANCEL}"
        return frozenset(phrase(entry) for texts in self.texts.values() for entry in texts.lists.get(key, ()))
