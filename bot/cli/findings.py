"""What `amazon-token check` says, one line each, and how an answer of Slack becomes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack_api.errors import REMEDIES, code_of, status_of

FindingMark = Literal["✓", "✗", "!"]
Say = Callable[[str], None]
"""Prints a line for the person who waits."""

_NO_ANSWER = "Check the network and SLACK_API_URL."


@dataclass(frozen=True)
class Finding:
    """One line of the result: in order (✓), broken (✗) or worth a look (!), and what to do about it."""

    mark: FindingMark
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.what}" + (f"\n  {self.remedy}" if self.remedy else "")


Show = Callable[[Finding], None]
"""Takes each finding when it is found."""


async def ask(what: str, call: Any, **remedies: str) -> Any:
    """Slack's answer, or a finding that says why there is none, with one of `remedies` (by code) or the usual one."""
    try:
        return await call
    except SlackApiError as error:
        return refused(what, error, **remedies)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return no_answer(what, error)


def refused(what: str, error: SlackApiError, **remedies: str) -> Finding:
    """That Slack refused something, with one of `remedies` (by code) or the usual one."""
    # A proxy between the bot and Slack answers in plain text; then the status is all there is.
    code = code_of(error) or f"status {status_of(error)}"
    remedy = {**REMEDIES, **remedies}.get(code, "See https://docs.slack.dev for this code.")
    return Finding("✗", f"{what}: Slack says {code}", remedy)


def no_answer(what: str, error: Exception) -> Finding:
    """That Slack did not answer at all."""
    return Finding("✗", f"{what}: no answer from Slack ({type(error).__name__})", _NO_ANSWER)
