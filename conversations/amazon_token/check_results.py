"""What a check returns: an accepted value, or a coded reason. A refused value is never part of the reason."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from conversations.secrets.clean_paste import Repair
from conversations.secrets.credentials import SecretKind

T = TypeVar("T")


class Reason(StrEnum):
    """Why a value is refused."""

    empty = "empty"
    too_long = "too_long"
    not_a_token = "not_a_token"
    wrong_length = "wrong_length"
    not_hexadecimal = "not_hexadecimal"
    look_alike = "look_alike"
    missing_hyphens = "missing_hyphens"
    missing_prefix = "missing_prefix"
    masked = "masked"
    two_tokens = "two_tokens"
    example_token = "example_token"
    other_credential = "other_credential"
    marketplace_id = "marketplace_id"
    legacy_merchant_token = "legacy_merchant_token"
    not_a_seller_id = "not_a_seller_id"
    not_a_developer_id = "not_a_developer_id"
    documented_id = "documented_id"
    not_a_version = "not_a_version"
    version_incomplete = "version_incomplete"
    foreign_digits = "foreign_digits"
    name_too_long = "name_too_long"
    too_many_names = "too_many_names"
    name_is_secret = "name_is_secret"

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the details that come with this reason, which its text may use."""
        return _DETAILS.get(self, frozenset())


_DETAILS: dict[Reason, frozenset[str]] = {
    Reason.wrong_length: frozenset({"length", "expected"}),
    Reason.not_hexadecimal: frozenset({"position", "character"}),
    Reason.look_alike: frozenset({"position", "character"}),
    Reason.foreign_digits: frozenset({"position", "character"}),
    Reason.other_credential: frozenset({"kind"}),
    Reason.name_is_secret: frozenset({"kind"}),
    Reason.name_too_long: frozenset({"limit"}),
    Reason.too_many_names: frozenset({"limit"}),
    Reason.version_incomplete: frozenset({"minimum"}),
}


@dataclass(frozen=True)
class Accepted(Generic[T]):
    """A value that can be used, and what was repaired or is unusual about it."""

    value: T
    notes: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Why a value was not accepted. Positions count from 1 in the cleaned value."""

    reason: Reason
    details: Mapping[str, object] = field(default_factory=dict)


def other_credential(kind: SecretKind) -> Refused:
    """The refusal of a credential that does not belong in this field."""
    return Refused(Reason.other_credential, {"kind": str(kind)})


def wrong_character(reason: Reason, index: int, text: str) -> Refused:
    """The refusal for one character of `text`: its position, counted from 1, and the character."""
    return Refused(reason, {"position": index + 1, "character": text[index]})


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
