"""What is kept of one walkthrough between two events: where it is, and what its procedure knows."""

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

TRAIL_LIMIT = 200
"""So many steps back are possible; older ones are dropped so that the stored state stays small."""
ERRORS_LIMIT = 10
"""So many error messages are kept; the newest ones."""


class ProcedureFacts(BaseModel):
    """Base of what a procedure knows about one walkthrough: plain data, all times aware and in UTC.

    What the next version knows besides, which may serve the same database meanwhile, is kept untouched.
    """

    model_config = ConfigDict(extra="allow")  # fields of the next version

    def forget_secrets(self) -> None:
        """Drop every keyed hash. Called when the walkthrough ends: after that nothing is compared any more."""


F = TypeVar("F", bound=ProcedureFacts)


class TrailEntry(BaseModel):
    """A step that was left, and the index of the item that was worked on there."""

    model_config = ConfigDict(frozen=True)

    step: str
    item: int = Field(ge=0)


class PastedError(BaseModel):
    """An error message that was pasted at `step`. `text` is without secrets."""

    model_config = ConfigDict(frozen=True)

    step: str
    at: AwareDatetime
    text: str


class WalkState(BaseModel, Generic[F]):
    """Where a walkthrough is (`step`, a state of its chart), how it came there, and the `facts` of its procedure.

    `item` is the index of the item being worked on, in a procedure that repeats steps for several. `errors` are the
    error messages that were pasted on the way, oldest first. `one_by_one`: the person wants each step in a message of
    its own.
    `model_dump_json()` and `model_validate_json()` restore it without loss, fields of the next version too.
    """

    model_config = ConfigDict(extra="allow")  # fields of the next version

    step: str | None = None
    trail: list[TrailEntry] = Field(default_factory=list)
    repeats: dict[str, int] = Field(default_factory=dict)
    item: int = 0
    errors: list[PastedError] = Field(default_factory=list)
    one_by_one: bool = False
    facts: F

    @property
    def came_from(self) -> str | None:
        """The step before the present one, `None` at the first."""
        return self.trail[-1].step if self.trail else None

    def leave(self, step: str) -> None:
        """Add `step` to the trail, as the step that `back` leads to."""
        self.trail.append(TrailEntry(step=step, item=self.item))
        del self.trail[:-TRAIL_LIMIT]

    def keep_error(self, text: str, now: datetime) -> None:
        """Keep an error message, which is without secrets; not the newest one a second time."""
        if text and not (self.errors and self.errors[-1].text == text):
            self.errors.append(PastedError(step=str(self.step), at=now, text=text))
            del self.errors[:-ERRORS_LIMIT]

    def retrace(self) -> None:
        """Remove the last entry of the trail and work on its item again. The chart sets the step."""
        self.item = self.trail.pop().item

    def return_to(self, existing_steps: frozenset[str]) -> None:
        """Go back to the last step of the trail that still exists; without one, the walk has not begun.

        Called at the start of the bot, for a walk at a step that this version of the chart does not have.
        """
        self.trail = [entry for entry in self.trail if entry.step in existing_steps]
        self.step = self.came_from
        if self.trail:
            self.retrace()


class WalkPosition:
    """The chart's model: the step of the walk whose state it is called with, so that one chart serves many walks."""

    def __init__(self, first_step: str) -> None:
        self.state: WalkState[ProcedureFacts] = WalkState(step=first_step, facts=ProcedureFacts())

    @property
    def step(self) -> str | None:
        """The step that the chart reads and writes."""
        return self.state.step

    @step.setter
    def step(self, step: str) -> None:
        self.state.step = step
