"""The contract of a procedure: everything that the bot needs to know to lead somebody through it.

A procedure is a folder with one `Procedure` object. Nothing else of the folder is imported from outside, and only
`conversations.registry` imports the folder. docs/procedures.md explains how to write one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from conversations.engine.answers import Notice, Raw, ReadAnswer
from conversations.engine.charts import BACK, CANCEL, ReusedChart, WalkChart
from conversations.engine.examples import Examples
from conversations.engine.formatter import Formatter, Line, Section, StepTime
from conversations.engine.pictures import Pictures
from conversations.engine.priority import Priority
from conversations.engine.reminders import ReminderWaits, usual_wait
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Text, Texts, Tree
from conversations.engine.walk_state import ProcedureFacts, WalkState
from conversations.secrets.credentials import SecretKind

F = TypeVar("F", bound=ProcedureFacts)
S = TypeVar("S", bound=ProcedureSettings)
TicketEffect = Literal["file", "add"]
End = Literal["good", "stopped", "transferred"]

ADVANCE, HELP, DONE, CANCELLED, TRANSFERRED = "advance", "help", "done", "cancelled", "transferred"
"""„Done“, whose record is the step's own; the form that calls a person; three ends."""
RESERVED = frozenset({ADVANCE, BACK, CANCEL, HELP, DONE, CANCELLED, TRANSFERRED})
"""IDs that mean the same in every procedure: three events, a form, and three ends."""


UNKNOWN = "unknown"
"""The category of a ticket whose cause is not recognized. Every procedure has it."""


