"""Checks of what people enter: each returns an accepted value, or a coded reason. A refused value is never part of it.

The check that every procedure may need is here; the others are the procedures' own.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from conversations.secrets.clean_paste import Repair
from conversations.secrets.credentials import NOT_SECRET, find
from conversations.secrets.normalize import invisible

T = TypeVar("T")


NAME_LIMIT, NAMES_LIMIT = 60, 20
PASTE_LIMIT = 4000
"""More characters than this are refused unread: nobody pastes a value that long."""
NAME_REASONS = {"name_too_long": "limit", "too_many_names": "limit", "name_is_secret": "kind"}
"""Why `clean_names` refuses names, and the details that come with each reason."""


@dataclass(frozen=True)
class Accepted(Generic[T]):
    """A value that can be used, and what was repaired or is unusual about it."""

    value: T
    notes: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Why a value was not accepted: a code of the check. Positions count from 1 in the cleaned value."""

    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


def first_non_latin(text: str) -> int | None:
    """The index of the first letter or digit of another script, which may look like a Latin one; else `None`."""
    for index, character in enumerate(text):
        if not character.isascii() and character.isalnum() and not _is_latin(character):
            return index
    return None


def first_foreign_digit(text: str) -> int | None:
    """The index of the first decimal digit of another script, which is not one of ASCII's 0 to 9; else `None`."""
    return next((i for i, c in enumerate(text) if not c.isascii() and unicodedata.decimal(c, None) is not None), None)


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


def clean_names(names: list[str]) -> Accepted[tuple[str, ...]] | Refused:
    """Account names without duplicates, each at most 60 characters on one line, at most 20 of them, and no secrets.

    Invisible characters are dropped, other controls become blanks; of names that differ in case only, the first stays.
    """
    kept: dict[str, str] = {}
    for name in names:
        cleaned = _cleaned_name(name[: PASTE_LIMIT + 1])
        if not cleaned:
            continue
        secret = next((span for span in find(name[:PASTE_LIMIT]) if span.kind not in NOT_SECRET), None)
        if secret is not None:
            return Refused("name_is_secret", {"kind": str(secret.kind)})
        if len(cleaned) > NAME_LIMIT:
            return Refused("name_too_long", {"limit": NAME_LIMIT})
        kept.setdefault(cleaned.casefold(), cleaned)
        if len(kept) > NAMES_LIMIT:
            return Refused("too_many_names", {"limit": NAMES_LIMIT})
    return Accepted(tuple(kept.values()))


def _cleaned_name(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(c for c in composed if unicodedata.category(c) in {"Mn", "Me"} or not invisible(c))
    return " ".join("".join(c if c.isprintable() else " " for c in visible).split())
