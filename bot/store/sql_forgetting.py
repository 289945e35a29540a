"""The statements that forget people and what is old, by name. Lists are bound as JSON, read by `json_each`.

What cannot be taken back from the courier any more keeps its key until Slack has it, with "…" for words.
"""

WALKS_OF = "SELECT id FROM walks WHERE team_id = ? AND worker_id = ?"
# A walk that nobody ended counts from its last change. Team '' is the mark of a forgotten walk.
OLD_WALKS = "SELECT id FROM walks WHERE team_id <> '' AND coalesce(ended_at, updated_at) < ?"
OLD_TICKETS = """
SELECT number FROM tickets
WHERE walk_id IS NULL AND merchant_id NOT LIKE 'erased-%'
  AND coalesce(closed_at, resolved_at, waiting_since, claimed_at, opened_at) < ?
"""
TICKETS_OF = """
SELECT number, card_key FROM tickets
WHERE (team_id = ? AND merchant_id = ?) OR walk_id IN (SELECT value FROM json_each(?)) ORDER BY number
"""

# Posts that stand in Slack, or may: those under way are as good as sent.
STANDING = """
SELECT key, recipient, channel, ts, thread FROM outbox
WHERE team_id = ? AND method = 'post'
  AND (state = 'delivered' OR state = 'running' OR (state = 'pending' AND attempts > 0))
  AND (recipient = ? OR walk_id IN (SELECT value FROM json_each(?))
    OR key IN (SELECT value FROM json_each(?)) OR thread IN (SELECT value FROM json_each(?)))
ORDER BY id
"""
# Files with what was kept of them that were sent to them, or are under way.
FILES = """
SELECT key, recipient, channel, ts, thread FROM outbox
WHERE team_id = ? AND (recipient = ? OR thread IN (SELECT value FROM json_each(?))) AND method = 'upload'
  AND (state = 'delivered' OR state = 'running' OR (state = 'pending' AND attempts > 0))
ORDER BY id
"""
_THEIRS = """
team_id = ? AND key NOT IN (SELECT value FROM json_each(?))
AND (recipient = ? OR walk_id IN (SELECT value FROM json_each(?)) OR thread IN (SELECT value FROM json_each(?))
  OR target IN (SELECT value FROM json_each(?)))
"""
FORGET_ROWS = f"""
DELETE FROM outbox WHERE {_THEIRS}
AND NOT (method IN ('post', 'update', 'upload') AND (state = 'running' OR (state = 'pending' AND attempts > 0)))
AND NOT (method IN ('post', 'upload') AND state = 'delivered')
"""  # noqa: S608 - the inserted text is a constant
MARK_ROWS = f"""
UPDATE outbox SET erased = 1,
  content = CASE WHEN state = 'delivered' THEN '{{}}'
    WHEN method = 'upload' THEN json_object('filename', content ->> '$.filename') ELSE '{{"text":"…"}}' END,
  response_url = NULL, walk_id = NULL,
  recipient = iif(state = 'delivered', coalesce(channel, ''), recipient), lane = iif(state = 'delivered', NULL, lane)
WHERE {_THEIRS}
"""  # noqa: S608 - the same
EMPTY_CARDS = """
UPDATE outbox SET content = '{"text":"…"}', response_url = NULL
WHERE key IN (SELECT value FROM json_each(?)) AND state IN ('pending', 'running', 'dead')
"""
# What mirrors were not told yet of somebody's tickets they are not told; one that is being told keeps its key.
FORGET_MIRRORED = """
DELETE FROM outbox WHERE method = 'mirror' AND state IN ('pending', 'dead')
AND lane IN (SELECT 'mirror:' || outbox.recipient || ':' || value FROM json_each(?))
"""
EMPTY_MIRRORED = """
UPDATE outbox SET content = '{}' WHERE method = 'mirror' AND state = 'running'
AND lane IN (SELECT 'mirror:' || outbox.recipient || ':' || value FROM json_each(?))
"""
UNSENT_OF_OTHERS = """
SELECT key, method, content FROM outbox
WHERE team_id = ? AND state IN ('pending', 'running', 'dead') AND (instr(content, ?) > 0 OR instr(content, ?) > 0)
"""
REWORD = "UPDATE outbox SET content = ? WHERE key = ?"

