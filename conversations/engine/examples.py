"""What the demonstration and the tests need to know of a procedure to walk through it. All values are made up."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from conversations.engine.answers import Raw

PageMessage = dict[str, Any]
"""A message as the sandbox's page shows it."""
MakeAnswer = Callable[[Random], Raw]
"""Fills in a form."""


class Player(Protocol):
    """One person of a play: presses, fills in and types as people do, and waits for what comes of it."""

    async def start(self, line: str = ...) -> PageMessage:
        """Type the slash command; the first step."""

    async def press(self, action_id: str) -> PageMessage:
        """Press a button by its ID: `walk:<event>`, `walk:<event>:<choice>` or another one; the next message."""

    async def fill(self, action_id: str, **values: Any) -> PageMessage:
        """Fill in the fields of `form:<form>` or choose their options by label, submit; the next message."""

    async def refused(self, action_id: str, **values: Any) -> str:
        """The same with values that must be refused, and close the modal: the reasons."""

    async def say(self, text: str, shown: str | None = None) -> PageMessage:
        """Type `text`, which is printed as `shown`; the next message."""

    async def hear(self, containing: str) -> PageMessage:
        """Wait for a message that contains this."""

    async def everything(self) -> str:
        """All that the bot has said to this person."""

    async def card(self, containing: str) -> PageMessage:
        """Wait for a ticket's card that contains this."""

    async def decide(self, action_id: str) -> None:
        """Press a button of the card."""


class Stage(Protocol):
    """A play's people, and the texts that they should see."""

    @property
    def merchant(self) -> Player:
        """The merchant."""

    @property
    def agent(self) -> Player:
        """The agent."""

    def text(self, key: str, **values: object) -> str:
        """A text in the merchant's language."""

    def titled(self, step: str) -> str:
        """The title of a step in the merchant's language."""

    def expect(self, text: str, part: str) -> None:
        """Fail the play unless `text` contains `part`."""

    def expect_not(self, text: str, part: str) -> None:
        """Fail the play if `text` contains `part`."""


Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Act:
    """One act of a walkthrough: at `step`, an event with its choice, or the form that is filled in."""

    step: str
    event: str
    choice: str | None = None
    form: str | None = None
    answer: MakeAnswer | None = None


@dataclass(frozen=True, kw_only=True)
class Examples:
    """How people walk. `answers` fill in each form correctly, `refused` in ways that are refused.

    `way` visits every step that is no end. For the seeds: `likely` weighs the buttons of a step against each other and
    `likely_choices` the choices of an event (1 where nothing is said), `seconds` is how long a step takes most people,
    and `given_up` how likely somebody leaves there. `plays` are the stories of the demonstration,
    `main_play` the one that shows most, and `samples` make up values to paste in it, by the names of their texts.
    """

    answers: Mapping[str, tuple[MakeAnswer, ...]] = field(default_factory=dict)
    refused: Mapping[str, tuple[MakeAnswer, ...]] = field(default_factory=dict)
    way: tuple[Act, ...] = ()
    likely: Mapping[str, float] = field(default_factory=dict)
    likely_choices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    given_up: Mapping[str, float] = field(default_factory=dict)
    plays: Mapping[str, Play] = field(default_factory=dict)
    main_play: str = ""
    samples: Mapping[str, Callable[[], str]] = field(default_factory=dict)
