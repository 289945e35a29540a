"""Requests as a forger makes them, and whether they have left a trace."""

import io
import json
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.app.server import RunningBot
from bot.sandbox.world import TEAM_ID

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_REFUSED = re.compile(r"""INSERT INTO "events" .*'refused'""")


def dump(database: Path, *, without: tuple[str, ...] = ()) -> list[str]:
    """Every table, row by row, as SQL; lines that are about the tables `without` are left out.

    So are two that say nothing of what people did: the files of drawings, and the codes of an entry that was refused.
    """
    conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        left_out = tuple(f'INSERT INTO "{table}"' for table in ("pictures", *without))
        return [line for line in conn.iterdump() if not line.startswith(left_out) and not _REFUSED.match(line)]
    finally:
        conn.close()


async def knock(line: RunningBot, body: str | bytes, headers: Json, content_type: str = FORM) -> int:
    """POST it to the bot; the status."""
    url = f"http://127.0.0.1:{line.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url,
            data=io.BytesIO(body.encode() if isinstance(body, str) else body),
            headers={**headers, "Content-Type": content_type},
        ) as answer,
    ):
        await answer.read()
        return answer.status


def command(text: str = "", user: str = "U0ERIKA", team: str = TEAM_ID, trigger: str = "1.1.1") -> str:
    """A slash command as a request body, without a response_url."""
    return urlencode({"command": "/amazon-token", "text": text, "team_id": team, "user_id": user,
                      "api_app_id": "A0", "trigger_id": trigger})  # fmt: skip


def interaction(payload: Json, user: str = "U0ERIKA", team: str = TEAM_ID) -> str:
    """A press or a submission as a request body, without a response_url."""
    who = {"user": {"id": user, "team_id": team}, "team": {"id": team}, "trigger_id": "2.2.2"}
    return urlencode({"payload": json.dumps({**who, **payload})})


def press(action_id: str, value: str) -> Json:
    """A press on a button."""
    pressed = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    return {"type": "block_actions", "container": {"type": "message"}, "actions": [pressed]}


def submission(callback_id: str, metadata: str, values: Json) -> Json:
    """A submitted form."""
    state = {name: {"value": {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    view = {"id": "V1", "type": "modal", "callback_id": callback_id, "private_metadata": metadata}
    return {"type": "view_submission", "view": view | {"state": {"values": state}}}


def event(text: str, event_id: str = "Ev1", user: str = "U0ERIKA") -> str:
    """A typed message as a request body."""
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text, "ts": "1.1"}
    return json.dumps({"type": "event_callback", "team_id": TEAM_ID, "event_id": event_id, "event": said})
