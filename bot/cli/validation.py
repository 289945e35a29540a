"""Has Slack check every screen, by its method `blocks.validate`: nothing is posted, and no scope is needed."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, Say
from bot.cli.screens import AnyScreen
from bot.slack_api.errors import REQUEST_ERRORS, Retry, classify, code_of, status_of

_INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
"""The codes with which Slack refuses what it was given; every other one is about the call."""
_EVERY = 100
"""After so many screens a line is printed."""
_ATTEMPTS, _WAIT = 5, 2.0
"""How often one screen is tried when Slack asks to wait or is away, and for how long without `Retry-After`."""
_REMEDY = "If the text is yours (GUIDE_DIR), change it. Otherwise report this line with the version of the bot."
_UNKNOWN = "Slack does not check them with this token. It will when it gets them; nothing has to be changed for that."


async def validated(client: AsyncWebClient, screens: Sequence[AnyScreen], say: Say) -> AsyncIterator[Finding]:
    """A finding for each screen that Slack refuses, and one at the end: all are valid, or why that is unknown.

    `say` gets a line now and then, and whenever Slack asks to wait.
    """
    say(f"Slack checks {len(screens)} screens …")
    refused = 0
    for number, screen in enumerate(screens):
        try:
            await _accepted(client, screen, say, f"{number} of {len(screens)} screens are checked")
        except SlackApiError as error:
            if code_of(error) not in _INVALID:
                yield _unknown(f"Slack says {code_of(error) or f'HTTP {status_of(error)}'}", number, len(screens))
                return
            refused += 1
            yield _refused(screen, error)
        except REQUEST_ERRORS as error:
            yield _unknown(f"no answer from Slack ({type(error).__name__})", number, len(screens))
            return
        if (number + 1) % _EVERY == 0:
            say(f"{number + 1} of {len(screens)} screens are checked")
    if not refused:
        yield Finding("✓", f"screens: Slack accepts all {len(screens)}")


async def _accepted(client: AsyncWebClient, screen: AnyScreen, say: Say, so_far: str) -> None:
    """Return when Slack accepts the screen. Raises one of `REQUEST_ERRORS` when it does not, or does not answer."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            # As a form: in the address it would be too long.
            await client.api_call("blocks.validate", data={screen.kind: json.dumps(screen.payload)})
        except REQUEST_ERRORS as error:
            means = classify(error)
            if not isinstance(means, Retry) or attempt == _ATTEMPTS:
                raise
            wait = _WAIT if means.after is None else means.after
            say(f"{so_far}; Slack asks to wait {math.ceil(wait)} s ({means.error})")
            await asyncio.sleep(wait)
        else:
            return


def _unknown(why: str, checked: int, of: int) -> Finding:
    return Finding("!", f"screens: unknown after {checked} of {of}: {why}", _UNKNOWN)


def _refused(screen: AnyScreen, error: SlackApiError) -> Finding:
    body: Any = error.response.data
    said = "; ".join(_one(one) for one in body.get("errors") or ()) or code_of(error)
    return Finding("✗", f"screen {screen.name} ({screen.language}): {said}", _REMEDY)


def _one(error: Any) -> str:
    """One entry of Slack's `errors`: where, what, and the code."""
    if not isinstance(error, dict):
        return str(error)
    where, what, code = (str(error.get(part) or "").strip() for part in ("pointer", "message", "code"))
    return " ".join(part for part in (where, what, f"[{code}]" if code else "") if part)
