"""What one attempt to send something can come to, and what the errors of Slack and of the network mean."""

from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

# Errors on Slack's side, sent with status 200 (https://docs.slack.dev/reference/methods/chat.postMessage, "Errors").
_TRANSIENT_CODES = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
_RATE_LIMIT_CODES = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500

CLOSED_CODES = frozenset(
    {
        "channel_not_found", "is_archived", "not_in_channel", "restricted_action",
        "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
    }
)  # fmt: skip
"""Codes (same page) about a channel that cannot be written to at present: somebody has to open it again."""

REVOKED_CODES = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Codes (same page) that are about the app and not about what it sent: its token is no longer valid."""

_REVOKED = (
    "Copy the refused token (SLACK_BOT_TOKEN or SLACK_APP_TOKEN) again from the app's page; where the app was removed, "
    "install it first. Then restart."
)
NEEDS_CONNECTIONS = (
    "Give the app-level token the scope connections:write: the app's page > Basic Information > App-Level Tokens. Bot "
    "scopes and manifest.yml do not matter here."
)
"""What the operator can do when SLACK_APP_TOKEN has `missing_scope`."""
REMEDIES = {
    **dict.fromkeys(
        ("user_disabled", "user_not_found", "user_not_visible"),
        "The person is deactivated in Slack or no longer there. Reach them another way, then drop the row.",
    ),
    **dict.fromkeys(REVOKED_CODES, _REVOKED),
    "not_allowed_token_type": "Copy the token again from the app's page: this one is of another kind.",
    "missing_scope": "Update the app from manifest.yml and install it again.",
    "channel_not_found": "Compare SUPPORT_CHANNEL_ID with the channel's About page; /invite the bot if it is private.",
    "not_in_channel": "/invite the bot into the channel.",
    "is_archived": "Ask a workspace admin to unarchive the channel, or set SUPPORT_CHANNEL_ID to another and restart.",
    "restricted_action": "Let the app post into the channel: its posting permissions leave it out.",
    "ratelimited": "Wait a minute and try again.",
}
"""What the operator can do, by Slack's error code."""
SENDER_REMOVED = "no such mirror"
"""The error of a row for a ticket sender that the settings no longer name."""
_PARKED = "Compare with Slack: the message may be there already. Let the bot read the channel's history."


@dataclass(frozen=True)
class Delivered:
    """Slack, or the ticket sender's receiver, has it.

    `how` is "sent"; "found" when an earlier attempt had got through; "forgotten" when its content was erased before it
    was sent; "none" when there was no file to delete; "shortened" when Slack refused all of it, and `rest` follows in
    its thread. `ts` is a message's, or the ID of an uploaded file.
    """

    channel: str | None = None
    ts: str | None = None
    how: str = "sent"
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retry:
    """Another attempt may work, `after` seconds from now if set. `unsure`: this one may have got through.

    `unexpected`: the cause may be our own, so attempts are limited.
    """

    error: str
    after: float | None = None
    unsure: bool = False
    unexpected: bool = False


@dataclass(frozen=True)
class Fail:
    """No further attempt will work."""

    error: str


@dataclass(frozen=True)
class AppRevoked:
    """Slack accepts nothing from the app at present, and has not accepted this."""

    error: str


SendResult = Delivered | Retry | Fail | AppRevoked
REQUEST_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
"""What a request to Slack can raise."""


def code_of(error: SlackApiError) -> str:
    """Slack's code for the error ("channel_not_found"), or "" when something other than Slack answered."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def status_of(error: SlackApiError) -> int:
    """The HTTP status of the answer, 0 when there is none."""
    # Where the body was no JSON, the SDK hands over aiohttp's response instead of its own.
    return int(getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 0)


def remedy(error: str) -> str:
    """What the operator can do about a row that failed with `error`."""
    if error.startswith("parked: "):
        return _PARKED
    if "SMTP" in error:
        return "Read what the mail server answered: its log, TICKET_SYNC_SMTP_…; then retry the row."
    if error == SENDER_REMOVED:
        return "Drop the row, or set the ticket sender's settings again, restart and retry the row."
    return REMEDIES.get(error, "Read the error; the row is kept.")


def classify(error: Exception) -> Retry | Fail | AppRevoked:
    """What one of `REQUEST_ERRORS` means. An exception's message is not used: it may quote what was sent."""
    if isinstance(error, SlackApiError):
        code = code_of(error)
        if code in REVOKED_CODES:
            return AppRevoked(code)
        return classify_answer(status_of(error), code, error.response.headers)
    refused = isinstance(error, aiohttp.ClientConnectorError | ConnectionRefusedError)
    return Retry(type(error).__name__, unsure=not refused)


def classify_answer(status: int, code: str, headers: Any) -> Retry | Fail:
    """What an unsuccessful answer means, by its HTTP status, Slack's error code and its headers."""
    if status == _TOO_MANY_REQUESTS or code in _RATE_LIMIT_CODES:
        return Retry("ratelimited", after=retry_after(headers))
    if status >= _SERVER_ERROR or code in _TRANSIENT_CODES:
        return Retry(code or f"HTTP {status}", unsure=True)
    if code:
        return Fail(code)
    # Something other than Slack answered, for instance a proxy.
    return Retry(f"HTTP {status}", unsure=True)


def retry_after(headers: Any) -> float | None:
    """The `Retry-After` header in seconds; `None` when it is missing or a date."""
    value = str(headers.get("Retry-After", "")).strip()
    return float(value) if value.isdecimal() else None