@dataclass(frozen=True)
class Offer:
    """One button, or one button for each of `choices`.

    With a `form` it opens the modal of that name, whose submission is the event; else a press is. `danger` asks for
    confirmation. `mark` is put before the line that replaces the answered message. Where `last` holds of the facts, the
    offer comes after the others.
    """

    event: str
    form: str | None = None
    choices: tuple[str, ...] = ()
    danger: bool = False
    mark: str = "✓"
    last: Callable[[Any], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A state of the chart as people see it. The first offer that the chart enables is the primary button.

    `number` is counted through the procedure, in walking order; a question of our own has none. `place` names where it
    happens: the text `frame.places.<place>`. At a step with `confirmation` a typed „weiter“ is no answer. A step
    `each_item` is taken once for every item and names it; `repeated` steps come once for every item as well. At a step
    `with_support` a person owes the next word: nobody is reminded, the ticket's number is shown, and the card follows
    at once. `unfinished` steps are left only when they failed. `variants` are the texts that the step has instead of
    one, `placeholders` what its text may name.
    """

    number: int | None = None
    place: str | None = None
    offers: tuple[Offer, ...] = ()
    confirmation: bool = False
    each_item: bool = False
    repeated: bool = False
    with_support: bool = False
    unfinished: bool = False
    end: End | None = None
    variants: tuple[str, ...] = ()
    placeholders: frozenset[str] = frozenset()


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

    `secret`: what is typed is a secret, of which nothing is kept and whose message people are asked to delete.
    """

    fields: tuple[Field, ...]
    typed: str | None = None
    looks_like: Callable[[str, SecretKind | None], bool] | None = None
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


@dataclass(frozen=True, kw_only=True)
class TicketRules(Generic[F, S]):
    """What a ticket about this procedure is filed for, and what it says.

    `effect(step, event)`: whether an event files a ticket, or adds to it what is in the newest of `error_texts`.
    `reason` is the ticket's reason when the walk files it by itself, `describe` the event with which an error message
    is added later, and `description` its answer. `categories` are the causes that `triage` finds in a text; a cause
    among `vendor_only` calls a person at once. For a category among `own_answers` agents have a macro of its own.
    `sections` are the parts of the summary of a `Walk` in their order; those in `timeline` head the timeline, in that
    order.
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
    sections: Callable[[Formatter, Any, Sequence[StepTime]], Mapping[str, Section]]
    timeline: tuple[str, ...] = ()
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
    that replace an answered message, by event; `notes` what is said above a step; `reasons` why an answer is refused.
    `acts` are events that the timeline tells in own words, `words` what people type instead of pressing, by event.
    `more` are further keys.
    """

    package: str
    records: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    more: Tree = field(default_factory=dict)


@dataclass(frozen=True)
class Handover:
    """What a procedure gets from another one that ends: its ID and its facts, and its own earlier walk, if any."""

    procedure: str
    facts: ProcedureFacts
    earlier: WalkState[Any] | None = None


def _no_notes(_event: str, _answered_step: str, _walk: WalkState[Any]) -> tuple[Notice, ...]:
    return ()


def _fresh(facts: type[F]) -> Callable[[F], F]:
    return lambda _old: facts()


@dataclass(frozen=True, kw_only=True)
class Procedure(Generic[F, S]):
    """One procedure.

    `variant` and `values` give a step's text its variant and its placeholders; `notes` is what to say after an event.
    `items` are the things for which steps are repeated, `urgency` why the person cannot wait. `jumps` are events that
    an agent may propose besides going back. `restarted` gives the facts with which a walk begins anew. `transfers` maps
    an event that ends at `transferred` to the procedure that goes on; `carry` is where a walk begins that comes from
    another procedure. `old_ids` maps former IDs of steps, events and forms to the present ones.
    """

    id: str
    chart: type[WalkChart]
    facts: type[F]
    settings: type[S]
    steps: Mapping[str, Step]
    forms: Mapping[str, Form] = field(default_factory=dict)
    readers: Mapping[str, ReadAnswer] = field(default_factory=dict)
    texts: ProcedureTexts
    pictures: Pictures[F, S]
    tickets: TicketRules[F, S]
    measures: Measures
    examples: Examples
    screens: Mapping[str, Screen] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    variant: Callable[[str, F, S], str | None] = lambda _step, _facts, _settings: None
    values: Callable[[str, F, S], Mapping[str, object]] = lambda _step, _facts, _settings: {}
    notes: Callable[[str, str, WalkState[F]], tuple[Notice, ...]] = _no_notes
    items: Callable[[F], Sequence[Item]] | None = None
    urgency: Callable[[F], Urgency | None] | None = None
    wait: Callable[["WalkState[F]", int, ReminderWaits], timedelta | None] | None = None
    jumps: tuple[str, ...] = ()
    restarted: Callable[[F], F] | None = None
    transfers: Mapping[str, str] = field(default_factory=dict)
    carry: Callable[[Handover], WalkState[F]] | None = None
    old_ids: Mapping[str, str] = field(default_factory=dict)
    charts: ReusedChart[WalkChart] = field(init=False, repr=False, compare=False)
    state_type: type[WalkState[F]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "charts", ReusedChart(self.chart))
        object.__setattr__(self, "state_type", WalkState[self.facts])  # type: ignore[name-defined]

    @cached_property
    def events(self) -> frozenset[str]:
        """Every event of the chart."""
        all_events: Any = self.chart.events
        return frozenset(str(event.id) for event in all_events)

    @cached_property
    def ends(self) -> frozenset[str]:
        """The steps at which a walk is over."""
        return frozenset(name for name, step in self.steps.items() if step.end is not None)

    @cached_property
    def last_number(self) -> int:
        """The number of the last numbered step."""
        return max((step.number for step in self.steps.values() if step.number is not None), default=0)

    @cached_property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """The choices of the events that have one button for each."""
        return {offer.event: offer.choices for offer in self.offers if offer.choices}

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer of every step, in their order."""
        return tuple(offer for step in self.steps.values() for offer in step.offers)

    @cached_property
    def form_events(self) -> Mapping[str, str]:
        """The event of each form. The form that calls a person has none."""
        return {offer.form: offer.event for offer in self.offers if offer.form is not None}

    @cached_property
    def answered(self) -> frozenset[str]:
        """The events with an answer."""
        return frozenset({*self.choices, *self.readers})

    @cached_property
    def secret_events(self) -> frozenset[str]:
        """The events whose answer is a secret: the history gets no hash of it, so that none outlives the walk."""
        return frozenset(self.form_events[name] for name, form in self.forms.items() if form.secret)

    @cached_property
    def screen_of(self) -> Mapping[str, str]:
        """The name of the screen on which each step is shown; a step that is alone has its own name."""
        grouped = {step: name for name, screen in self.screens.items() for step in screen.steps}
        return {step: grouped.get(step, step) for step in self.steps}

    def offer_of(self, step: str, event: str) -> Offer | None:
        """How `step` offers `event`, or `None` when it does not."""
        offers = self.steps[step].offers if step in self.steps else ()
        return next((offer for offer in offers if offer.event == event), None)

    def current_id(self, given_id: str) -> str:
        """The present ID of a step, event or form that an older version called `given_id`."""
        return self.old_ids.get(given_id, given_id)

    def text_key(self, step: str, facts: F, settings: S) -> str:
        """The key of the instruction for `step` that applies to these facts."""
        if not self.steps[step].variants:
            return f"steps.{step}.text"
        return f"steps.{step}.text.{self.variant(step, facts, settings)}"

    def load(self, stored: str) -> WalkState[F]:
        """The state of a walk from its JSON."""
        return self.state_type.model_validate_json(stored)

    def begin(self, facts: F | None = None) -> WalkState[F]:
        """The state of a new walk."""
        return self.state_type(facts=facts if facts is not None else self.facts())

    def reminder_wait(self, walk: WalkState[F], sent: int, waits: ReminderWaits) -> timedelta | None:
        """How long after the last sign of life the next reminder comes, `sent` of them being sent; `None`: never."""
        if walk.step is not None and self.steps[walk.step].with_support:
            return None  # support owes the answer, not the merchant
        if self.wait is not None:
            return self.wait(walk, sent, waits)
        return usual_wait(sent, waits, urgent=self.urgency is not None and self.urgency(walk.facts) is not None)


AnyProcedure = Procedure[Any, Any]


def text(placeholders: str = "", limit: int = 2800) -> Text:
    """A text that may name these placeholders, which are separated by blanks."""
    return Text(frozenset(placeholders.split()), limit)
