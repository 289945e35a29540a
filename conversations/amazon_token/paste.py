"""Cleans what was pasted, step by step, and says what was cleaned. Nothing is guessed: only wrapping is taken off."""

import html
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from conversations.amazon_token.plain_view import invisible


class Repair(StrEnum):
    """What was cleaned from a pasted value, or is unusual about it."""

    blanks_around = "blanks_around"
    blank_inside = "blank_inside"
    invisible_character = "invisible_character"
    quotes = "quotes"
    code_marks = "code_marks"
    label = "label"
    trailing_punctuation = "trailing_punctuation"
    slack_wrapping = "slack_wrapping"
    dashes = "dashes"
    full_width = "full_width"
    upper_case = "upper_case"
    lower_case = "lower_case"
    commas = "commas"
    words_around = "words_around"
    doubled = "doubled"
    unusual_length = "unusual_length"


_WRAPPED = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#\d+);")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_QUOTES = "\"'„“”‚‘’«»‹›"
_LABEL = re.compile(r"^[^\n:=]{1,60}[:=]\s*(?=\S)")


def _invisible(text: str) -> str:
    return "".join(one for one in text if not invisible(one))


def _entities(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _unwrapped(text: str) -> str:
    return _WRAPPED.sub(lambda found: found[2] or found[1], text)


def _blanks_around(text: str) -> str:
    return text.strip()


def _code_marks(text: str) -> str:
    return text.strip("`").strip() if "`" in text else text


def _quotes(text: str) -> str:
    return text.strip(_QUOTES).strip()


def _full_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _dashes(text: str) -> str:
    return text.translate(_DASHES)


def _label(text: str) -> str:
    return _LABEL.sub("", text, count=1)


def _punctuation(text: str) -> str:
    return text.rstrip(".,;:!?)").rstrip()


def _blank_inside(text: str) -> str:
    return "".join(text.split())


_ALWAYS: tuple[tuple[Repair, Callable[[str], str]], ...] = (
    (Repair.invisible_character, _invisible),
    (Repair.slack_wrapping, _entities),
    (Repair.slack_wrapping, _unwrapped),
    (Repair.blanks_around, _blanks_around),
    (Repair.code_marks, _code_marks),
    (Repair.quotes, _quotes),
    (Repair.full_width, _full_width),
    (Repair.dashes, _dashes),
    (Repair.label, _label),
    (Repair.code_marks, _code_marks),
    (Repair.quotes, _quotes),
    (Repair.trailing_punctuation, _punctuation),
    (Repair.quotes, _quotes),
    (Repair.blank_inside, _blank_inside),
)


def cleaned(text: str) -> tuple[str, tuple[Repair, ...]]:
    """`text` without its wrapping, and what was taken off, each once in the order of first use."""
    repairs: dict[Repair, None] = {}
    for repair, clean in _ALWAYS:
        after = clean(text)
        if after != text:
            repairs[repair] = None
            text = after
    return text, tuple(repairs)
