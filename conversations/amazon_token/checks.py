"""Checks of what merchants type or paste: each returns an accepted value, or a coded reason. Pure.

The checks of tokens and versions have modules of their own and are imported here: callers need this one only.
"""

import re
from dataclasses import dataclass

from conversations.amazon_token.developer_ids import DOCUMENTED_ID, digits
from conversations.amazon_token.facts import TokenMemory
from conversations.amazon_token.reasons import Reason, other_credential, wrong_character
from conversations.amazon_token.token_check import TOKEN_LENGTH, check_token
from conversations.amazon_token.version_check import MINIMUM_VERSION, Version, check_version
from conversations.engine.checks import (
    PASTE_LIMIT,
    Accepted,
    Refused,
    clean_names,
    first_foreign_digit,
    first_non_latin,
)
from conversations.marketplaces import marketplace_of
from conversations.secrets.clean_paste import Repair, ascii_upper, clean_paste, with_repairs, without_blanks
from conversations.secrets.credentials import NOT_SECRET, find
from conversations.secrets.normalize import strip_lookalikes

__all__ = [
    "MINIMUM_VERSION", "PASTE_LIMIT", "TOKEN_LENGTH", "Accepted", "CheckedInput",
    "Reason", "Refused", "Repair", "Version", "check_developer_id", "check_seller_id", "check_token",
    "check_version", "clean_names",
]  # fmt: skip

_SELLER_ID = re.compile(r"A[A-Z0-9]{9,20}", re.ASCII)
_SELLER_ID_IN_TEXT = re.compile(r"(?<![^\W_])A(?=[A-Z]{0,20}[0-9])[A-Z0-9]{9,20}(?![^\W_])")
_LEGACY_SELLER_ID = re.compile(r"M_[A-Z0-9_]{3,40}", re.ASCII)
_USUAL_SELLER_ID = (13, 14)
_DEVELOPER_ID = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class CheckedInput:
    """What the merchant gave for one event of the chart, checked and free of secrets.

    `readers` build it, the chart's guards and effects read it. Fields that the event does not use keep their
    defaults.
    """

    version: Version | None = None
    developer_id: str | None = None
    names: tuple[str, ...] = ()
    same: bool = False
    token: TokenMemory | None = None
    token_hash: str | None = None
    error_text: str = ""


def check_seller_id(text: str) -> Accepted[str] | Refused:
    """A seller ID: `A` and 9 to 20 more letters or digits; 13 or 14 characters are usual (35 public samples).

    Marketplace IDs and some access keys have this form too, so they are looked for first.
    """
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    secret = next((span for span in find(text) if span.kind not in NOT_SECRET), None)
    if secret is not None:
        return other_credential(secret.kind)
    value, repairs = clean_paste(text)
    if not value:
        return Refused(Reason.empty)
    ids_in_text = set(_SELLER_ID_IN_TEXT.findall(value))
    if len(ids_in_text) > 1:
        return Refused(Reason.not_a_seller_id)
    unspaced = without_blanks(value)
    single_id = ids_in_text.pop() if ids_in_text else unspaced
    if single_id != unspaced and (len(single_id) in _USUAL_SELLER_ID or not _SELLER_ID.fullmatch(unspaced)):
        return _seller_id(single_id, with_repairs(repairs, Repair.words_around))
    upper = ascii_upper(unspaced)
    if upper.isalpha() and upper != value:
        # Words in small letters have the form as well; an ID without a digit must be in capitals.
        return Refused(Reason.not_a_seller_id)
    blank = Repair.blank_inside if unspaced != value else None
    return _seller_id(upper, with_repairs(repairs, blank, Repair.lower_case if upper != unspaced else None))


def _seller_id(upper: str, repairs: tuple[Repair, ...]) -> Accepted[str] | Refused:
    if marketplace_of(upper) is not None:
        return Refused(Reason.marketplace_id)
    if _LEGACY_SELLER_ID.fullmatch(upper):
        return Refused(Reason.legacy_merchant_token)
    index = first_non_latin(upper)
    if index is not None and _SELLER_ID.fullmatch(ascii_upper("".join(map(strip_lookalikes, upper)))):
        return wrong_character(Reason.look_alike, index, upper)
    if not _SELLER_ID.fullmatch(upper):
        return Refused(Reason.not_a_seller_id)
    unusual = Repair.unusual_length if len(upper) not in _USUAL_SELLER_ID else None
    return Accepted(upper, with_repairs(repairs, unusual))


def check_developer_id(text: str) -> Accepted[str] | Refused:
    """A developer ID from the handbook, as 1234-5678-9012.

    The documented ID is refused: only `TokenSettings.developer_id` decides where it is shown.
    """
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    secret = next((span for span in find(text) if span.kind not in NOT_SECRET), None)
    if secret is not None:
        return other_credential(secret.kind)
    value, repairs = clean_paste(text)
    unspaced = without_blanks(value)
    if not unspaced:
        return Refused(Reason.empty)
    index = first_foreign_digit(unspaced)
    if index is not None:
        return wrong_character(Reason.foreign_digits, index, unspaced)
    if not _DEVELOPER_ID.fullmatch(unspaced):
        return Refused(Reason.not_a_developer_id)
    number = digits(unspaced)
    if number == digits(DOCUMENTED_ID):
        return Refused(Reason.documented_id)
    notes = with_repairs(repairs, Repair.blank_inside if unspaced != value else None)
    return Accepted(f"{number[:4]}-{number[4:8]}-{number[8:]}", notes)
