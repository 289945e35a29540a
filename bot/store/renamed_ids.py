"""IDs of steps, events and forms that procedures have renamed, in what is stored."""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

_RENAME_IN_HISTORY = """
UPDATE events SET
  name = coalesce((SELECT new FROM renamed WHERE old = name), name),
  step = coalesce((SELECT new FROM renamed WHERE old = step), step),
  next_step = coalesce((SELECT new FROM renamed WHERE old = next_step), next_step),
  detail = CASE WHEN json_extract(detail, '$.event') IN (SELECT old FROM renamed)
    THEN json_set(detail, '$.event', (SELECT new FROM renamed WHERE old = json_extract(detail, '$.event')))
    ELSE detail END
WHERE walk_id IN (SELECT id FROM walks WHERE procedure = :procedure)
"""
_RENAME_IN_TICKETS = """
UPDATE ticket_events
SET detail = json_set(detail, '$.step', (SELECT new FROM renamed WHERE old = json_extract(detail, '$.step')))
WHERE json_extract(detail, '$.step') IN (SELECT old FROM renamed)
  AND number IN (SELECT number FROM tickets WHERE procedure = :procedure)
"""
"""An agent's proposal names the step."""


def rename_ids(db: Database) -> None:
    """Give what procedures list in their `old_ids` its present name: in walks, their history, and agents' proposals."""
    from conversations.registry import PROCEDURES  # noqa: PLC0415 - only a database that is migrated needs them

    for procedure in PROCEDURES.values():
        db.execute("CREATE TEMP TABLE renamed (old TEXT PRIMARY KEY, new TEXT NOT NULL)")
        db.conn.executemany("INSERT INTO renamed VALUES (?, ?)", procedure.old_ids.items())
        db.execute(_RENAME_IN_HISTORY, {"procedure": procedure.id})
        db.execute("UPDATE walks SET step = (SELECT new FROM renamed WHERE old = step)"
                   " WHERE procedure = ? AND step IN (SELECT old FROM renamed)", [procedure.id])  # fmt: skip
        stored = db.execute("SELECT id, state FROM walks WHERE procedure = ? AND state <> '{}'", [procedure.id])
        states = [(_renamed(json.loads(state), procedure.old_ids), walk_id) for walk_id, state in stored.fetchall()]
        db.conn.executemany("UPDATE walks SET state = ? WHERE id = ?", states)
        db.execute(_RENAME_IN_TICKETS, {"procedure": procedure.id})
        db.execute("DROP TABLE renamed")


def _renamed(state: dict[str, Any], names: Mapping[str, str]) -> str:
    state["step"] = names.get(state["step"], state["step"])
    for entry in state["trail"]:
        entry["step"] = names.get(entry["step"], entry["step"])
    state["repeats"] = {names.get(step, step): count for step, count in state["repeats"].items()}
    return json.dumps(state, separators=(",", ":"), ensure_ascii=False)
