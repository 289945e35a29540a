"""The statements about what happens in a ticket, by name. Values are bound, never formatted in."""

ADD_EVENT = """
INSERT INTO ticket_events (number, at, actor_id, name, state, next_state, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
EVENTS = "SELECT at, actor_id, name, state, next_state, detail FROM ticket_events WHERE number = ? ORDER BY id"

ADD_MESSAGE = """
INSERT INTO ticket_messages (number, side, author_id, at, text, state, key, note_key, source)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_COLUMNS = "id, number, side, author_id, at, text, state, key, note_key, source"
MESSAGE = f"SELECT {_COLUMNS} FROM ticket_messages WHERE id = ?"  # noqa: S608 - the inserted text is a constant
MESSAGE_OF = f"SELECT {_COLUMNS} FROM ticket_messages WHERE source = ?"  # noqa: S608 - the same
MESSAGES = f"SELECT {_COLUMNS} FROM ticket_messages WHERE number = ? ORDER BY id"  # noqa: S608 - the same
SAVE_MESSAGE = "UPDATE ticket_messages SET text = ?, state = ?, key = ?, note_key = ? WHERE id = ?"

TIMER = "SELECT number, due_at, kind FROM ticket_timers WHERE number = ?"
DUE_TIMER = "SELECT number, due_at, kind FROM ticket_timers WHERE due_at <= ? ORDER BY due_at, number LIMIT 1"
SAVE_TIMER = """
INSERT INTO ticket_timers (number, due_at, kind) VALUES (?, ?, ?)
ON CONFLICT (number) DO UPDATE SET due_at = excluded.due_at, kind = excluded.kind
"""
FORGET_TIMER = "DELETE FROM ticket_timers WHERE number = ?"

CHORE = "SELECT due_at FROM chores WHERE name = ?"
DUE_CHORE = "SELECT name FROM chores WHERE substr(name, 1, length(?1)) = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT 1"
FORGET_CHORE = "DELETE FROM chores WHERE name = ?"
SAVE_CHORE = """
INSERT INTO chores (name, due_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at
"""
