"""What a procedure says of its steps: buttons, forms, screens, and the things for which steps are repeated."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from conversations.engine.answers import Raw
from conversations.engine.texts import Language, Texts
from conversations.secrets.credentials import SecretKind

End = Literal["good", "stopped", "transferred"]
"""How a walk that is over came out; `transferred`: another procedure goes on."""


@dataclass(frozen=True)
class Sentence:
    """What somebody typed where a value is asked for, the texts of the procedure by language, and its facts."""

    text: str
    language: Language
    texts: Mapping[Language, Texts]
    facts: Any

    def words(self, key: str) -> list[str]:
        """The words of a list in all languages."""
        return [word for texts in self.texts.values() for word in texts.words(key)]


@dataclass(frozen=True)
class FoundValue:
    """A value in a sentence: fields of the form, or the "choice" of an offer, and how it was read, "" for as typed.

    `whole`: the sentence is nothing but the value. `sure`: the sentence states it; else it only occurs there, and is
    asked about. `complete`: no field of the form is missing.
    """

    raw: Raw
    read_as: str = ""
    whole: bool = False
    sure: bool = True
    complete: bool = True


InSentence = Callable[[Sentence], Sequence[FoundValue]]
"""The values that a sentence may mean: none, one, or several of which the person is asked which."""


@dataclass(frozen=True)
class Offer:
    """One button, or one button for each of `choices`.

    With a `form` it opens the modal of that name, or takes what is in its field in the message, and the submission is
    the event; else a press is. `danger` asks for
    confirmation. A `guarded` offer switches something off or ends something, so that typed words never press it
    unasked; what is `danger` is guarded too. `mark` is put before the line that replaces the answered message. After a
    `later` offer people are asked when to come back. Where `last` holds of the facts, the offer comes after the others.
    With `menu` the choices are one menu instead of buttons. A `one_by_one` offer shows each thing to do at this step
    alone, as „Einzeln zeigen“ does for screens. `unshown` are the choices that have no button for these facts and can
    be said all the same. `in_sentence` finds choices in what people type.
    """

    event: str
    form: str | None = None
    choices: tuple[str, ...] = ()
    menu: bool = False
    danger: bool = False
    guarded: bool = False
    mark: str = "✓"
    later: bool = False
    one_by_one: bool = False
    last: Callable[[Any], bool] | None = None
    unshown: Callable[[Any], Collection[str]] | None = None
    in_sentence: InSentence | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A state of the chart as people see it. The first offer that the chart enables is the primary button.

    `number` is counted through the procedure, in walking order; a question of our own has none. `place` names where it
    happens: the text `frame.places.<place>`. At a step with `confirmation` a typed „weiter“ is no answer. A step
    `each_item` is taken once for every item and names it; `repeated` steps come once for every item as well. At a step
    `with_support` a person owes the next word: nobody is reminded, the ticket's number is shown, and the card follows
    at once. At a step with `support_hours` people read when support is there: what they begin there cannot be left half
    done. At a step with `person_first` calling a person is recommended: that is the primary button. `unfinished` steps
    are left only when they failed. What the step says is so `true_while`
    that holds of the facts; „Zurück“ passes over a step that says what is no longer true. `variants` are the texts that
    the step has instead of one, `placeholders` what its text may name.
    """

    number: int | None = None
    place: str | None = None
    offers: tuple[Offer, ...] = ()
    confirmation: bool = False
    each_item: bool = False
    repeated: bool = False
    with_support: bool = False
    support_hours: bool = False
    person_first: bool = False
    unfinished: bool = False
    true_while: Callable[[Any], bool] | None = None
    end: End | None = None
    variants: tuple[str, ...] = ()
    placeholders: frozenset[str] = frozenset()

    @property
    def asks(self) -> bool:
        """Whether it is a question of our own that several buttons answer: its explanation says how to tell."""
        answers = [one for one in self.offers if not (one.danger or one.form or one.choices or one.one_by_one)]
        return self.number is None and self.confirmation and not self.with_support and len(answers) > 1


class Option(NamedTuple):
    """A choice in a form: what is shown, and the value that comes back."""

    label: str
    value: str


Options = Callable[[Texts, Any], Sequence[Option] | None]
"""The options of a field for these texts and facts; `None` leaves the field out."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a form: a line of text, a paragraph, or with `options` a choice of several.

    `chosen` are the values that are chosen beforehand.
    """

    name: str
    paragraph: bool = False
    optional: bool = False
    options: Options | None = None
    chosen: Callable[[Texts, Any], Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """A modal. `typed` names the field whose value may be typed into the conversation too, where `looks_like` says so.

    With `in_message` it is no modal: its one field, a line of text, is in the message of the step, and is sent with
    Enter or with the button. `in_sentence` finds its value in what people type. `secret`: what is typed is a secret, of
    which nothing is kept and whose message people are asked to delete.
    """

    fields: tuple[Field, ...]
    typed: str | None = None
    in_message: bool = False
    looks_like: Callable[[str, SecretKind | None], bool] | None = None
    in_sentence: InSentence | None = None
    secret: bool = False


@dataclass(frozen=True)
class Item:
    """One of the things for which steps are repeated. Items of one `group` share what is done once for all of them."""

    name: str
    done: bool = False
    group: str = ""


@dataclass(frozen=True)
class Urgency:
    """Why somebody cannot wait: since when, and how many of how many are affected."""

    since: datetime
    affected: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Screen:
    """Consecutive steps that are shown in one message. The picture is that of the step `pictured`, the hardest one."""

    steps: tuple[str, ...]
    pictured: str
