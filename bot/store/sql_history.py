"""The statements that read the history for figures. Values are bound by name, never formatted in."""

_LANGUAGE = """
CASE WHEN p.language IN ('de', 'en') THEN p.language
  WHEN coalesce(p.locale, '') <> '' THEN iif(lower(p.locale) LIKE 'de%', 'de', 'en')
  ELSE :default_language END
"""
# Team '' is the mark of a forgotten walk.
_WALKS = f"""
SELECT w.id, w.started_at, w.ended_at, w.step, {_LANGUAGE} AS language, w.guide_version, w.for_name <> ''
FROM walks AS w LEFT JOIN people AS p ON p.team_id = w.team_id AND p.user_id = w.worker_id
WHERE w.team_id <> '' AND (:team_id IS NULL OR w.team_id = :team_id)
  AND (:since IS NULL OR w.started_at >= :since) AND (:until IS NULL OR w.started_at < :until)
  AND (:guide IS NULL OR substr(w.guide_version, 1, length(:guide)) = :guide)
  AND (:language IS NULL OR ({_LANGUAGE}) = :language)
"""  # noqa: S608 - the inserted text is a constant
WALKS = f"{_WALKS} ORDER BY w.id"
EVENTS = f"""
SELECT walk_id, at, name, step, next_step, iif(name IN ('refused', 'shown_again'), detail, '')
FROM events WHERE walk_id IN (SELECT id FROM ({_WALKS})) ORDER BY walk_id, id
"""  # noqa: S608 - the same
# A ticket without a walk was filed under no version of the guide.
_TICKETS = """
FROM tickets AS t LEFT JOIN walks AS w ON w.id = t.walk_id
WHERE (:team_id IS NULL OR t.team_id = :team_id)
  AND (:since IS NULL OR t.opened_at >= :since) AND (:until IS NULL OR t.opened_at < :until)
  AND (:guide IS NULL OR substr(w.guide_version, 1, length(:guide)) = :guide)
  AND (:language IS NULL OR t.language = :language)
"""
TICKETS = f"""
SELECT t.number, t.opened_at,
  (SELECT min(e.at) FROM ticket_events AS e WHERE e.number = t.number AND e.name IN ('claim', 'hand')),
  t.answered_at, t.resolved_at, t.state, t.reason, t.category, t.priority
{_TICKETS} ORDER BY t.number
"""  # noqa: S608 - the same
TEAMS = "SELECT DISTINCT team_id FROM walks WHERE team_id <> '' UNION SELECT team_id FROM tickets ORDER BY 1"
AGENTS = f"SELECT count(DISTINCT t.claimed_by) {_TICKETS}"
