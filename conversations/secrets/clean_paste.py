"""Cleans what was pasted, step by step, and reports what was cleaned. Only wrapping is removed; nothing is guessed."""

import html
import re
from collections.abc import Callable
from enum import StrEnum

from conversations.secrets.normalize import invisible


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


_WRAPPED = re.compile(r"<(?:(?:https?|mailto|tel)[:]/{0,2})?([^<>|\s.:]*[.:][^<>|\s]*)(?:\|([^<>|]*))?>")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6});", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−⁃﹘", "-"))
_FULL_WIDTH = str.maketrans({wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)})
_QUOTES = "\"'„“”‚‘’«»‹›"
_LABEL = re.compile(r"^[^\n:=]{1,60}[:=]\s*(?=\S)")
_OPENING, _CLOSING = "([{<", ".,;:!?)]}>"
_TO_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_TO_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def ascii_lower(text: str) -> str:
    """`text` with ASCII capitals in lower case; other letters stay, so that positions and look-alikes stay."""
    return text.translate(_TO_LOWER)


def ascii_upper(text: str) -> str:
    """`text` with ASCII letters in upper case; other letters stay."""
    return text.translate(_TO_UPPER)


def _visible(text: str) -> str:
    return "".join(character for character in text if not invisible(character))


def _entities(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _unwrapped(text: str) -> str:
    return _WRAPPED.sub(lambda match: match[2] or match[1], text)


def _code_marks(text: str) -> str:
    return text.strip("`").strip() if "`" in text else text


def _quotes(text: str) -> str:
    return text.strip(_QUOTES).strip()


def _punctuation(text: str) -> str:
    return text.lstrip(_OPENING).rstrip(_CLOSING).strip()


def _without_label(text: str) -> str:
    return _LABEL.sub("", text, count=1)


_STEPS: tuple[tuple[Repair, Callable[[str], str]], ...] = (
    (Repair.invisible_character, _visible),
    (Repair.slack_wrapping, _entities),
    (Repair.slack_wrapping, _unwrapped),
    (Repair.blanks_around, str.strip),
    (Repair.code_marks, _code_marks),
    (Repair.quotes, _quotes),
    (Repair.dashes, lambda text: text.translate(_DASHES)),
    (Repair.full_width, lambda text: text.translate(_FULL_WIDTH)),
    (Repair.label, _without_label),
    (Repair.code_marks, _code_marks),
    (Repair.quotes, _quotes),
    (Repair.trailing_punctuation, _punctuation),
    (Repair.quotes, _quotes),
    (Repair.code_marks, _code_marks),
    (Repair.trailing_punctuation, _punctuation),
)

Repairs = tuple[Repair, ...]


def clean_paste(text: str) -> tuple[str, Repairs]:
    """`text` without its wrapping, and what was removed, each once in the order of first use. Blanks inside stay."""
    repairs: dict[Repair, None] = {}
    for repair, clean in _STEPS:
        after = clean(text)
        if after != text:
            repairs[repair] = None
            text = after
    return text, tuple(repairs)


def without_blanks(text: str) -> str:
    """`text` without any blank or line break."""
    return "".join(text.split())


def with_repairs(repairs: Repairs, *more: Repair | None) -> Repairs:
    """`repairs` and those of `more` that happened, each once."""
    return tuple(dict.fromkeys((*repairs, *(repair for repair in more if repair is not None))))
