"""Checks of what merchants enter: each returns an accepted value, or a coded reason. Pure."""

from conversations.engine.checks import PASTE_LIMIT, Accepted, Refused
from conversations.secrets.credentials import NOT_SECRET, find

START_LIMIT = 40
"""Characters of „Auftragsabholung ab“; a date with a time has fewer."""
START_REASONS = {"no_date": "", "date_too_long": "limit", "date_is_secret": "kind"}
"""Why `check_start` refuses, and the details that come with each reason."""


def check_start(text: str) -> Accepted[str] | Refused:
    """What CONNECT shows in „Auftragsabholung ab“, as it was read. The ticket repeats it, so it is not converted."""
    if len(text) > PASTE_LIMIT:
        return Refused("date_too_long", {"limit": START_LIMIT})
    secret = next((span for span in find(text) if span.kind not in NOT_SECRET), None)
    if secret is not None:
        return Refused("date_is_secret", {"kind": str(secret.kind)})
    value = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    if not any(character.isdigit() for character in value):
        return Refused("no_date")
    if len(value) > START_LIMIT:
        return Refused("date_too_long", {"limit": START_LIMIT})
    return Accepted(value)
