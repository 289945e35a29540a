"""One statement for all figures of `/metrics`. Nothing in it looks at what is delivered, ended or kept for later."""

FIGURES = """
SELECT 'outbox', iif(method = 'mirror', recipient, 'slack') AS receiver, state, count(*), min(created_at) FROM outbox
  WHERE state IN ('pending', 'running') GROUP BY receiver, state
UNION ALL SELECT 'outbox', iif(method = 'mirror', recipient, 'slack') AS receiver, state, count(*), NULL FROM outbox
  WHERE state = 'dead' GROUP BY receiver
UNION ALL SELECT 'walks', step, '', count(*), NULL FROM walks WHERE ended_at IS NULL GROUP BY step
UNION ALL SELECT 'tickets', state, '', count(*), min(iif(state = 'open', coalesce(waiting_since, opened_at), NULL))
  FROM tickets GROUP BY state
UNION ALL SELECT 'due', 'reminder', '', count(*), NULL FROM reminders WHERE due_at <= ?1
UNION ALL SELECT 'due', 'timer', '', count(*), NULL FROM ticket_timers WHERE due_at <= ?1
UNION ALL SELECT 'due', 'chore', '', count(*), NULL FROM chores WHERE due_at <= ?1
UNION ALL SELECT 'uploads', language, '', count(*), NULL FROM pictures WHERE file_id IS NOT NULL GROUP BY language
"""
