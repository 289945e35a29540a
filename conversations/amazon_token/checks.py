"""Version, IDs and token: an accepted value, or a coded reason. Pure; a refused value is never part of the reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from conversations.amazon_token.credentials import NOT_SECRET, Kind, find
from conversations.amazon_token.developer_ids import DOCUMENTED_ID, digits
from conversations.amazon_token.paste import Repair, cleaned
from conversations.amazon_token.regions import MARKETPLACE_IDS

__all__ = [
    "MINIMUM_VERSION", "Accepted", "Reason", "Refused", "Repair", "Version", "check_developer_id", "check_seller_id",
    "check_token", "check_version", "clean_names",
]  # fmt: skip

T = TypeVar("T")

TOKEN_LENGTH = 45
NAME_LIMIT = 60
NAMES_LIMIT = 20
PASTE_LIMIT = 4000

_TOKEN = re.compile(r"amzn\.mws\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_PREFIX = "amzn.mws."
_BODY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_HYPHENS_AT = frozenset({17, 22, 27, 32})
_SELLER_ID = re.compile(r"A[A-Z0-9]{9,20}", re.ASCII)
_LEGACY_SELLER_ID = re.compile(r"M_[A-Z0-9_]{3,40}", re.ASCII)
_DEVELOPER_ID = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}", re.ASCII)
_VERSION_WORDS = re.compile(r"speed4trade|connect|version|ver\.?|\bv\.?(?=\s*[0-9])", re.IGNORECASE)
_MASKED = re.compile(r"…|\.{3}|\*{2,}|•{2,}|x{4,}", re.IGNORECASE)
_USUAL_SELLER_ID = (13, 14)


class Reason(StrEnum):
    """Why a value is refused. `placeholders` are the details that its text may name."""

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
        """The details that come with this reason."""
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
    """A value fit for use, and what was repaired or is unusual about it."""

    value: T
    notes: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Why not. Positions count from 1 in the cleaned value."""

    reason: Reason
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Version:
    """A version of CONNECT, compared as integers. Parts that were not given are absent."""

    parts: tuple[int, ...]

    def __str__(self) -> str:
        return ".".join(map(str, self.parts))

    @property
    def is_enough(self) -> bool:
        """Whether the procedure can be walked with it."""
        return self >= MINIMUM_VERSION


MINIMUM_VERSION = Version((4, 9, 24, 4))
"""The oldest version with the field „Entwickler-Schlüsselset“ (source: the documented procedure, row 0)."""


def check_version(text: str) -> Accepted[Version] | Refused:
    """A version that can be compared with the minimum. Incomplete ones are accepted only where that is decidable."""
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    value, _ = cleaned(_VERSION_WORDS.sub(" ", text))
    if not value:
        return Refused(Reason.empty)
    repaired = value.replace(",", ".")
    notes = (Repair.commas,) if repaired != value else ()
    if not _VERSION.fullmatch(repaired):
        return Refused(Reason.not_a_version)
    parts = tuple(int(part) for part in repaired.split("."))
    if len(parts) < len(MINIMUM_VERSION.parts) and parts == MINIMUM_VERSION.parts[: len(parts)]:
        return Refused(Reason.version_incomplete, {"minimum": MINIMUM_VERSION})
    return Accepted(Version(parts), notes)


def check_token(text: str) -> Accepted[str] | Refused:
    """An MWS token: 45 characters, lower-case hexadecimal, not a UUID (source: Amazon's MWS developer guide)."""
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    other = _other_credential(text)
    if other is not None:
        return other
    value, repairs = cleaned(text)
    low = value.lower()
    if low != value:
        repairs = (*repairs, Repair.upper_case)
    if not low:
        return Refused(Reason.empty)
    if _TOKEN.fullmatch(low):
        return Accepted(low, repairs)
    return _why_no_token(low)


def _other_credential(text: str) -> Refused | None:
    for span in find(text):
        if span.kind not in {Kind.mws_token, Kind.possible_token, Kind.password}:
            return Refused(Reason.other_credential, {"kind": str(span.kind)})
    return None


