"""Builds the lines of a ticket's summary from texts, moments and people."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from conversations.engine.texts import Texts

_SLOT = re.compile("\x00([a-z0-9_]+)\x00")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Mention:
    """A person whom Slack shows as a mention."""

    user_id: str


Value = str | datetime | Mention
"""A piece of a line: plain text, a moment that is shown in the reader's time zone, or a person."""


@dataclass(frozen=True)
class StepTime:
    """How long the walk was at a step in all, in seconds, and how often it came there."""

    step: str
    seconds: float
    times: int


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """What people call it."""


N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Line:
    """A label and its values, which are shown one after the other, without a separator."""

    label: str
    value: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """A title and the lines below it."""

    title: str
    lines: tuple[Line, ...]


class Formatter:
    """Fills the ticket's texts of one language. Keys are those below `ticket` in the catalogue."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def values(self, key: str, /, **parts: Value | int) -> tuple[Value, ...]:
        """The text of `key`, its placeholders filled with `parts`; moments and people stay what they are."""
        text = self.texts.say(f"ticket.{key}", **{name: f"\x00{name}\x00" for name in parts})
        values: list[Value] = []
        for index, piece in enumerate(_SLOT.split(text)):
            part = piece if index % 2 == 0 else parts[piece]
            part = str(part) if isinstance(part, int) else part
            if isinstance(part, str) and values and isinstance(values[-1], str):
                values[-1] += part
            elif part != "":
                values.append(part)
        return tuple(values)

    def say(self, key: str, /, **parts: str | int) -> str:
        """The text of `key` as one string."""
        return self.texts.say(f"ticket.{key}", **parts)

    def line(self, label: str, *value: Value) -> Line:
        """A line with the label `labels.<label>`."""
        return Line(self.say(f"labels.{label}"), value)

    def section(self, name: str, *lines: Line) -> Section:
        """A section with the title `sections.<name>`."""
        return Section(self.say(f"sections.{name}"), lines)

    def duration(self, seconds: float) -> str:
        """A duration in words, to the minute below a day and to the hour above."""
        whole = int(seconds)
        if whole < _MINUTE:
            return self.say("durations.under_minute")
        if whole < _HOUR:
            return self.say("durations.minutes", minutes=whole // _MINUTE)
        if whole < _DAY:
            return self.say("durations.hours", hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE)
        return self.say("durations.days", days=whole // _DAY, hours=whole % _DAY // _HOUR)

    def grouped(self, key: str, things: Iterable[N], state_of: Callable[[N], str]) -> str:
        """The names of the things, grouped by state; the text of a state is `<key>.<state>`."""
        groups: dict[str, list[str]] = {}
        for thing in things:
            groups.setdefault(state_of(thing), []).append(thing.name)
        if not groups:
            return self.say("values.not_asked")
        return "; ".join(
            self.say("values.group", state=self.say(f"{key}.{state}"), names=", ".join(names))
            for state, names in groups.items()
        )
