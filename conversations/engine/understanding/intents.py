"""What a typed message can mean: a closed set. What follows from it is decided by the caller."""

from dataclasses import dataclass
from typing import Literal

from conversations.engine.answers import Raw
from conversations.engine.later import Later
from conversations.engine.texts import Language
from conversations.engine.understanding.error_text import ErrorText
from conversations.engine.understanding.questions import Question
from conversations.secrets.credentials import SecretKind

CommandWord = Literal[
    "next",
    "back",
    "help",
    "where",
    "start",
    "status",
    "privacy",
    "cancel",
    "restart",
    "language",
    "one_by_one",
    "together",
]
ChatterKind = Literal["thanks", "greeting", "presence", "later", "acknowledged", "laughter", "declined"]


@dataclass(frozen=True)
class OfferedAct:
    """One thing that can be pressed: the event, of one with several buttons the choice, and the step it belongs to.

    `acts` plain acts of the screen come before it and are done with the same press. `words` are the button's words and
    what people say instead, in both languages. A `guarded` act switches something off, goes back, ends or deletes: it
    is asked once with two buttons, never done by a guess. With a `form` the press opens it. `primary`: the first
    button.
    """

    event: str
    choice: str | None = None
    at: str = ""
    acts: int = 0
    words: tuple[str, ...] = ()
    form: str | None = None
    guarded: bool = False
    primary: bool = False


@dataclass(frozen=True)
class Command:
    """One of the exact words that work everywhere. `language` comes with "language" where one is named.

    "cancel" and "restart" are always asked with what applies now; so is whatever is not `exact`, such as „STOP, ich
    will abbrechen“.
    """

    word: CommandWord
    language: Language | None = None
    exact: bool = True


@dataclass(frozen=True)
class TypedValue:
    """The value of a form: `raw` is what was typed or, of a sentence, what was found in it.

    `read_as` says how a sentence was read, "" for a whole message. Of a form with several fields `complete` says
    whether `raw` has all that it needs; if not, the form is opened with these values in it.
    """

    act: OfferedAct
    raw: Raw
    read_as: str = ""
    complete: bool = True


@dataclass(frozen=True)
class Values:
    """Two or more values that one sentence could mean; the person is asked which."""

    act: OfferedAct
    candidates: tuple[TypedValue, ...]


@dataclass(frozen=True)
class Press:
    """A press of one act. If it is guarded it is asked once. `read_as` says how a sentence was read, such as Europe."""

    act: OfferedAct
    read_as: str = ""

    @property
    def event(self) -> str:
        """The event of the act."""
        return self.act.event

    @property
    def choice(self) -> str | None:
        """The choice of the act."""
        return self.act.choice

    @property
    def guarded(self) -> bool:
        """Whether it is asked first."""
        return self.act.guarded


@dataclass(frozen=True)
class AskWhich:
    """What was said is mixed, negated or too little: the person is asked which of these they mean. Nothing is done."""

    offers: tuple[OfferedAct, ...]


@dataclass(frozen=True)
class ErrorMessage:
    """An error message without secrets, and taken apart where it has a structure."""

    text: str
    error: ErrorText | None = None


@dataclass(frozen=True)
class PersonWanted:
    """A person is wanted; `words` is the message, without secrets, which the help form already holds."""

    words: str


@dataclass(frozen=True)
class Answer:
    """A question that the guide answers.

    With `offered` it is an offer first: in the danger zone, where message and phrasing are not the same words.
    """

    question: Question
    offered: bool = False


@dataclass(frozen=True)
class Suggestions:
    """Up to three questions of which one may be meant."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Confirm:
    """Yes or no to the bot's own last question."""

    yes: bool


@dataclass(frozen=True)
class ProblemTold:
    """After „Hat es jetzt geklappt?“: a problem in the person's own words, without secrets."""

    words: str


@dataclass(frozen=True)
class Chatter:
    """Nothing to do: thanks, a greeting, "anybody there?", "I will do it tomorrow", "ok", "lol", "no ticket please".

    `when`: "in an hour" and the like, of "later".
    """

    kind: ChatterKind
    when: Later | None = None


@dataclass(frozen=True)
class Unknown:
    """Not understood. It is said honestly, and a person is offered."""


Intent = (
    Command | TypedValue | Values | Press | AskWhich | ErrorMessage | PersonWanted | Answer | Suggestions | Confirm
    | ProblemTold | Chatter | Unknown
)  # fmt: skip


@dataclass(frozen=True)
class Understood:
    """The message without secrets, the kinds of those that were in it, and what it means.

    A secret is no meaning of its own: a token at the step that asks for it is a `TypedValue`; its `raw` alone holds it.
    """

    text: str
    secrets: tuple[SecretKind, ...]
    intent: Intent
