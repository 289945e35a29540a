"""Forgetting in SQLite: one person at once, or everybody's past when its time is over."""

import json
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store import sql, sql_forgetting, sql_pictures
from bot.store.models import ERASED, Erased, PostedMessage, Purged
from bot.store.sqlite_walks import Verbs
from bot.store.times import to_text

_READ = frozenset({"text", "alt_text"})
_LONG_AGO = to_text(datetime.fromtimestamp(0, UTC))


class ForgettingVerbs(Verbs):
    """The part of `bot.store.protocol.Transaction` about forgetting."""

    def erase_person(self, team_id: str, user_id: str) -> Erased:
        """Forget somebody; what support must keep of a ticket stays under a pseudonym.

        Their messages in Slack are the caller's to edit, and their files to delete: a row whose `target` is the
        message's key finds it until `purge` runs after the edit.
        """
        self._people.clear()
        walks = json.dumps([found for (found,) in self._execute(sql_forgetting.WALKS_OF, (team_id, user_id))])
        found = self._execute(sql_forgetting.TICKETS_OF, (team_id, user_id, walks)).fetchall()
        numbers, cards = [number for number, _ in found], [key for _, key in found]
        erased = self._forget_messages(team_id, user_id, walks, cards)
        who = f"{ERASED}{secrets.token_hex(8)}"
        name = self._name(team_id, user_id)
        self._execute(sql_forgetting.FREE_TICKETS, (walks,))
        self._execute(sql_forgetting.ANONYMOUS_TICKETS, (who, json.dumps(numbers)))
        self._forget_talks(json.dumps(numbers))
        for statement in (sql_forgetting.FORGET_MIRRORED, sql_forgetting.EMPTY_MIRRORED):
            self._execute(statement, (json.dumps(numbers),))
        count = self._forget_walks(walks)
        self._forget_traces(team_id, user_id, who)
        self._reword_unsent(team_id, user_id, name)
        self._execute(sql_forgetting.FORGET_INVITATIONS, (team_id, user_id, user_id))
        self._execute(sql_forgetting.FORGET_PERSON, (team_id, user_id))
        return Erased(walks=count, tickets=tuple(numbers), **erased)

    def purge(self, now: datetime, keep: timedelta) -> Purged:
        """Forget whatever ended longer than `keep` ago, and the addresses of erased messages that are edited."""
        self._people.clear()
        before = to_text(now - keep)
        walks = json.dumps([found for (found,) in self._execute(sql_forgetting.OLD_WALKS, (before,))])
        self._execute(sql_forgetting.FREE_TICKETS, (walks,))
        numbers = [number for (number,) in self._execute(sql_forgetting.OLD_TICKETS, (before,))]
        self._execute(sql_forgetting.ANONYMOUS_TICKETS, (None, json.dumps(numbers)))
        self._execute(sql_forgetting.ANONYMOUS_AGENTS_OF, (json.dumps(numbers),))
        self._execute(sql_forgetting.NOBODY_ACTED, (json.dumps(numbers),))
        self._forget_talks(json.dumps(numbers))
        messages = self._execute(sql_forgetting.FORGET_ROWS_OF_WALKS, (walks,)).rowcount
        count = self._forget_walks(walks)
        invitations = self._execute(sql_forgetting.FORGET_OLD_INVITATIONS, (before,)).rowcount
        self._execute(sql.FORGET_SEEN, (before,))
        self._execute(sql_pictures.FORGET_OLD, (before,))
        messages += self._execute(sql_forgetting.FORGET_OLD_ROWS, (before,)).rowcount
        messages += self._execute(sql_forgetting.FORGET_EDITS_OF_ERASED).rowcount
        messages += self._execute(sql_forgetting.FORGET_ERASED).rowcount
        self._execute(sql_forgetting.NOT_IDLE)
        self._execute(sql_forgetting.IDLE, (to_text(now),))
        people = self._execute(sql_forgetting.FORGET_IDLE, (before,)).rowcount
        return Purged(walks=count, tickets=len(numbers), invitations=invitations, messages=messages, people=people)

    def _forget_messages(self, team_id: str, user_id: str, walks: str, cards: list[str]) -> dict[str, Any]:
        held = json.dumps(cards)
        values = (team_id, user_id, walks, held, held)
        standing = [PostedMessage(*found) for found in self._execute(sql_forgetting.STANDING, values)]
        files = [PostedMessage(*found) for found in self._execute(sql_forgetting.FILES, (team_id, user_id, held))]
        targets = json.dumps([*cards, *(one.key for one in standing)])
        theirs = (team_id, held, user_id, walks, held, targets)
        self._execute(sql_forgetting.FORGET_ROWS, theirs)
        self._execute(sql_forgetting.MARK_ROWS, theirs)
        self._execute(sql_forgetting.EMPTY_CARDS, (held,))
        self._execute(sql_forgetting.FREE_ROWS, (walks,))
        return {
            "messages": tuple(one for one in standing if one.thread not in cards and one.key not in cards),
            "replies": tuple(one for one in standing if one.thread in cards),
            "files": tuple(files),
            "cards": tuple(one for one in standing if one.key in cards),
        }

    def _forget_talks(self, numbers: str) -> None:
        self._execute(sql_forgetting.FORGET_TICKET_MESSAGES, (numbers,))
        self._execute(sql_forgetting.FORGET_TICKET_TIMERS, (numbers,))

    def _forget_walks(self, walks: str) -> int:
        self._execute(sql_forgetting.FORGET_EVENTS, (walks,))
        self._execute(sql_forgetting.FORGET_REMINDERS, (walks,))
        self._execute(sql_forgetting.EMPTY_LAST_WALK, (_LONG_AGO, _LONG_AGO, _LONG_AGO, walks))
        self._execute(sql_forgetting.FORGET_WALKS, (walks,))
        return len(json.loads(walks))

    def _forget_traces(self, team_id: str, user_id: str, who: str) -> None:
        """Take somebody out of other people's records: as agent, as inviter, as the one who acted."""
        self._execute(sql_forgetting.NOT_CLAIMED_BY, (who, team_id, user_id))
        self._execute(sql_forgetting.NOT_RESOLVED_BY, (who, team_id, user_id))
        self._execute(sql_forgetting.NOT_CLOSED_BY, (who, team_id, user_id))
        self._execute(sql_forgetting.NOT_WRITTEN_BY, (who, user_id, team_id))
        self._execute(sql_forgetting.NOT_INVITED_BY, (team_id, user_id))
        quoted, instead = json.dumps(user_id), json.dumps(who)
        values = (user_id, who, quoted, instead, team_id, user_id, quoted)
        self._execute(sql_forgetting.NOT_ACTED_BY, values)
        self._execute(sql_forgetting.NOT_ACTED_IN_TICKETS, values)

    def _reword_unsent(self, team_id: str, user_id: str, name: str) -> None:
        """Take somebody's name out of what others have not been sent yet."""
        words = [word for word in (user_id, name) if word]
        written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
        values = (team_id, written[0], written[-1])
        for key, method, content in self._execute(sql_forgetting.UNSENT_OF_OTHERS, values).fetchall():
            read = None if method == "mirror" else _READ
            changed = json.dumps(_without(json.loads(content), words, read), ensure_ascii=False, separators=(",", ":"))
            self._execute(sql_forgetting.REWORD, (changed, key))

    def _name(self, team_id: str, user_id: str) -> str:
        found = self._execute(sql.PERSON, (team_id, user_id)).fetchone()
        return "" if found is None else str(found[0])


def _without(content: Any, words: Iterable[str], read: frozenset[str] | None, field: str = "") -> Any:
    """The content of a row with "…" for each of `words` in the fields that people `read`; in all where it is `None`."""
    if isinstance(content, dict):
        return {key: _without(value, words, read, key) for key, value in content.items()}
    if isinstance(content, list):
        return [_without(value, words, read, field) for value in content]
    if isinstance(content, str) and (read is None or field in read):
        for word in words:
            content = re.sub(rf"<@{re.escape(word)}>|(?<!\w){re.escape(word)}(?!\w)", "…", content)
    return content
