"""The contract of a procedure: everything that the bot needs to know to lead somebody through it.

A procedure is a folder with one `Procedure` object. Nothing else of the folder is imported from outside, and only
`conversations.registry` imports the folder. docs/procedures.md explains how to write one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar

from conversations.engine.answers import Notice, ReadAnswer
from conversations.engine.charts import BACK, CANCEL, ReusedChart, WalkChart
from conversations.engine.examples import Examples
from conversations.engine.pictures import Pictures
from conversations.engine.reminders import ReminderWaits, usual_wait
from conversations.engine.rules import UNKNOWN, Attempts, Measures, ProcedureTexts, TicketEffect, TicketRules
from conversations.engine.settings import ProcedureSettings
from conversations.engine.steps import End, Field, Form, Item, Offer, Option, Options, Screen, Step, Urgency
from conversations.engine.walk_state import PastedError, ProcedureFacts, WalkState

__all__ = [
    "UNKNOWN", "AnyProcedure", "Attempts", "End", "Field", "Form", "Handover", "Item", "Measures", "Offer", "Option",
    "Options", "Procedure", "ProcedureTexts", "Screen", "Step", "TicketEffect", "TicketRules", "Urgency",
]  # fmt: skip

F = TypeVar("F", bound=ProcedureFacts)
S = TypeVar("S", bound=ProcedureSettings)
ADVANCE, HELP, DONE, CANCELLED, TRANSFERRED = "advance", "help", "done", "cancelled", "transferred"
"""„Done“, whose record is the step's own; the form that calls a person; three ends."""
RESERVED = frozenset({ADVANCE, BACK, CANCEL, HELP, DONE, CANCELLED, TRANSFERRED})
"""IDs that mean the same in every procedure: three events, a form, and three ends."""


@dataclass(frozen=True)
class Handover:
    """What a procedure gets from another one that ends `at` a moment: its ID, its facts and the error messages pasted.

    `earlier` is the walk in which the person was in the procedure before, if they come back.
    """

    procedure: str
    facts: ProcedureFacts
    at: datetime
    earlier: WalkState[Any] | None = None
    errors: Sequence[PastedError] = ()


def _no_notes(_event: str, _answered_step: str, _walk: WalkState[Any]) -> tuple[Notice, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Procedure(Generic[F, S]):
    """One procedure.

    `variant` and `values` give a step's text its variant and its placeholders; `notes` is what to say after an event.
    `items` are the things for which steps are repeated, `urgency` why the person cannot wait; `begun`, whether the
    access was changed already: before that everything can wait. `jumps` are events that
    an agent may propose besides going back. `restarted` gives the facts with which a walk begins anew. `transfers` maps
    an event that ends at `transferred` to the procedure that goes on; `carry` is where a walk begins that comes from
    another procedure. While it is not `switched_on`, nobody begins it or comes to it; walks in it go on. `conditions`
    are what a question may name under `only_if`, by its name. `old_ids` maps former IDs of steps, events and forms to
    the present ones.
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
    conditions: Mapping[str, Callable[[F], bool]] = field(default_factory=dict)
    variant: Callable[[str, F, S], str | None] = lambda _step, _facts, _settings: None
    values: Callable[[str, F, S], Mapping[str, object]] = lambda _step, _facts, _settings: {}
    notes: Callable[[str, str, WalkState[F]], tuple[Notice, ...]] = _no_notes
    items: Callable[[F], Sequence[Item]] | None = None
    urgency: Callable[[F], Urgency | None] | None = None
    wait: Callable[["WalkState[F]", int, ReminderWaits], timedelta | None] | None = None
    begun: Callable[[F], bool] = lambda _facts: True
    jumps: tuple[str, ...] = ()
    restarted: Callable[[F], F] | None = None
    transfers: Mapping[str, str] = field(default_factory=dict)
    carry: Callable[[Handover], WalkState[F]] | None = None
    switched_on: Callable[[S], bool] = lambda _settings: True
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

    def holding(self, facts: F) -> frozenset[str]:
        """The names of the conditions that hold for these facts."""
        return frozenset(name for name, holds in self.conditions.items() if holds(facts))

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
