"""What is kept of people and for how long: erasing one person, exporting what is kept of one, purging what is old."""

import json
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store.counts import Erased, Purged
from bot.store.models import ERASED, NOT_UNDERSTOOD_KEPT, PostedMessage
from bot.store.queries import QUERIES
from bot.store.sql_walks import SqlWalks
from bot.store.support_models import ANSWER_FORM_OPEN

_READ_BY_PEOPLE = frozenset({"text", "alt_text"})
_LONG_AGO = datetime.fromtimestamp(0, UTC)
_EXPORT = "export_"
_JSON = ("detail", "words", "content")
_WALK_STATE = ("export_walks", "state")
"""A ticket's column of this name holds a word."""


class SqlRetention(SqlWalks):
    """The part of `bot.store.protocol.Transaction` about retention."""

    def erase_person(self, team_id: str, user_id: str) -> Erased:
        name = person.name if (person := self.person(team_id, user_id)) else ""
        self._people.clear()
        walks = [row["id"] for row in self._rows("walks_of_person", team_id=team_id, user_id=user_id)]
        tickets = self._rows("tickets_of_person", team_id=team_id, user_id=user_id, walks=walks)
        numbers, cards = [row["number"] for row in tickets], [row["card_key"] for row in tickets]
        erased = self._erase_messages(team_id, user_id, walks, cards)
        pseudonym = f"{ERASED}{secrets.token_hex(8)}"
        self._change("detach_tickets", walks=walks)
        self._forget_merchants(numbers, pseudonym)
        for query in ("forget_syncs", "empty_syncs"):
            self._change(query, numbers=numbers)
        self._forget_walks(walks)
        self._erase_traces(team_id, user_id, pseudonym)
        self._reword_unsent(team_id, user_id, name)
        for query in (
            "forget_invitations", "forget_not_understood", "forget_answer_forms", "erase_template_author",
            "forget_outage_recipients", "erase_outage_author",
            "forget_person",
        ):  # fmt: skip
            self._change(query, team_id=team_id, user_id=user_id)
        return Erased(walks=len(walks), tickets=tuple(numbers), **erased)

    def forget_seen(self, before: datetime) -> int:
        return self._change("forget_seen", before=before)

    def export_person(self, team_id: str, user_id: str) -> dict[str, Any]:
        person = {"team_id": team_id, "user_id": user_id}
        return person | {
            query.removeprefix(_EXPORT): [
                {
                    name: json.loads(value) if name in _JSON or (query, name) == _WALK_STATE else value
                    for name, value in row.items()
                }
                for row in self._rows(query, **person, quoted=json.dumps(user_id))
            ]
            for query in QUERIES
            if query.startswith(_EXPORT)
        }

    def purge(self, now: datetime, keep: timedelta) -> Purged:
        self._people.clear()
        before = now - keep
        walks = [row["id"] for row in self._rows("old_walks", before=before)]
        self._change("detach_tickets", walks=walks)
        numbers = [row["number"] for row in self._rows("old_tickets", before=before)]
        self._forget_merchants(numbers, None)
        for query in ("erase_agents", "erase_all_actors"):
            self._change(query, numbers=numbers)
        messages = self._change("forget_rows_of_walks", walks=walks)
        self._forget_walks(walks)
        invitations = self._change("forget_old_invitations", before=before)
        for query in (
            "forget_seen", "forget_old_pictures", "erase_old_template_authors", "forget_recipients_of_old_outages",
            "forget_old_outages",
        ):  # fmt: skip
            self._change(query, before=before)
        self._change("forget_old_answer_forms", before=now - ANSWER_FORM_OPEN)
        self._change("forget_old_not_understood", before=now - min(keep, NOT_UNDERSTOOD_KEPT))
        messages += self._change("forget_old_rows", before=before)
        messages += self._change("forget_edits_of_erased") + self._change("forget_erased")
        self._change("not_idle")
        self._change("idle", now=now)
        people = self._change("forget_idle", before=before)
        return Purged(walks=len(walks), tickets=len(numbers), invitations=invitations, messages=messages, people=people)

    def _erase_messages(self, team_id: str, user_id: str, walks: list[int], cards: list[str]) -> dict[str, Any]:
        person = {"team_id": team_id, "user_id": user_id, "cards": cards}
        posts = [PostedMessage(**_posted(row)) for row in self._rows("posts_of_person", **person, walks=walks)]
        files = [PostedMessage(**_posted(row)) for row in self._rows("files_of_person", **person)]
        for query in ("erase_rows", "empty_rows"):
            self._change(query, **person, walks=walks, targets=[*cards, *(post.key for post in posts)])
        self._change("empty_cards", cards=cards)
        self._change("detach_rows", walks=walks)
        return {
            "messages": tuple(post for post in posts if post.thread not in cards and post.key not in cards),
            "replies": tuple(post for post in posts if post.thread in cards),
            "files": tuple(files),
            "cards": tuple(post for post in posts if post.key in cards),
        }

    def _forget_merchants(self, numbers: list[int], pseudonym: str | None) -> None:
        """Take the merchant and what was written out of tickets; without a pseudonym each gets one of its own."""
        self._change("erase_merchant", numbers=numbers, pseudonym=pseudonym)
        for query in ("forget_ticket_messages", "forget_ticket_timers"):
            self._change(query, numbers=numbers)

    def _forget_walks(self, walks: list[int]) -> None:
        for query in ("forget_events", "forget_reminders", "forget_ratings"):
            self._change(query, walks=walks)
        self._change("empty_last_walk", walks=walks, long_ago=_LONG_AGO)
        self._change("forget_walks", walks=walks)

    def _erase_traces(self, team_id: str, user_id: str, pseudonym: str) -> None:
        """Take somebody out of other people's records: as agent, as inviter, as the one who acted."""
        person = {"team_id": team_id, "user_id": user_id, "pseudonym": pseudonym}
        quoted = {"quoted": json.dumps(user_id), "quoted_pseudonym": json.dumps(pseudonym)}
        for query in ("erase_claimer", "erase_resolver", "erase_closer", "erase_author", "erase_inviter"):
            self._change(query, **person)
        for query in ("erase_actor", "erase_ticket_actor"):
            self._change(query, **person, **quoted)

    def _reword_unsent(self, team_id: str, user_id: str, name: str) -> None:
        """Take somebody's name out of what others have not been sent yet."""
        words = [word for word in (user_id, name) if word]
        written = [json.dumps(word, ensure_ascii=False)[1:-1] for word in words]
        for row in self._rows("unsent_naming", team_id=team_id, user_id=written[0], name=written[-1]):
            read = None if row["method"] == "mirror" else _READ_BY_PEOPLE
            self._change("reword", key=row["key"], content=_without(json.loads(row["content"]), words, read))


def _posted(row: dict[str, Any]) -> dict[str, Any]:
    return {"to": row.pop("recipient"), **row}


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