FREE_TICKETS = "UPDATE tickets SET walk_id = NULL WHERE walk_id IN (SELECT value FROM json_each(?))"
FREE_ROWS = "UPDATE outbox SET walk_id = NULL WHERE walk_id IN (SELECT value FROM json_each(?))"
FORGET_ROWS_OF_WALKS = "DELETE FROM outbox WHERE walk_id IN (SELECT value FROM json_each(?))"
FORGET_EVENTS = "DELETE FROM events WHERE walk_id IN (SELECT value FROM json_each(?))"
FORGET_REMINDERS = "DELETE FROM reminders WHERE walk_id IN (SELECT value FROM json_each(?))"
# The newest walk stays as an empty row until there is a newer one: SQLite would give its number to another walk,
# and a button from before would fit there.
EMPTY_LAST_WALK = """
UPDATE walks SET team_id = '', worker_id = '', for_name = '', invited_by = NULL, step = '', facts = '{}',
  guide_version = '', live_key = NULL, started_at = ?, updated_at = ?, ended_at = ?
WHERE id = (SELECT max(id) FROM walks) AND id IN (SELECT value FROM json_each(?))
"""
FORGET_WALKS = """
DELETE FROM walks
WHERE id < (SELECT max(id) FROM walks) AND (team_id = '' OR id IN (SELECT value FROM json_each(?)))
"""
ANONYMOUS_TICKETS = """
UPDATE tickets SET merchant_id = coalesce(?, 'erased-' || lower(hex(randomblob(8)))), words = '[]', talk_key = NULL
WHERE number IN (SELECT value FROM json_each(?))
"""
ANONYMOUS_AGENTS_OF = """
UPDATE tickets SET claimed_by = iif(claimed_by IS NULL, NULL, 'erased-' || lower(hex(randomblob(8)))),
  resolved_by = iif(resolved_by IS NULL, NULL, 'erased-' || lower(hex(randomblob(8)))),
  closed_by = iif(closed_by IS NULL, NULL, 'erased-' || lower(hex(randomblob(8))))
WHERE number IN (SELECT value FROM json_each(?))
"""
NOT_CLAIMED_BY = "UPDATE tickets SET claimed_by = ? WHERE team_id = ? AND claimed_by = ?"
NOT_RESOLVED_BY = "UPDATE tickets SET resolved_by = ? WHERE team_id = ? AND resolved_by = ?"
NOT_CLOSED_BY = "UPDATE tickets SET closed_by = ? WHERE team_id = ? AND closed_by = ?"
# What was written in a ticket goes with the merchant; what was done stays, by nobody.
FORGET_TICKET_MESSAGES = "DELETE FROM ticket_messages WHERE number IN (SELECT value FROM json_each(?))"
FORGET_TICKET_TIMERS = "DELETE FROM ticket_timers WHERE number IN (SELECT value FROM json_each(?))"
NOBODY_ACTED = """
UPDATE ticket_events SET detail = '{}', actor_id = iif(actor_id = '', '', 'erased-' || lower(hex(randomblob(8))))
WHERE number IN (SELECT value FROM json_each(?))
"""
NOT_ACTED_IN_TICKETS = """
UPDATE ticket_events SET actor_id = iif(actor_id = ?, ?, actor_id), detail = replace(detail, ?, ?)
WHERE number IN (SELECT number FROM tickets WHERE team_id = ?) AND (actor_id = ? OR instr(detail, ?) > 0)
"""
NOT_WRITTEN_BY = """
UPDATE ticket_messages SET author_id = ?
WHERE author_id = ? AND number IN (SELECT number FROM tickets WHERE team_id = ?)
"""
NOT_INVITED_BY = "UPDATE walks SET invited_by = NULL WHERE team_id = ? AND invited_by = ?"
NOT_ACTED_BY = """
UPDATE events SET actor_id = iif(actor_id = ?, ?, actor_id), detail = replace(detail, ?, ?)
WHERE walk_id IN (SELECT id FROM walks WHERE team_id = ?) AND (actor_id = ? OR instr(detail, ?) > 0)
"""
FORGET_INVITATIONS = "DELETE FROM invitations WHERE team_id = ? AND (merchant_id = ? OR agent_id = ?)"
FORGET_PERSON = "DELETE FROM people WHERE team_id = ? AND user_id = ?"

FORGET_OLD_INVITATIONS = "DELETE FROM invitations WHERE invited_at < ?"
# A message stays changeable as long as a ticket or a walk needs it. An edit that died keeps what it belongs to.
_NEEDED = """
(SELECT target FROM outbox WHERE target IS NOT NULL AND state IN ('pending', 'running', 'dead')
 UNION SELECT thread FROM outbox WHERE thread IS NOT NULL AND state IN ('pending', 'running', 'dead'))
"""
FORGET_OLD_ROWS = f"""
DELETE FROM outbox
WHERE created_at < ? AND (state IN ('delivered', 'dropped', 'dead'))
  AND key NOT IN (SELECT card_key FROM tickets)
  AND key NOT IN (SELECT talk_key FROM tickets WHERE talk_key IS NOT NULL)
  AND key NOT IN (SELECT key FROM ticket_messages WHERE key IS NOT NULL
                  UNION SELECT note_key FROM ticket_messages WHERE note_key IS NOT NULL)
  AND key NOT IN (SELECT live_key FROM walks WHERE live_key IS NOT NULL)
  AND key NOT IN {_NEEDED}
"""  # noqa: S608 - the same
FORGET_EDITS_OF_ERASED = """
DELETE FROM outbox
WHERE method IN ('update', 'unshare') AND state IN ('delivered', 'dropped')
  AND (erased = 1 OR target IN (SELECT key FROM outbox WHERE erased = 1))
"""
FORGET_ERASED = f"""
DELETE FROM outbox WHERE erased = 1 AND state IN ('delivered', 'dropped', 'dead') AND key NOT IN {_NEEDED}
"""  # noqa: S608 - the same

# Somebody of whom nothing else is kept is forgotten when that has been so for the whole time.
_NOTHING_ELSE = """
NOT EXISTS (SELECT 1 FROM walks AS w WHERE w.team_id = people.team_id AND w.worker_id = people.user_id)
AND NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.team_id = people.team_id
  AND people.user_id IN (t.merchant_id, t.claimed_by, t.resolved_by, t.closed_by))
AND NOT EXISTS (SELECT 1 FROM ticket_events AS d JOIN tickets AS t ON t.number = d.number
  WHERE t.team_id = people.team_id AND d.actor_id = people.user_id)
AND NOT EXISTS (SELECT 1 FROM invitations AS i WHERE i.team_id = people.team_id
  AND people.user_id IN (i.merchant_id, i.agent_id))
"""
NOT_IDLE = f"UPDATE people SET idle_since = NULL WHERE idle_since IS NOT NULL AND NOT ({_NOTHING_ELSE})"  # noqa: S608
IDLE = f"UPDATE people SET idle_since = ? WHERE idle_since IS NULL AND {_NOTHING_ELSE}"  # noqa: S608 - the same
FORGET_IDLE = "DELETE FROM people WHERE idle_since < ?"
