"""Everything that a person types or pastes is checked here: an accepted value, or a coded reason. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from conversations.amazon_token.check_results import (
    Accepted,
    Reason,
    Refused,
    at,
    first_alien,
    first_foreign_digit,
    other_kind,
)
from conversations.amazon_token.facts import KeySet, TokenMemory
from conversations.amazon_token.policy import DOCUMENTED_ID, digits
from conversations.amazon_token.token_check import PASTE_LIMIT, TOKEN_LENGTH, check_token
from conversations.amazon_token.version_check import MINIMUM_VERSION, Version, check_version
from conversations.marketplaces import marketplace_of
from conversations.secrets.clean_paste import Repair, capital, clean_paste, joined, with_repairs
from conversations.secrets.credentials import NOT_SECRET, find
from conversations.secrets.normalize import invisible, strip_lookalikes

__all__ = [
    "MINIMUM_VERSION", "NAMES_LIMIT", "NAME_LIMIT", "PASTE_LIMIT", "TOKEN_LENGTH", "Accepted", "CheckedInput",
    "Reason", "Refused", "Repair", "Version", "check_developer_id", "check_seller_id", "check_token",
    "check_version", "clean_names",
]  # fmt: skip

NAME_LIMIT = 60
NAMES_LIMIT = 20

_SELLER_ID = re.compile(r"A[A-Z0-9]{9,20}", re.ASCII)
_SELLER_ID_IN_TEXT = re.compile(r"(?<![^\W_])A(?=[A-Z]{0,20}[0-9])[A-Z0-9]{9,20}(?![^\W_])")
_LEGACY_SELLER_ID = re.compile(r"M_[A-Z0-9_]{3,40}", re.ASCII)
_USUAL_SELLER_ID = (13, 14)
_DEVELOPER_ID = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class CheckedInput:
    """What the merchant gave for one event of the chart, checked and free of secrets.

    `interpret` builds it, the chart's guards and effects read it. Fields that the event does not use keep their
    defaults.
    """

    version: Version | None = None
    region: str | None = None
    key_set: KeySet | None = None
    developer_id: str | None = None
    names: tuple[str, ...] = ()
    same: bool = False
    token: TokenMemory | None = None
    token_hash: str | None = None
    error_text: str = ""


def check_seller_id(text: str) -> Accepted[str] | Refused:
    """A seller ID: `A` and 9 to 20 more letters or digits; 13 or 14 characters are usual (35 public samples).

    Marketplace IDs and some access keys have this shape too, so they are looked for first.
    """
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    other = next((span for span in find(text) if span.kind not in NOT_SECRET), None)
    if other is not None:
        return other_kind(other.kind)
    value, repairs = clean_paste(text)
    if not value:
        return Refused(Reason.empty)
    in_text = set(_SELLER_ID_IN_TEXT.findall(value))
    if len(in_text) > 1:
        return Refused(Reason.not_a_seller_id)
    whole = joined(value)
    alone = in_text.pop() if in_text else whole
    if alone != whole and (len(alone) in _USUAL_SELLER_ID or not _SELLER_ID.fullmatch(whole)):
        return _seller_id(alone, with_repairs(repairs, Repair.words_around))
    high = capital(whole)
    if high.isalpha() and high != value:
        # Words in small letters have the shape as well; an ID without a digit must be written like one.
        return Refused(Reason.not_a_seller_id)
    blank = Repair.blank_inside if whole != value else None
    return _seller_id(high, with_repairs(repairs, blank, Repair.lower_case if high != whole else None))


def _seller_id(high: str, repairs: tuple[Repair, ...]) -> Accepted[str] | Refused:
    if marketplace_of(high) is not None:
        return Refused(Reason.marketplace_id)
    if _LEGACY_SELLER_ID.fullmatch(high):
        return Refused(Reason.legacy_merchant_token)
    alien = first_alien(high)
    if alien is not None and _SELLER_ID.fullmatch(capital("".join(map(strip_lookalikes, high)))):
        return at(Reason.look_alike, alien, high)
    if not _SELLER_ID.fullmatch(high):
        return Refused(Reason.not_a_seller_id)
    unusual = Repair.unusual_length if len(high) not in _USUAL_SELLER_ID else None
    return Accepted(high, with_repairs(repairs, unusual))


def check_developer_id(text: str) -> Accepted[str] | Refused:
    """An ID from the handbook, as 1234-5678-9012. The documented one has its own, checked way and is refused."""
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    other = next((span for span in find(text) if span.kind not in NOT_SECRET), None)
    if other is not None:
        return other_kind(other.kind)
    value, repairs = clean_paste(text)
    whole = joined(value)
    if not whole:
        return Refused(Reason.empty)
    foreign = first_foreign_digit(whole)
    if foreign is not None:
        return at(Reason.foreign_digits, foreign, whole)
    if not _DEVELOPER_ID.fullmatch(whole):
        return Refused(Reason.not_a_developer_id)
    number = digits(whole)
    if number == digits(DOCUMENTED_ID):
        return Refused(Reason.documented_id)
    notes = with_repairs(repairs, Repair.blank_inside if whole != value else None)
    return Accepted(f"{number[:4]}-{number[4:8]}-{number[8:]}", notes)


def clean_names(names: list[str]) -> Accepted[tuple[str, ...]] | Refused:
    """Account names without doubles, each at most 60 characters on one line, at most 20 of them, and no secrets.

    What cannot be seen is dropped, other controls become blanks; of two names that differ in case the first stays.
    """
    kept: dict[str, str] = {}
    for name in names:
        plain = _plain_name(name[: PASTE_LIMIT + 1])
        if not plain:
            continue
        secret = next((span for span in find(name[:PASTE_LIMIT]) if span.kind not in NOT_SECRET), None)
        if secret is not None:
            return Refused(Reason.name_is_secret, {"kind": str(secret.kind)})
        if len(plain) > NAME_LIMIT:
            return Refused(Reason.name_too_long, {"limit": NAME_LIMIT})
        kept.setdefault(plain.casefold(), plain)
        if len(kept) > NAMES_LIMIT:
            return Refused(Reason.too_many_names, {"limit": NAMES_LIMIT})
    return Accepted(tuple(kept.values()))


def _plain_name(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    seen = "".join(c for c in composed if unicodedata.category(c) in {"Mn", "Me"} or not invisible(c))
    return " ".join("".join(c if c.isprintable() else " " for c in seen).split())