def _why_no_token(low: str) -> Refused:
    tokens = set(_TOKEN.findall(low))
    if len(tokens) > 1:
        return Refused(Reason.two_tokens)
    if low.startswith(_PREFIX) and low.endswith("example"):
        return Refused(Reason.example_token)
    if _MASKED.search(low):
        return Refused(Reason.masked)
    if _BODY.fullmatch(low):
        return Refused(Reason.missing_prefix)
    if low.upper() in MARKETPLACE_IDS:
        return Refused(Reason.marketplace_id)
    if not low.startswith(_PREFIX):
        return Refused(Reason.not_a_token)
    return _fault_inside(low)


def _fault_inside(low: str) -> Refused:
    for position, character in enumerate(low, start=1):
        if not character.isascii():
            return Refused(Reason.look_alike, {"position": position, "character": character})
        if position > len(_PREFIX) and not re.fullmatch(r"[0-9a-f-]", character, re.ASCII):
            return Refused(Reason.not_hexadecimal, {"position": position, "character": character})
    if len(low) != TOKEN_LENGTH and low.count("-") < len(_HYPHENS_AT) and len(low.replace("-", "")) == TOKEN_LENGTH - 4:
        return Refused(Reason.missing_hyphens)
    if len(low) != TOKEN_LENGTH:
        return Refused(Reason.wrong_length, {"length": len(low), "expected": TOKEN_LENGTH})
    return Refused(Reason.missing_hyphens)


def check_seller_id(text: str) -> Accepted[str] | Refused:
    """A seller ID: `A` and 9 to 20 more letters or digits; 13 or 14 characters are usual (35 public samples)."""
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    for span in find(text):
        if span.kind not in NOT_SECRET:
            return Refused(Reason.other_credential, {"kind": str(span.kind)})
    value, repairs = cleaned(text)
    high = value.upper()
    if high != value:
        repairs = (*repairs, Repair.lower_case)
    if not high:
        return Refused(Reason.empty)
    if high in MARKETPLACE_IDS:
        return Refused(Reason.marketplace_id)
    if _LEGACY_SELLER_ID.fullmatch(high):
        return Refused(Reason.legacy_merchant_token)
    if not _SELLER_ID.fullmatch(high):
        return Refused(Reason.not_a_seller_id)
    unusual = () if len(high) in _USUAL_SELLER_ID else (Repair.unusual_length,)
    return Accepted(high, (*repairs, *unusual))


def check_developer_id(text: str) -> Accepted[str] | Refused:
    """An ID from the handbook, as 1234-5678-9012. The documented one has its own, checked way and is refused."""
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    value, repairs = cleaned(text)
    if not value:
        return Refused(Reason.empty)
    if not _DEVELOPER_ID.fullmatch(value):
        return Refused(Reason.not_a_developer_id)
    number = digits(value)
    if number == digits(DOCUMENTED_ID):
        return Refused(Reason.documented_id)
    return Accepted(f"{number[:4]}-{number[4:8]}-{number[8:]}", repairs)


def clean_names(names: list[str]) -> Accepted[tuple[str, ...]] | Refused:
    """Account names without doubles, each at most 60 characters on one line, at most 20 of them, and no secrets."""
    kept: dict[str, str] = {}
    for name in names:
        secret = next((span for span in find(name) if span.kind not in NOT_SECRET), None)
        if secret is not None:
            return Refused(Reason.name_is_secret, {"kind": str(secret.kind)})
        plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        if len(plain) > NAME_LIMIT:
            return Refused(Reason.name_too_long, {"limit": NAME_LIMIT})
        if plain:
            kept.setdefault(plain.casefold(), plain)
    if len(kept) > NAMES_LIMIT:
        return Refused(Reason.too_many_names, {"limit": NAMES_LIMIT})
    return Accepted(tuple(kept.values()))
