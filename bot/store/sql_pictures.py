"""The statements about pictures, by name. Values are bound, never formatted in."""

_COLUMNS = "team_id, name, language, digest, filled, file_id, kept_at"
PICTURE = f"SELECT {_COLUMNS} FROM pictures WHERE team_id = ? AND name = ? AND language = ? AND digest = ?"  # noqa: S608 - the inserted text is a constant
SERVED = f"SELECT {_COLUMNS} FROM pictures WHERE name = ? AND language = ? AND digest = ? LIMIT 1"  # noqa: S608 - the same
SAVE = """
INSERT INTO pictures (team_id, name, language, digest, filled, file_id, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (team_id, name, language, digest) DO UPDATE
SET filled = excluded.filled, file_id = excluded.file_id, kept_at = excluded.kept_at
"""
FORGET_EARLIER = (
    "DELETE FROM pictures WHERE team_id = ? AND name = ? AND language = ? AND filled = ? AND file_id IS NOT NULL"
)
FORGET = "DELETE FROM pictures WHERE team_id = ? AND name = ? AND language = ? AND digest = ?"
# It is given once more when a step shows it again.
FORGET_OLD = "DELETE FROM pictures WHERE kept_at < ?"
