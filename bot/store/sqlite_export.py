"""Everything that is kept of one person, from SQLite, ready for JSON."""

import json
from typing import Any

from bot.store.sqlite_walks import Verbs

_JSON = ("facts", "detail", "words", "content")
_TABLES = {
    "person": "SELECT * FROM people WHERE team_id = :team AND user_id = :user",
    "walks": "SELECT * FROM walks WHERE team_id = :team AND worker_id = :user ORDER BY id",
    "history": """
SELECT e.* FROM events AS e JOIN walks AS w ON w.id = e.walk_id
WHERE w.team_id = :team AND (w.worker_id = :user OR e.actor_id = :user OR instr(e.detail, :quoted) > 0) ORDER BY e.id
""",
    "reminders": """
SELECT r.* FROM reminders AS r JOIN walks AS w ON w.id = r.walk_id
WHERE w.team_id = :team AND w.worker_id = :user ORDER BY r.walk_id
""",
    "tickets": "SELECT * FROM tickets WHERE team_id = :team AND merchant_id = :user ORDER BY number",
    "ticket_messages": """
SELECT m.* FROM ticket_messages AS m JOIN tickets AS t ON t.number = m.number
WHERE t.team_id = :team AND (t.merchant_id = :user OR m.author_id = :user) ORDER BY m.id
""",
    "ticket_events": """
SELECT e.* FROM ticket_events AS e JOIN tickets AS t ON t.number = e.number
WHERE t.team_id = :team AND (t.merchant_id = :user OR e.actor_id = :user OR instr(e.detail, :quoted) > 0) ORDER BY e.id
""",
    "ticket_timers": """
SELECT r.* FROM ticket_timers AS r JOIN tickets AS t ON t.number = r.number
WHERE t.team_id = :team AND t.merchant_id = :user ORDER BY r.number
""",
    "tickets_handled": """
SELECT number, claimed_by, claimed_at, resolved_by, resolved_at, closed_by, closed_at FROM tickets
WHERE team_id = :team AND :user IN (claimed_by, resolved_by, closed_by) ORDER BY number
""",
    "invitations": """
SELECT * FROM invitations WHERE team_id = :team AND :user IN (merchant_id, agent_id) ORDER BY id
""",
    "walks_invited_to": """
SELECT id, started_at FROM walks WHERE team_id = :team AND invited_by = :user ORDER BY id
""",
    # A response URL is a permission, not something about the person; a file under way is a copy of all this.
    "messages": """
SELECT id, key, method, recipient, iif(method = 'upload', '{}', content) AS content, lane, target, thread, walk_id,
       state, attempts, created_at, due_at,
       channel, ts, error
FROM outbox AS o WHERE o.team_id = :team AND (o.recipient = :user
  OR o.walk_id IN (SELECT id FROM walks WHERE team_id = :team AND worker_id = :user)
  OR EXISTS (SELECT 1 FROM tickets AS t
             WHERE t.team_id = :team AND t.merchant_id = :user AND t.card_key IN (o.key, o.thread, o.target)))
ORDER BY o.id
""",
}


class ExportVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about telling people what is kept."""

    def export_person(self, team_id: str, user_id: str) -> dict[str, Any]:
        """All that is kept of somebody, by table, with the columns as they are stored; empty lists where nothing is."""
        who = {"team": team_id, "user": user_id, "quoted": json.dumps(user_id)}
        return {
            "team_id": team_id,
            "user_id": user_id,
            **{name: [_rich(row) for row in self._db.query(query, who)] for name, query in _TABLES.items()},
        }


def _rich(row: dict[str, Any]) -> dict[str, Any]:
    return {name: json.loads(value) if name in _JSON else value for name, value in row.items()}
