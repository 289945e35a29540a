"""What people enter, from raw form fields to a checked answer, and what is said about it."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conversations.secrets.credentials import SecretKind
from conversations.secrets.redact import redact

Raw = Mapping[str, str | list[str]]
"""Form fields as they were typed or chosen; "choice" holds the choice of a pressed button."""


@dataclass(frozen=True)
class Notice:
    """Something to say besides the next step: the text `notes.<code>` and its values.

    `to_do`: it asks for something before the next step is finished, and is said right above its buttons.
    """

    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    to_do: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why an answer was refused: the field, the text `reasons.<reason>` and its values. Never the answer itself."""

    field: str
    reason: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """An accepted answer in the procedure's own type, the values for the record of it, and notices about it."""

    answer: Any = None
    record: Mapping[str, object] = dataclasses.field(default_factory=dict)
    notes: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Reader:
    """What reading an answer needs besides the answer: the key for hashes, and the label that replaces a secret."""

    key: bytes
    secret_label: Callable[[SecretKind], str]

    def error_text(self, text: str) -> str:
        """An error message without secrets and not too long, so that it may be stored."""
        return redact(text, self.secret_label)


NO_READER = Reader(b"", str)
"""For an act without an answer: there is nothing to read."""


Interpretation = Checked | tuple[Refusal, ...]
"""The checked answer, or every reason why it is refused."""
ReadAnswer = Callable[[Raw, Any, Reader], Interpretation]
"""Reads the raw answer to one event; the second argument is the procedure's facts."""


def text_of(raw: Raw, name: str) -> str:
    """The text of a field, "" where it is missing."""
    value = raw.get(name, "")
    return value if isinstance(value, str) else "\n".join(value)


def list_of(raw: Raw, name: str) -> list[str]:
    """The chosen values of a field."""
    value = raw.get(name, [])
    return [value] if isinstance(value, str) else list(value)
