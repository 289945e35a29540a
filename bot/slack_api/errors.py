"""What can come of one attempt, and what Slack's and the network's errors mean."""

from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

# Slack's own trouble under a 200 (https://docs.slack.dev/reference/methods/chat.postMessage, "Errors").
_PASSING = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500

REVOKED_CODES = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Codes that concern the app and not what it wanted to say (same page): a token that is worth nothing any more."""

_INSTALL = "Slack does not know the app any more. Install it again, put the new token into SLACK_BOT_TOKEN and restart."
_REMEDIES = {
    "channel_not_found": "Compare SUPPORT_CHANNEL_ID with the channel's About page; /invite the bot if it is private.",
    "not_in_channel": "/invite the bot into the channel.",
    "is_archived": "Ask a workspace admin to unarchive the channel, or set SUPPORT_CHANNEL_ID to another and restart.",
    "missing_scope": "Update the app from manifest.yml and install it again.",
    "account_inactive": _INSTALL,
    "invalid_auth": _INSTALL,
    "not_authed": _INSTALL,
    "token_expired": _INSTALL,
    "token_revoked": _INSTALL,
}
SENDER_REMOVED = "no such mirror"
"""Of a row for a mirror that the settings do not name any more."""
_LOOK = "Compare with Slack: the message may stand there already. Let the bot look into the channel (its history)."


@dataclass(frozen=True)
class Delivered:
    """It stands in Slack. `how` is "sent", or "found" when an earlier attempt had got through.

    Of a file: "forgotten" when its person was erased meanwhile, "none" when there was nothing to delete.
    """

    channel: str | None = None
    ts: str | None = None
    how: str = "sent"


@dataclass(frozen=True)
class Retry:
    """It is worth another attempt, `after` seconds from now. `unsure`: Slack may have accepted it."""

    error: str
    after: float | None = None
    unsure: bool = False


@dataclass(frozen=True)
class Fail:
    """Slack will not take it, however often it is asked."""

    error: str


@dataclass(frozen=True)
class AppRevoked:
    """Slack takes nothing from the app just now, and has not taken this."""

    error: str


SendResult = Delivered | Retry | Fail | AppRevoked
REQUEST_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
"""What a request to Slack can raise."""


def code_of(error: SlackApiError) -> str:
    """Slack's word for the error ("channel_not_found"), or "" when the answer was none of Slack's."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def remedy(error: str) -> str:
    """What the operator can do about a row that met with `error`. The row itself is kept and can be sent again."""
    if error.startswith("parked: "):
        return _LOOK
    if "SMTP" in error:
        return "Read what the mail server answered: its log, MIRROR_SMTP_…; then retry the row."
    if error == SENDER_REMOVED:
        return "Drop the row, or set the mirror's settings again, restart and retry the row."
    return _REMEDIES.get(error, "Read the error; the row is kept.")


def classify(error: Exception) -> Retry | Fail | AppRevoked:
    """Whether an error passes by. The words of an exception are not used: they may quote what was sent."""
    if isinstance(error, SlackApiError):
        # Where the body was no JSON, the SDK hands over aiohttp's response instead of its own.
        status = getattr(error.response, "status_code", None) or getattr(error.response, "status", 0)
        code = code_of(error)
        return (
            AppRevoked(code)
            if code in REVOKED_CODES
            else classify_answer(int(status or 0), code, error.response.headers)
        )
    refused = isinstance(error, aiohttp.ClientConnectorError | ConnectionRefusedError)
    return Retry(type(error).__name__, unsure=not refused)


def classify_answer(status: int, code: str, headers: Any) -> Retry | Fail:
    """The same for an answer with its HTTP status, Slack's error code and the headers."""
    if status == _TOO_MANY_REQUESTS or code in _RATE_LIMITED:
        return Retry("ratelimited", after=retry_after(headers))
    if status >= _SERVER_ERROR or code in _PASSING:
        return Retry(code or f"HTTP {status}", unsure=True)
    if code:
        return Fail(code)
    # An answer without Slack's mark, for instance a proxy's page.
    return Retry(f"HTTP {status}", unsure=True)


def retry_after(headers: Any) -> float | None:
    """Seconds that an answer asks to wait; `None` without such a wish, or where it is a date."""
    value = str(headers.get("Retry-After", "")).strip()
    return float(value) if value.isdecimal() else None
