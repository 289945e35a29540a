"""Every statement of the hot paths, by name. Values are bound, never formatted in.

The order of the columns in a SELECT is the order in which the reading functions unpack them.
"""

FIRST_TIME = "INSERT INTO seen (event_id, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
FORGET_SEEN = "DELETE FROM seen WHERE seen_at < ?"

PERSON = """
SELECT name, locale, language, home_opened, zone, support_home FROM people WHERE team_id = ? AND user_id = ?
"""
SAVE_PERSON = """
INSERT INTO people (team_id, user_id, name, locale, language, home_opened, zone, support_home)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (team_id, user_id) DO UPDATE SET
    name = excluded.name, locale = excluded.locale, language = excluded.language,
    home_opened = excluded.home_opened, zone = excluded.zone, support_home = excluded.support_home, idle_since = NULL
"""
SUPPORT_HOMES = "SELECT team_id, user_id FROM people WHERE support_home ORDER BY team_id, user_id"

WALK = """
SELECT id, team_id, worker_id, for_name, invited_by, step, version, facts, guide_version, live_key,
       started_at, updated_at, ended_at
FROM walks WHERE id = ?
"""
OPEN_WALKS = """
SELECT id, team_id, worker_id, for_name, invited_by, step, version, facts, guide_version, live_key,
       started_at, updated_at, ended_at
FROM walks WHERE team_id = ? AND worker_id = ? AND ended_at IS NULL
ORDER BY updated_at DESC, id DESC
"""
WALKS_UNDER_WAY = """
SELECT id, team_id, worker_id, for_name, invited_by, step, version, facts, guide_version, live_key,
       started_at, updated_at, ended_at
FROM walks WHERE team_id = ? AND ended_at IS NULL
ORDER BY updated_at, id LIMIT ?
"""
WALKS_ELSEWHERE = """
SELECT id, team_id, worker_id, for_name, invited_by, step, version, facts, guide_version, live_key,
       started_at, updated_at, ended_at
FROM walks WHERE ended_at IS NULL AND step NOT IN (SELECT value FROM json_each(?)) ORDER BY id
"""
LAST_WALK = """
SELECT id, team_id, worker_id, for_name, invited_by, step, version, facts, guide_version, live_key,
       started_at, updated_at, ended_at
FROM walks WHERE team_id = ? AND worker_id = ?
ORDER BY updated_at DESC, id DESC LIMIT 1
"""
ADD_WALK = """
INSERT INTO walks (team_id, worker_id, for_name, invited_by, step, version, facts, guide_version, live_key,
                   started_at, updated_at, ended_at)
VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
"""
# Who works the walk and for whom does not change, so their index is left alone.
SAVE_WALK = """
UPDATE walks SET version = version + 1, invited_by = ?, step = ?, facts = ?, guide_version = ?, live_key = ?,
                 updated_at = ?, ended_at = ?
WHERE id = ? AND version = ?
"""
ADD_EVENT = """
INSERT INTO events (walk_id, version, at, actor_id, name, step, next_step, detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
EVENTS = """
SELECT walk_id, version, at, actor_id, name, step, next_step, detail FROM events WHERE walk_id = ? ORDER BY id
"""

ENQUEUE = """
INSERT INTO outbox (key, team_id, method, recipient, content, lane, target, thread, response_url, walk_id,
                    state, attempts, created_at, due_at, erased)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?)
"""
DROP_PENDING = """
UPDATE outbox SET state = 'dropped', content = '{}', response_url = NULL
WHERE key = ? AND state = 'pending' AND attempts = 0
"""
MARK_DELIVERED = """
UPDATE outbox SET state = 'delivered', content = '{}', response_url = NULL, error = NULL, channel = ?, ts = ?
WHERE key = ? AND state <> 'delivered'
"""

# First of its lane, whether due or not: a postponed or running row holds up what comes after it.
# A held lane takes no new message; what changes a message that stands already may pass.
HEAD = """
SELECT o.id, o.key, o.team_id, o.method, o.recipient, o.content, o.lane, o.target, o.thread, o.response_url,
       o.walk_id, o.attempts, o.created_at, o.channel, o.ts, o.error,
       (SELECT t.state FROM outbox AS t WHERE o.method = 'update' AND t.key = o.target) AS target_state
FROM outbox AS o
WHERE o.state IN ('pending', 'running') AND o.due_at <= ?
  AND iif(o.method = 'mirror', o.recipient, 'slack') NOT IN (SELECT value FROM json_each(?))
  AND (o.lane IS NULL OR (
    (o.method NOT IN ('post', 'upload') OR o.lane NOT IN (SELECT value FROM json_each(?)))
    AND NOT EXISTS (
      SELECT 1 FROM outbox AS e
      WHERE e.state IN ('pending', 'running') AND e.lane = o.lane AND e.id < o.id)))
