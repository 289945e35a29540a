"""Checks of what merchants enter: each returns an accepted value, or a coded reason. Pure."""

import re

from conversations.engine.checks import PASTE_LIMIT, Accepted, Refused
from conversations.secrets.credentials import NOT_SECRET, find

START_LIMIT = 40
"""Characters of „Auftragsabholung ab“; a date with a time has fewer."""
START_REASONS = {"no_date": "", "date_too_long": "limit", "date_is_secret": "kind"}
"""Why `check_start` refuses, and the details that come with each reason."""

_DATE = re.compile(r"\d{1,4}\W+(?:\d{1,2}|[^\W\d]{3,})\W+\d{2,4}|[^\W\d]{3,}\W+\d{1,2}\W+\d{4}|(?<!\d)\d{8}(?!\d)")
"""Day, month and year in any order, the month also as a word."""


def has_date(text: str) -> bool:
    """Whether there is a date in it, however it is written."""
    return _DATE.search(text) is not None


def check_start(text: str) -> Accepted[str] | Refused:
    """What CONNECT shows in „Auftragsabholung ab“, as it was read. The ticket repeats it, so it is not converted."""
    if len(text) > PASTE_LIMIT:
        return Refused("date_too_long", {"limit": START_LIMIT})
    secret = next((span for span in find(text) if span.kind not in NOT_SECRET), None)
    if secret is not None:
        return Refused("date_is_secret", {"kind": str(secret.kind)})
    value = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    if len(value) > START_LIMIT:
        return Refused("date_too_long", {"limit": START_LIMIT})
    if not has_date(value):
        return Refused("no_date")
    return Accepted(value)
