"""Has Slack check every screen, by its method `blocks.validate`: nothing is posted, and no scope is needed."""

import json
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, Say
from bot.cli.patience import patiently
from bot.cli.screens import AnyScreen
from bot.slack_api.errors import REQUEST_ERRORS, code_of, status_of

_INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
"""The codes with which Slack refuses what it was given; every other one is about the call."""
_EVERY = 100
"""After so many screens a line is printed."""
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
            # As a form: in the address it would be too long.
            given = {screen.kind: json.dumps(screen.payload)}
            waiting = partial(_say_so_far, say, f"{number} of {len(screens)} screens are checked")
            await patiently(partial(client.api_call, "blocks.validate", data=given), waiting)
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


def _say_so_far(say: Say, so_far: str, text: str) -> None:
    say(f"{so_far}; {text}")


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
