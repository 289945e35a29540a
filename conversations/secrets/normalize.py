"""Plain ASCII for pattern matching: without invisible characters, escapes and look-alikes that hide a credential."""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_ANY_CASE = re.IGNORECASE | re.ASCII
_ESCAPE = r"%(?:25)*([0-9a-f]{2})|&(?:amp;)*(#[0-9]{1,7};|#x[0-9a-f]{1,6};|[a-z]{2,8};)|\\{1,4}(?:u([0-9a-f]{4})|/)"
_NOT_ASCII = r"[^\t-\r -~]"
_ESCAPES = re.compile(_ESCAPE, _ANY_CASE)
_ODD = re.compile(_NOT_ASCII)
_SPECIAL = re.compile(f"{_ESCAPE}|{_NOT_ASCII}", _ANY_CASE)
"""An escape of at least two characters, or one character that is no plain ASCII."""
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘"), "-")
_ALIKE = dict(
    zip(
        map(ord, "асеорхуіјѕԁһԝкмтвнАВСЕНІЈКМОРЅТХУοαερνκιυχϲΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"),
        "aceopxyijsdhwkmtbhABCEHIJKMOPSTXYoaepvkiuxcABEZHIKMNOPTYX",
        strict=True,
    )
)
_ASCII = 0x80
_LONGEST = 3


@dataclass(frozen=True)
class Normalized:
    """`text` in plain ASCII forms; its character at i comes from [starts[i], ends[i]) of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def invisible(character: str) -> bool:
    """Whether a character cannot be seen: zero-width, bidi marks, soft hyphen, BOM, fillers, controls."""
    if character.isspace():
        return False
    return character in _FILLERS or unicodedata.category(character) in {"Cf", "Cc", "Mn", "Me"}


@lru_cache(maxsize=4096)
def strip_lookalikes(character: str) -> str:
    """The ASCII form of one character, "" for an invisible one. A look-alike gives exactly one letter."""
    if character.isascii():
        return "" if invisible(character) else character
    if character.isspace():
        return "\n" if character in "\x85\u2028\u2029" else " "
    if invisible(character):
        return ""
    replaced = character.translate(_ALIKE).translate(_DASHES)
    if replaced != character:
        return replaced
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    # A ligature of many letters is no part of a credential; without a limit it would make the text many times longer.
    plain = unicodedata.normalize("NFKC", character).translate(_DASHES)
    return plain if len(plain) <= _LONGEST else "?"


def within_escapes(text: str) -> frozenset[int]:
    """The places within an escape in `text`, its first character excepted, where something else may begin."""
    return frozenset(place for escape in _ESCAPES.finditer(text) for place in range(escape.start() + 1, escape.end()))


def normalized(text: str, *, escapes: bool = True) -> Normalized:
    """`text` without invisible characters; look-alikes are resolved, and if wanted percent, entity and JSON escapes."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for special in (_SPECIAL if escapes else _ODD).finditer(text):
        start, end = special.span()
        parts.append(text[position:start])
        starts.extend(range(position, start))
        ends.extend(range(position + 1, start + 1))
        plain = _decoded(special) if end - start > 1 else strip_lookalikes(special[0])
        parts.append(plain)
        starts.extend([start] * len(plain))
        ends.extend([end] * len(plain))
        position = end
    if not parts:
        return Normalized(text, range(len(text)), range(1, len(text) + 1))
    parts.append(text[position:])
    starts.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    return Normalized("".join(parts), starts, ends)


def _decoded(code: re.Match[str]) -> str:
    if code[1] is not None:
        number = int(code[1], 16)
        # A byte of a multi-byte character is part of an invisible character or a blank: it must not split a token.
        return "" if number >= _ASCII else strip_lookalikes(chr(number))
    if code[2] is None:
        return strip_lookalikes(chr(int(code[3], 16))) if code[3] is not None else "/"
    return "".join(map(strip_lookalikes, html.unescape(f"&{code[2]}")))
