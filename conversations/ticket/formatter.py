"""How the lines of a dossier are put together from the guide's texts, moments and people."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conversations.amazon_token.facts import Account
from conversations.engine.texts import Texts
from conversations.ticket.models import Value

_SLOT = re.compile("\x00([a-z0-9_]+)\x00")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Line:
    """A label and what is known. The values are shown one after the other, without a separator."""

    label: str
    value: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """Lines that belong together."""

    title: str
    lines: tuple[Line, ...]


class Formatter:
    """Writes with the ticket's texts of one guide; keys are those below „ticket“."""

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
        """A line under the label of the guide."""
        return Line(self.say(f"labels.{label}"), value)

    def section(self, name: str, *lines: Line) -> Section:
        """A section under the title of the guide."""
        return Section(self.say(f"sections.{name}"), lines)

    def duration(self, seconds: float) -> str:
        """A span in words, to the minute below a day and to the hour above."""
        whole = int(seconds)
        if whole < _MINUTE:
            return self.say("durations.under_minute")
        if whole < _HOUR:
            return self.say("durations.minutes", minutes=whole // _MINUTE)
        if whole < _DAY:
            return self.say("durations.hours", hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE)
        return self.say("durations.days", days=whole // _DAY, hours=whole % _DAY // _HOUR)

    def grouped(self, key: str, accounts: Iterable[Account], state_of: Callable[[Account], str]) -> str:
        """The accounts by name, those in the same state together; the state's words stand below `key`."""
        groups: dict[str, list[str]] = {}
        for account in accounts:
            groups.setdefault(state_of(account), []).append(account.name)
        if not groups:
            return self.say("values.not_asked")
        said = (
            self.say("values.group", state=self.say(f"{key}.{state}"), names=", ".join(names))
            for state, names in groups.items()
        )
        return "; ".join(said)
