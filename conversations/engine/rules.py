"""What a procedure says of its tickets, its figures and its texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from conversations.engine.answers import Raw
from conversations.engine.formatter import Formatter, Line, Section, StepTime, Value
from conversations.engine.priority import Priority
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Tree
from conversations.engine.walk_state import ProcedureFacts, WalkState

F = TypeVar("F", bound=ProcedureFacts)
S = TypeVar("S", bound=ProcedureSettings)
TicketEffect = Literal["file", "add"]
UNKNOWN = "unknown"
"""The category of a ticket whose cause is not recognized. Every procedure has it."""


def answer_of(category: str) -> str:
    """The key of what is said to a category when nothing else is known."""
    return f"categories.{category}.answer"


@dataclass(frozen=True)
class CardFacts:
    """What a procedure adds to a ticket's card: to where the walk is, and what is set on the merchant's screen."""

    state: tuple[tuple[Value, ...], ...] = ()
    setting: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketRules(Generic[F, S]):
    """What a ticket about this procedure is filed for, and what it says.

    `effect(step, event)`: whether an event files a ticket, or adds to it what is in the newest of `error_texts`.
    `reason` is the ticket's reason when the walk files it by itself, `describe` the event with which an error message
    is added later, and `description` its answer. `categories` are the causes that `triage` finds in a text; a cause
    among `vendor_only` calls a person at once. For a category among `own_answers` agents have a macro of its own.
    `answer(category, texts, walk)` is the key of what is said to a category, from the error texts known, oldest first,
    and from what has happened; `advice` are the texts for it besides the categories' own. `explained(text)`: whether
    the cause of an error message is known to be none of the categories. `stops(text)`: whether an
    error message says that this procedure does not fit, which is the event `stop` where the walk accepts it.
    `calls(text, walk)`: whether a person is called at once for an error message, because of what has happened.
    `sections` are the parts of the summary of a `Walk` in their order, `card` what its card adds to the step.
    """

    effect: Callable[[str, str], TicketEffect | None]
    reason: str
    describe: str | None = None
    description: Callable[[F, str], Raw] = lambda _facts, text: {"error_text": text}
    error_texts: Callable[[F], Sequence[str]] = lambda _facts: ()
    priority: Callable[[WalkState[F] | None, str], Priority]
    categories: tuple[str, ...]
    triage: Callable[[str], str]
    is_error_message: Callable[[str], bool]
    vendor_only: frozenset[str] = frozenset()
    own_answers: tuple[str, ...] = ()
    answer: Callable[[str, Sequence[str], WalkState[F] | None], str] = lambda code, _texts, _walk: answer_of(code)
    advice: tuple[str, ...] = ()
    explained: Callable[[str], bool] = lambda _text: False
    stops: Callable[[str], bool] = lambda _text: False
    stop: str | None = None
    calls: Callable[[str, WalkState[F]], bool] = lambda _text, _walk: False
    sections: Callable[[Formatter, Any, Sequence[StepTime]], Mapping[str, Section]]
    card: Callable[[Formatter, Any], CardFacts] = lambda _formatter, _walk: CardFacts()
    check_first: Callable[[Formatter, S], tuple[Line, ...]] = lambda _formatter, _settings: ()


@dataclass(frozen=True)
class Attempts:
    """The steps at which something is tried, in order, and what their events say about it."""

    steps: tuple[str, ...] = ()
    results: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What the statistics count of this procedure besides what they count of every one.

    `funnel`: the steps for which is shown how many walks reached them. `counted`: events whose walks are counted by
    step. `secret_reasons`: why a typed secret may be refused, as the weekly message says.
    """

    funnel: tuple[str, ...]
    attempts: Attempts = field(default_factory=Attempts)
    counted: tuple[str, ...] = ()
    secret_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProcedureTexts:
    """The procedure's own texts, besides those that follow from its steps and forms.

    `package` holds `texts.de.yaml` and `texts.en.yaml`. By code and with their placeholders: `records` are the lines
    that replace an answered message, by event; `notes` what is said with a step; `reasons` why an answer is refused.
    `acts` are events that the timeline tells in own words, `words` what people type instead of pressing, with the event
    it means. `renamed` maps former keys to the present ones. `more` are further keys.
    """

    package: str
    records: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    more: Tree = field(default_factory=dict)
