"""What a unit of work wants Slack and the synced systems to show, kept until the commit."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any

import structlog

from bot.blocks.fit import fit
from bot.blocks.kit import Content, context, remark, say
from bot.services.context import AppConfig, User
from bot.services.gating import IN_SLACK
from bot.store.models import Destination, Row, RowMethod
from bot.store.protocol import Transaction
from conversations.engine.texts import Language

log = structlog.get_logger()


MOST_PARTS = 50
"""More continuations than any message has."""


@dataclass
class OutgoingRows:
    """The rows of one unit of work, in the order in which they were made."""

    rows: list[Row] = field(default_factory=list)

    def withdraw(self, key: str) -> Row | None:
        """Take the row of `key` out again."""
        row = next((row for row in self.rows if row.key == key), None)
        if row is not None:
            self.rows.remove(row)
        return row

    def earlier(self, row: Row) -> Row | None:
        """A row that changes the same message, or shows the same Home tab, as `row`."""
        changed = (row.method, row.target or row.destination)
        return next(
            (other for other in self.rows if (other.method, other.target or other.destination) == changed), None
        )


class Publisher:
    """Makes outbox rows in the name of `user`. They reach the database with `flush`, at the end of the unit of work."""

    config: AppConfig
    tx: Transaction
    user: User
    now: datetime
    outgoing: OutgoingRows

    @property
    def support_channel(self) -> Destination:
        """Where the user's tickets are worked on."""
        return Destination(self.user.team_id, self.config.support_channel)

    @property
    def direct_message(self) -> Destination:
        """The user's own conversation with the bot."""
        return Destination(self.user.team_id, self.user.user_id)

    def flush(self) -> None:
        """Write the rows sorted by ordering key, so that all units of work lock the keys in the same order."""
        for row in sorted(self.outgoing.rows, key=lambda row: row.ordering_key or ""):
            for part in self._fitted(self._gated(row)):
                self.tx.enqueue(part)
        self.outgoing.rows.clear()

    def _fitted(self, row: Row) -> Iterator[Row]:
        """The row, and those in which it continues where it is too long for Slack.

        A message continues in its thread; when it changes, so does what is there.
        """
        if row.method not in {"post", "update", "respond"} or "text" not in row.content:
            yield row
            return
        texts = self.config.all_texts[self._language_of(row)]
        threaded = row.method == "update" or (row.method == "post" and row.thread is None)
        more = context(say(texts, "frame.rest_in_thread" if threaded else "frame.rest_follows"))
        first, *rest = fit(row.content, more)
        yield replace(row, content=first)
        if row.method == "respond":
            hidden = {"response_type": "ephemeral", "replace_original": False}
            ordering_key = row.ordering_key or f"{row.destination.team_id}:{row.destination.to}:answers"
            for content in rest:
                yield replace(row, key=self.config.new_key(), content={**content, **hidden}, ordering_key=ordering_key)
            return
        yield from self._continued(row, rest, say(texts, "frame.rest_gone"))

    def _continued(self, row: Row, rest: list[Content], gone: str) -> Iterator[Row]:
        """The rows with the `rest` of a message; what continued it before and is not needed any more says `gone`."""
        message = row.target or row.key
        for number in count(1):
            key = part_key(message, number)
            there = row.method == "update" and self.tx.state(key) is not None
            if number > len(rest) and not there:
                return
            content = rest[number - 1] if number <= len(rest) else {"text": gone, "blocks": [remark(gone)]}
            part = replace(row, content=content, response_url=None)
            if there:
                yield replace(part, key=self.config.new_key(), target=key)
            else:
                yield replace(part, key=key, method="post", target=None, thread=row.thread or message)

    def _language_of(self, row: Row) -> Language:
        """The language of the people who see what `row` sends."""
        own = row.destination == self.direct_message and row.method != "mirror"
        return self.user.language if own else self.config.support_language

    def _gated(self, row: Row) -> Row:
        """The row as it may leave: without secrets, in whatever they are dressed. It is never held up."""
        synced = row.method == "mirror"
        gated = self.config.gate(self._language_of(row)).content(row.content, frozenset() if synced else IN_SLACK)
        if not gated.kinds:
            return row
        log.warning("secret_removed", row=row.key, method=row.method, kinds=[str(kind) for kind in gated.kinds])
        return replace(row, content=gated.value)

    def post(
        self, to: Destination, content: Content, *, key: str = "", thread: str | None = None, walk_id: int | None = None
    ) -> str:
        """Post a new message, in the thread of the message of `thread` if one is named; its key."""
        row_key = key or self.config.new_key()
        self._enqueue("post", to, content, key=row_key, thread=thread, walk_id=walk_id)
        return row_key

    def update(
        self, target: str, to: Destination, content: Content, *, response_url: str | None = None, erased: bool = False
    ) -> None:
        """Replace the message of `target`. `erased`: once it is delivered no row may name `to`."""
        self._enqueue("update", to, content, target=target, response_url=response_url, erased=erased)

    def respond(self, response_url: str, content: Content, *, erased: bool = False) -> None:
        """Answer a press to the one who pressed; `erased` as above."""
        self._enqueue("respond", self.direct_message, content, response_url=response_url, erased=erased)

    def post_ephemeral(self, response_url: str | None, content: Content) -> None:
        """Answer a press below the pressed message, which stays; only the user sees it."""
        if response_url is not None:
            self.respond(response_url, {**content, "response_type": "ephemeral", "replace_original": False})

    def begin_answer(self, content: Content, response_url: str | None) -> Content:
        """The first message of an answer in an acknowledgement; what is too long for it follows at the response URL."""
        first, *rest = fit(content, context(say(self.config.all_texts[self.user.language], "frame.rest_follows")))
        for part in rest:
            self.post_ephemeral(response_url, part)
        return first

    def publish(self, to: Destination, view: dict[str, Any], *, erased: bool = False) -> None:
        """Show `view` on a person's Home tab; `erased` as above."""
        self._enqueue("publish", to, {"view": view}, erased=erased)

    def upload(self, to: Destination, data: str, *, filename: str, title: str, comment: str) -> None:
        """Share a file with `comment`, which names it; `filename` is given to no other file."""
        self._enqueue("upload", to, {"text": comment, "filename": filename, "title": title, "data": data})

    def pass_on(self, to: Destination, content: Content, *, key: str, thread: str) -> None:
        """Share an image that somebody sent to the bot in the thread of `thread`; no message waits for it."""
        ordering_key = f"{to.team_id}:{to.to}:pictures"
        self._enqueue("upload", to, content, key=key, thread=thread, ordering_key=ordering_key)

    def draw(
        self, to: Destination, chart: dict[str, Any], *, filename: str, title: str, comment: str, alt: str
    ) -> None:
        """Share a chart that is drawn when it is sent; `alt` is read aloud instead of it."""
        content = {"text": comment, "filename": filename, "title": title, "chart": chart, "alt": alt}
        self._enqueue("upload", to, content)

    def unshare(self, target: str, to: Destination) -> None:
        """Delete the file of `target`, whose owner is erased."""
        self._enqueue("unshare", to, {}, target=target, erased=True)

    def sync(self, sender: str, content: Content, *, key: str, ordering_key: str) -> None:
        """Let the ticket sender of that name send `content`."""
        self._enqueue("mirror", Destination(self.user.team_id, sender), content, key=key, ordering_key=ordering_key)

    def make_plain(self, key: str) -> None:
        """Let the message of `key`, posted by this unit of work, be sent in the plainest form that can be answered."""
        row = self.outgoing.withdraw(key)
        if row is not None:
            self.outgoing.rows.append(replace(row, content={**row.content, "plain": True}))

    def drop_pending(self, key: str) -> bool:
        """Take back a message that was never attempted. False when it is too late."""
        return self.outgoing.withdraw(key) is not None or self.tx.drop_pending(key)

    def _enqueue(self, method: RowMethod, to: Destination, content: Content, *, key: str = "", **more: Any) -> None:
        row = Row(
            key=key or self.config.new_key(), destination=to, method=method, content=content, created_at=self.now,
            due_at=self.now, **{"ordering_key": _ordering_key(method, to), **more},
        )  # fmt: skip
        if method in {"update", "publish"} and (earlier := self.outgoing.earlier(row)) is not None:
            # Of all that one unit of work makes a message or a Home tab show, Slack gets the last.
            self.outgoing.rows.remove(earlier)
            row = replace(row, response_url=row.response_url or earlier.response_url)
        self.outgoing.rows.append(row)


def part_key(message: str, number: int) -> str:
    """The key of the row with the `number`-th continuation of the message of the row `message`."""
    return sha256(f"{message}+{number}".encode()).hexdigest()[:32]


def _ordering_key(method: RowMethod, to: Destination) -> str | None:
    """What Slack shows in one place is sent in one order; answers to presses need none.

    Home tabs have a key of their own, so that an older view never replaces a newer one.
    """
    if method == "publish":
        return f"{to.team_id}:{to.to}:home"
    return None if method == "respond" else f"{to.team_id}:{to.to}"
