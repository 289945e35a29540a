"""One walkthrough, as the services use it: what it offers now, and what an event does to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from statemachine.exceptions import TransitionNotAllowed

from conversations.amazon_token.chart import TokenChart
from conversations.amazon_token.facts import FIRST_STEP, Facts
from conversations.amazon_token.interpret import ANSWERED, Checked, Notice, Raw, Reader, Refusal, interpret
from conversations.amazon_token.policy import Policy
from conversations.amazon_token.steps import ENDS, STEPS, Offer
from conversations.engine.charts import ReusedChart

EVENTS = frozenset(str(event.id) for event in cast("list[Any]", TokenChart.events))
TicketEffect = Literal["file", "add"]
_CHART = ReusedChart(TokenChart)


class NotOffered(Exception):  # noqa: N818 - it is an answer, not a fault
    """The step does not offer this event: the press or word came too late, or belongs to another step."""


@dataclass(frozen=True)
class StepResult:
    """What an event did. With `refusals` nothing has changed. `ticket`: a ticket is to be filed, or added to."""

    answered_step: str
    event: str
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[Notice, ...] = ()
    record: Mapping[str, object] = field(default_factory=dict)
    moved: bool = True
    ticket: TicketEffect | None = None

    @property
    def summary_key(self) -> str:
        """The key of the line that replaces the message of the answered step."""
        return f"steps.{self.answered_step}.record" if self.event == "advance" else f"records.{self.event}"


class Walk:
    """A walkthrough with its `facts`, which only `act` changes; one that has not begun is put at the first step."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self.facts = facts
        self.policy = policy
        self._accepted: tuple[str, ...] | None = None
        if facts.step is None:
            facts.step = FIRST_STEP

    @property
    def step(self) -> str:
        """The present step."""
        return str(self.facts.step)

    @property
    def over(self) -> bool:
        """Whether the walk has reached an end."""
        return self.step in ENDS

    def offers(self) -> list[Offer]:
        """What the merchant can press now, the primary act first."""
        enabled = self._enabled()
        offers = [offer for offer in STEPS[self.step].offers if offer.event in enabled]
        if self.step == "with_support" and self.facts.error_texts:
            offers.sort(key=lambda offer: offer.event == "describe_failure")  # it was described: this comes last
        return offers

    def can(self, event: str) -> bool:
        """Whether the present step accepts `event`."""
        return event in self._enabled()

    def plain_next(self) -> str | None:
        """The event that a typed „weiter“ means: the primary one; `None` where that needs a value or a decision."""
        step, offers = STEPS[self.step], self.offers()
        return offers[0].event if offers and not step.confirmation and offers[0].form is None else None

    def value_form(self) -> str | None:
        """The form whose value may be typed at this step, or `None`."""
        offers = self.offers()
        return offers[0].form if offers else None

    def act(self, event: str, raw: Raw, reader: Reader, now: datetime) -> StepResult:
        """Apply `event` at `now` (aware, UTC). Raises `NotOffered`, or `ValueError` for a choice without a button."""
        # An answer is read only where the step asks for it; an event without one is refused by the chart itself.
        if event not in EVENTS or (event in ANSWERED and not self.can(event)):
            raise NotOffered(event)
        answered_step = self.step
        result = interpret(event, raw, self.facts, reader)
        if not isinstance(result, Checked):
            return StepResult(answered_step, event, refusals=result, moved=False)
        try:
            self._accepted = None
            with _CHART.borrow() as chart:
                chart.take(event, self.facts, self.policy, answer=result.answer, now=now)
        except TransitionNotAllowed as error:
            raise NotOffered(event) from error
        return StepResult(
            answered_step,
            event,
            notes=(*result.notes, *self._own_notes(answered_step, event)),
            record=result.record,
            moved=self.step != answered_step,
            ticket=self._ticket(answered_step, event),
        )

    def _enabled(self) -> tuple[str, ...]:
        if self._accepted is None:
            with _CHART.borrow() as chart:
                self._accepted = chart.offers(self.facts, self.policy)
        return self._accepted

    def _own_notes(self, answered_step: str, event: str) -> list[Notice]:
        if event == "enter_version" and answered_step == self.step == "update_required":
            return [Notice("version_still_too_old", {"version": self.facts.version})]
        return [Notice("postponed")] if event == "postpone" else []

    def _ticket(self, answered_step: str, event: str) -> TicketEffect | None:
        if event == "fetch_failed" and answered_step == "second_fetch":
            return "file"
        return "add" if event == "describe_failure" else None
