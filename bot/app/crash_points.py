"""Named points at which the crash tests kill the process.

`AMAZON_TOKEN_KILL_AT="after_send:3"` makes the process kill itself when it passes that point for the third time. With
`AMAZON_TOKEN_KILL_AT="file:/some/path"` the file says so, and may change while the process runs: passes are counted
from when its content was first seen, and an empty or missing file kills nothing. Without the variable nothing happens.
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
"""Two of the unit of work, four of the outbox worker, two around the upload of a step's image."""

_FILE_PREFIX = "file:"
_POINT_AND_COUNT = re.compile(r"([a-z_]+):([1-9][0-9]{0,5})", re.ASCII)


def crash_points(slack_api_url: str) -> CrashPoints:
    """The function to call with the name of each point that is passed; it kills the process as the variable says.

    Raises `SettingsError` when the variable cannot be read, or Slack is not one on 127.0.0.1.
    """
    value = os.environ.get(VARIABLE, "")
    if not value:
        return no_crash
    at = _kill_at_file(Path(value.removeprefix(_FILE_PREFIX))) if value.startswith(_FILE_PREFIX) else _kill_at(value)
    if urlsplit(slack_api_url).hostname != "127.0.0.1":
        raise SettingsError(f"{VARIABLE} kills the bot; it is for tests against a Slack on 127.0.0.1 only. Remove it.")
    return at


def _kill_at_file(path: Path) -> CrashPoints:
    last_content = ""
    kill_at: CrashPoints = no_crash

    def at(point: str) -> None:
        nonlocal last_content, kill_at
        content = path.read_text("ascii") if path.exists() else ""
        if content != last_content:
            last_content = content
            kill_at = _kill_at(content) if content else no_crash
        kill_at(point)

    return at


def _kill_at(point_and_count: str) -> CrashPoints:
    match = _POINT_AND_COUNT.fullmatch(point_and_count)
    if match is None or match[1] not in POINTS:
        raise SettingsError(f"{VARIABLE} must be one of {', '.join(POINTS)}, a colon and a number.")
    target, count, passed = match[1], int(match[2]), 0

    def at(point: str) -> None:
        nonlocal passed
        passed += point == target
        if passed == count and point == target:
            os.kill(os.getpid(), signal.SIGKILL)

    return at
