"""The version of CONNECT, and the check of one that was typed."""

import re
from dataclasses import dataclass

from conversations.amazon_token.reasons import Reason, wrong_character
from conversations.engine.checks import PASTE_LIMIT, Accepted, Refused, first_foreign_digit
from conversations.secrets.clean_paste import Repair, clean_paste, with_repairs

_NUMBERS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}", re.ASCII)
_WORDS = re.compile(
    r"(?:speed4trade|connect|version(?:snummer)?|\bver\b\.?|\bv\.?(?=\s{0,3}[0-9]))[\s:=–-]{0,5}", re.IGNORECASE
)
_AROUND_DOTS = re.compile(r"\s{0,9}([.,])\s{0,9}")


@dataclass(frozen=True, order=True)
class Version:
    """A version of CONNECT, compared as integers. Parts that were not given are absent."""

    parts: tuple[int, ...]

    @classmethod
    def read(cls, text: str) -> "Version":
        """The version that `str` made this text of."""
        return cls(tuple(map(int, text.split("."))))

    def __str__(self) -> str:
        return ".".join(map(str, self.parts))

    @property
    def is_enough(self) -> bool:
        """Whether this version has the fields that the procedure needs."""
        return self >= MINIMUM_VERSION


MINIMUM_VERSION = Version((4, 9, 24, 4))
"""The oldest version with the field „Entwickler-Schlüsselset“ (source: the documented procedure, row 0)."""


def check_version(text: str) -> Accepted[Version] | Refused:
    """A version of CONNECT. An incomplete one is accepted only where it can be compared with the minimum.

    Digits are never joined over a blank: "4 9 24 4" could be anything.
    """
    if len(text) > PASTE_LIMIT:
        return Refused(Reason.too_long)
    without_words = _WORDS.sub(" ", text)
    value, repairs = clean_paste(without_words)
    if not value:
        return Refused(Reason.empty)
    index = first_foreign_digit(value)
    if index is not None:
        return wrong_character(Reason.foreign_digits, index, value)
    unspaced = _AROUND_DOTS.sub(r"\1", value)
    dotted = unspaced.replace(",", ".")
    if not _NUMBERS.fullmatch(dotted):
        return Refused(Reason.not_a_version)
    version = Version(tuple(int(part) for part in dotted.split(".")))
    if _undecidable(version):
        return Refused(Reason.version_incomplete, {"minimum": MINIMUM_VERSION})
    notes = with_repairs(
        tuple(repair for repair in repairs if repair is not Repair.blanks_around),
        Repair.words_around if without_words != text else None,
        Repair.blank_inside if unspaced != value else None,
        Repair.commas if dotted != unspaced else None,
    )
    return Accepted(version, notes)


def _undecidable(version: Version) -> bool:
    given = len(version.parts)
    return given < len(MINIMUM_VERSION.parts) and version.parts == MINIMUM_VERSION.parts[:given]
