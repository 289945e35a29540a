"""One walkthrough, as the services use it: what it offers now, and what an event does to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from statemachine.exceptions import TransitionNotAllowed

from conversations.engine.answers import NO_READER, Checked, Interpretation, Notice, Raw, Reader, Refusal, text_of
from conversations.engine.charts import BACK, CANCEL, first_step
from conversations.engine.pictures import Illustration
from conversations.engine.procedure import ADVANCE, Form, Item, Offer, Procedure, Step, TicketEffect, Urgency
from conversations.engine.settings import ProcedureSettings
from conversations.engine.walk_state import ProcedureFacts, WalkState

F = TypeVar("F", bound=ProcedureFacts)
S = TypeVar("S", bound=ProcedureSettings)
_TRIED_AT = datetime.fromtimestamp(0, UTC)
_MARKS = {BACK: "↩", CANCEL: "■"}


class NotOffered(Exception):  # noqa: N818 - it is an answer, not a fault
    """The step does not offer this event: the press or word came too late, or belongs to another step."""


@dataclass(frozen=True)
class StepResult:
    """What an event did. With `refusals` nothing has changed. `ticket`: a ticket is to be filed, or added to.

    `mark` is put before the line that replaces the answered message.
    """

    answered_step: str
    event: str
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[Notice, ...] = ()
    record: Mapping[str, object] = field(default_factory=dict)
    moved: bool = True
    mark: str = "✓"
    ticket: TicketEffect | None = None

    @property
    def summary_key(self) -> str:
        """The key of the line that replaces the message of the answered step."""
        return f"steps.{self.answered_step}.record" if self.event == ADVANCE else f"records.{self.event}"


class Walk(Generic[F, S]):
    """A walkthrough with its `state`, which only `act` changes; one that has not begun is put at the first step.

    `procedures` are those to which it may be handed over; without it all of them.
    """

    def __init__(
        self, procedure: Procedure[F, S], state: WalkState[F], settings: S, procedures: Collection[str] | None = None
    ) -> None:
        self.procedure = procedure
        self.state = state
        self.settings = settings
        self._procedures = procedures
        self._accepted: tuple[str, ...] | None = None
        if state.step is None:
            state.step = first_step(procedure.chart)

    def copy(self) -> "Walk[F, S]":
        """The same walkthrough with a state of its own, to try something."""
        state = self.procedure.load(self.state.model_dump_json())  # a quarter of the time of a deep copy
        return Walk(self.procedure, state, self.settings, self._procedures)

    def after(self, event: str) -> "Walk[F, S]":
        """A copy in which the person has done `event`, as told by `plain_next`, at the start of 1970."""
        tried = self.copy()
        with self.procedure.charts.borrow() as chart:
            followed = chart.follow(event, tried.state, self.settings, self._handovers, _TRIED_AT)
        if not followed:
            tried.act(event, {}, NO_READER, _TRIED_AT)
        return tried

    @property
    def facts(self) -> F:
        """What the procedure knows."""
        return self.state.facts

    @property
    def step(self) -> str:
        """The present step."""
        return str(self.state.step)

    @property
    def properties(self) -> Step:
        """What is fixed about the present step."""
        return self.procedure.steps[self.step]

    @property
    def over(self) -> bool:
        """Whether the walk has reached an end."""
        return self.properties.end is not None

    @property
    def items(self) -> Sequence[Item]:
        """The things for which steps are repeated, in order; none before they are known."""
        return self.procedure.items(self.facts) if self.procedure.items is not None else ()

    @property
    def urgency(self) -> Urgency | None:
        """Why the person cannot wait; `None` when they can."""
        return self.procedure.urgency(self.facts) if self.procedure.urgency is not None else None

    @property
    def can_wait(self) -> bool:
        """Whether nothing is lost when the person stays where they are: nothing was changed, and no answer is due."""
        return self.urgency is None and not self.procedure.begun(self.facts) and not self.properties.with_support

    @property
    def text_key(self) -> str:
        """The key of the present instruction."""
        return self.procedure.text_key(self.step, self.facts, self.settings)

    def text_values(self, **more: object) -> dict[str, object]:
        """The values of the placeholders that the present instruction may name: `item`, the procedure's, and `more`."""
        names, here = self.properties.placeholders, self.items[self.state.item : self.state.item + 1]
        own = self.procedure.values(self.step, self.facts, self.settings)
        supplied = {"item": here[0].name if here else "", **own, **more}
        return {name: supplied[name] for name in names}

    def picture(self) -> Illustration | None:
        """The picture of the present step, or `None`."""
        return self.procedure.pictures.of(self.step, self.facts, self.settings)

    def offers(self) -> list[Offer]:
        """What can be pressed now, the primary act first."""
        enabled = self._enabled()
        offers = [offer for offer in self.properties.offers if offer.event in enabled]
        return sorted(offers, key=lambda offer: offer.last is not None and offer.last(self.facts))

    def can(self, event: str) -> bool:
        """Whether the present step accepts `event`."""
        return event in self._enabled()

    def plain_next(self) -> str | None:
        """The event that a typed „weiter“ means: the primary one; `None` where that needs a value or a decision."""
        offers = self.offers()
        if not offers or self.properties.confirmation or offers[0].form is not None or offers[0].choices:
            return None
        return offers[0].event

    def value_form(self) -> str | None:
        """The form whose value the step asks for first, or `None`."""
        offers = self.offers()
        return offers[0].form if offers else None

    def typed_form(self) -> str | None:
        """The form whose value may be typed at this step, or `None`."""
        forms = ((offer.form, self.form(offer.form)) for offer in self.offers() if offer.form is not None)
        return next((name for name, form in forms if form.typed is not None), None)

    def form(self, name: str) -> Form:
        """The form of this name. Raises `KeyError`."""
        return self.procedure.forms[name]

    def offers_form(self, name: str) -> bool:
        """Whether the present step offers the form."""
        return any(offer.form == name for offer in self.offers())

    def act(self, event: str, raw: Raw, reader: Reader, now: datetime) -> StepResult:
        """Apply `event` at `now` (aware, UTC). Raises `NotOffered`, or `ValueError` for a choice without a button."""
        procedure = self.procedure
        # An answer is read only where the step asks for it; any other event is refused by the chart itself.
        asked_first = event in procedure.answered or event in procedure.transfers
        if event not in procedure.events or (asked_first and not self.can(event)):
            raise NotOffered(event)
        answered_step, described = self.step, len(procedure.tickets.error_texts(self.facts))
        result = self._interpret(event, raw, reader)
        if not isinstance(result, Checked):
            return StepResult(answered_step, event, refusals=result, moved=False)
        if event == BACK:
            self._pass_over()
        try:
            self._accepted = None
            with procedure.charts.borrow() as chart:
                chart.take(event, self.state, self.settings, self._handovers, answer=result.answer, now=now)
        except TransitionNotAllowed as error:
            raise NotOffered(event) from error
        for text in procedure.tickets.error_texts(self.facts)[described:]:
            self.state.keep_error(text, now)
        offer = procedure.offer_of(answered_step, event)
        moved = self.step != answered_step
        return StepResult(
            answered_step,
            event,
            notes=(*result.notes, *procedure.notes(event, answered_step, self.state)),
            record=result.record,
            moved=moved,
            mark=_mark(event, offer) if moved else "↓",
            ticket=procedure.tickets.effect(answered_step, event),
        )

    def _pass_over(self) -> None:
        """Forget the steps at the end of the trail that say what is no longer true, where there is a way past them."""
        steps, trail = self.procedure.steps, self.state.trail
        while len(trail) > 1:
            holds = steps[trail[-1].step].true_while if trail[-1].step in steps else None
            if holds is None or holds(self.facts):
                return
            without = self.copy()
            without.state.trail.pop()
            if not without.can(BACK):
                return
            trail.pop()

    def _interpret(self, event: str, raw: Raw, reader: Reader) -> Interpretation:
        """The checked answer for `event`, or every reason why it is refused. An event without an answer is accepted."""
        record: dict[str, object] = {}
        if event in self.procedure.choices:
            choice = text_of(raw, "choice")
            if choice not in self.procedure.choices[event]:
                raise ValueError(f"{event} does not offer this choice")
            record["choice"] = choice
        read = self.procedure.readers.get(event)
        if read is None:
            return Checked(record.get("choice"), record)
        return read(raw, self.facts, reader)

    def _enabled(self) -> tuple[str, ...]:
        if self._accepted is None:
            with self.procedure.charts.borrow() as chart:
                self._accepted = chart.offers(self.state, self.settings, self._handovers)
        return self._accepted

    @property
    def _handovers(self) -> frozenset[str]:
        """The events whose other procedure is there."""
        there = self._procedures
        return frozenset(
            event for event, target in self.procedure.transfers.items() if there is None or target in there
        )


def _mark(event: str, offer: Offer | None) -> str:
    return _MARKS.get(event) or (offer.mark if offer is not None else "✓")


AnyWalk = Walk[Any, Any]
