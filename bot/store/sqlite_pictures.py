"""The pictures that workspaces were given, in SQLite."""

import json
from datetime import datetime
from typing import Any

from bot.store import sql_pictures as sql
from bot.store.models import ImageRecord
from bot.store.sqlite_outbox import SqliteOutbox
from bot.store.times import to_text
from bot.store.transactions import write


class SqliteImages(SqliteOutbox):
    """`bot.store.protocol.Shelf` on one connection. Each call is a transaction of its own."""

    def picture(self, team_id: str, name: str, language: str, digest: str) -> ImageRecord | None:
        """What this workspace has of that drawing."""
        return _picture(self._execute(sql.PICTURE, (team_id, name, language, digest)).fetchone())

    def served_picture(self, name: str, language: str, digest: str) -> ImageRecord | None:
        """The same for whoever knows the address, from whatever workspace."""
        return _picture(self._execute(sql.SERVED, (name, language, digest)).fetchone())

    def save_picture(self, picture: ImageRecord) -> None:
        """Insert or replace; a file of the same picture as it was drawn before is forgotten.

        What is served at an address stays: messages that stand in Slack show it.
        """
        key = (picture.team_id, picture.name, picture.language)
        values = json.dumps(picture.values, separators=(",", ":"))
        with write(self._conn):
            if picture.file_id is not None:
                self._execute(sql.FORGET_EARLIER, (*key, values))
            self._execute(sql.SAVE, (*key, picture.digest, values, picture.file_id, to_text(picture.kept_at)))

    def forget_picture(self, picture: ImageRecord) -> None:
        """The workspace has it no more."""
        self._execute(sql.FORGET, (picture.team_id, picture.name, picture.language, picture.digest))


def _picture(found: tuple[Any, ...] | None) -> ImageRecord | None:
    if found is None:
        return None
    team_id, name, language, digest, values, file_id, kept_at = found
    return ImageRecord(
        team_id=team_id, name=name, language=language, digest=digest,
        values=tuple((one[0], one[1]) for one in json.loads(values)),
        file_id=file_id, kept_at=datetime.fromisoformat(kept_at),
    )  # fmt: skip