ORDER BY o.due_at, o.id LIMIT 1
"""
CLAIM = "UPDATE outbox SET state = 'running', attempts = attempts + 1, due_at = ? WHERE id = ?"
DROP = "UPDATE outbox SET state = 'dropped', content = '{}', response_url = NULL, error = ? WHERE id = ?"
NEXT_DUE = """
SELECT min(o.due_at) FROM outbox AS o
WHERE o.state IN ('pending', 'running')
  AND (o.lane IS NULL OR NOT EXISTS (
    SELECT 1 FROM outbox AS e
    WHERE e.state IN ('pending', 'running') AND e.lane = o.lane AND e.id < o.id))
"""

# The attempt's number fences off a sender whose row has passed to somebody else.
# Where it stands is all that is kept of a message for somebody erased.
DELIVERED = """
UPDATE outbox SET state = 'delivered', content = '{}', response_url = NULL, error = NULL, channel = ?1, ts = ?2,
  recipient = iif(erased, coalesce(?1, ''), recipient), lane = iif(erased, NULL, lane)
WHERE key = ?3 AND state = 'running' AND attempts = ?4
"""
POSTPONE = """
UPDATE outbox SET state = 'pending', due_at = ?, error = ?
WHERE key = ? AND state = 'running' AND attempts = ?
"""
BURY = """
UPDATE outbox SET state = 'dead', error = ?, response_url = NULL
WHERE key = ? AND state = 'running' AND attempts = ?
"""
ADDRESS = "SELECT channel, ts FROM outbox WHERE key = ? AND channel IS NOT NULL AND ts IS NOT NULL"
STATE = "SELECT state FROM outbox WHERE key = ?"
COUNTS = "SELECT state, count(*) FROM outbox GROUP BY state"
# By partial indexes: what has arrived, which is nearly everything, is not looked at.
UNSENT_COUNTS = """
SELECT state, count(*) FROM outbox WHERE state IN ('pending', 'running') GROUP BY state
UNION ALL SELECT 'dead', count(*) FROM outbox WHERE state = 'dead'
"""
# `due_at` stays at the end of the lease: by then whatever the killed process sent has arrived or never will.
# A death is no answer of Slack's: it counts towards no limit and no wait. One attempt stays on the count, as below.
RECOVER = "UPDATE outbox SET state = 'pending', attempts = max(1, attempts - 1) WHERE state = 'running'"
DEAD = """
SELECT id, key, team_id, method, recipient, content, lane, target, thread, response_url,
       walk_id, attempts, created_at, channel, ts, error
FROM outbox WHERE state = 'dead' ORDER BY id LIMIT ?
"""
# One attempt stays on the count, so that the courier looks before it sends.
SEND_AGAIN = "UPDATE outbox SET state = 'pending', attempts = 1, due_at = ? WHERE key = ? AND state = 'dead'"
# What has not reached Slack, without its words. Dead rows first, then in the order of the lanes.
UNSENT = """
SELECT id, key, team_id, method, recipient, '{}', lane, target, thread, NULL,
       walk_id, attempts, created_at, channel, ts, error, state, due_at
FROM outbox WHERE state IN ('dead', 'running', 'pending') ORDER BY state <> 'dead', id LIMIT ?
"""
ROW = """
SELECT id, key, team_id, method, recipient, '{}', lane, target, thread, NULL,
       walk_id, attempts, created_at, channel, ts, error, state, due_at
FROM outbox WHERE key = ?
"""
DROP_UNSENT = """
UPDATE outbox SET state = 'dropped', content = '{}', response_url = NULL, error = 'dropped by the operator'
WHERE key = ? AND state IN ('dead', 'pending')
"""
FORGET_RESPONSE_URLS = """
UPDATE outbox SET response_url = NULL
WHERE state IN ('pending', 'running') AND response_url IS NOT NULL AND created_at < ?
"""

TICKET_OF_WALK = "SELECT * FROM tickets WHERE walk_id = ?"

REMINDER = "SELECT walk_id, due_at, sent, declined FROM reminders WHERE walk_id = ?"
DUE_REMINDER = """
SELECT walk_id, due_at, sent, declined FROM reminders WHERE due_at <= ? ORDER BY due_at, walk_id LIMIT 1
"""
SAVE_REMINDER = """
INSERT INTO reminders (walk_id, due_at, sent, declined) VALUES (?, ?, ?, ?)
ON CONFLICT (walk_id) DO UPDATE SET due_at = excluded.due_at, sent = excluded.sent, declined = excluded.declined
"""
FORGET_REMINDER = "DELETE FROM reminders WHERE walk_id = ?"
