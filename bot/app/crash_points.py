"""Named points where a kill would hurt most, for the kill test.

`AMAZON_TOKEN_KILL_AT="after_send:3"` makes the process kill itself when it passes that point for the third time.
`AMAZON_TOKEN_KILL_AT="file:/some/path"` takes its orders from that file while it runs: each counts from when it is
first seen there, an empty file or none is no order. Without the variable nothing happens.
"""

import os
import re
import signal
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings.core import SettingsError
from bot.store.protocol import CrashPoints, no_crash

VARIABLE = "AMAZON_TOKEN_KILL_AT"
POINTS = (
    "before_commit", "after_commit", "before_send", "after_send", "before_record", "after_record",
    "before_upload", "after_upload",
)  # fmt: skip
"""The desk's two, then the courier's four, then two around the upload of a step's picture."""

_FILE = "file:"
_ORDER = re.compile(r"([a-z_]+):([1-9][0-9]{0,5})", re.ASCII)


def crash_points(slack_api_url: str) -> CrashPoints:
    """What the environment asks for, mostly nothing. `SettingsError` when it is unreadable or Slack is the real one."""
    order = os.environ.get(VARIABLE, "")
    if not order:
        return no_crash
    killing = None if order.startswith(_FILE) else _killing(order)
    if urlsplit(slack_api_url).hostname != "127.0.0.1":
        raise SettingsError(f"{VARIABLE} kills the bot; it is for tests against a Slack on 127.0.0.1 only. Remove it.")
    return killing or _following(Path(order.removeprefix(_FILE)))


def _following(path: Path) -> CrashPoints:
    order = ""
    killing: CrashPoints = no_crash

    def at(point: str) -> None:
        nonlocal order, killing
        wanted = path.read_text("ascii") if path.exists() else ""
        if wanted != order:
            order = wanted
            killing = _killing(wanted) if wanted else no_crash
        killing(point)

    return at


def _killing(order: str) -> CrashPoints:
    found = _ORDER.fullmatch(order)
    if found is None or found[1] not in POINTS:
        raise SettingsError(f"{VARIABLE} must be one of {', '.join(POINTS)}, a colon and a number.")
    wanted, times, passed = found[1], int(found[2]), 0

    def at(point: str) -> None:
        nonlocal passed
        passed += point == wanted
        if passed == times and point == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    return at
