"""What is asked of the outbox: by a use case inside its transaction, by the worker, and by an operator."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.store.counts import PausedDestination, UndeliveredTickets
from bot.store.models import Row, TicketRecord

REFUSED_CONTENT = frozenset(
    {
        "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "too_many_blocks", "no_text",
        "block_mismatch",
    }
)  # fmt: skip
"""The errors of rows whose content Slack will not accept however often it is sent."""
GONE = frozenset({"message_not_found", "thread_not_found"})
"""The errors of rows that change or answer a message which somebody has deleted in Slack."""
NEVER_ARRIVED = "what it belongs to never arrived"
"""The error of a row whose thread or target was given up before it."""


class OutboxRows(Protocol):
    """What all of them ask."""

    def address(self, key: str) -> tuple[str, str] | None:
        """Channel and ts of the message that the row of `key` posted, or `None`."""

    def permalink(self, key: str) -> str | None:
        """Slack's link to the message that the row of `key` posted, or `None`."""

    def state(self, key: str) -> str | None:
        """The state of the row of `key`, or `None` when there is none."""

    def changed_after(self, message: str, row_id: int) -> bool:
        """Whether a row later than that of `row_id` changes the message that the row of key `message` posted."""

    def dead(self, limit: int = 100) -> list[Row]:
        """Rows that were given up, oldest first."""

    def paused(self) -> list[PausedDestination]:
        """Where the last attempt failed and another is to come, the one that waits longest first."""

    def undelivered_tickets(self, team_id: str | None = None) -> UndeliveredTickets:
        """Tickets, of all workspaces or of one, whose card waits or was given up; not those of people erased."""

    def drop_unsent(self, key: str) -> bool:
        """Give up a dead or waiting row for good, with its words. False when it is neither."""

    def row(self, key: str) -> Row | None:
        """The row of `key` without its words, or `None`."""


class Outgoing(OutboxRows, Protocol):
    """The part of a transaction about the outbox."""

    def enqueue(self, row: Row) -> None:
        """Let the worker send `row` after the commit."""

    def drop_pending(self, key: str) -> bool:
        """Take back a row that was never attempted. False when it is too late."""

    def mark_delivered(self, key: str, channel: str, ts: str) -> None:
        """A press has proved that the message of `key` is there. Nothing happens if that is known."""

    def drop_dead(self, key: str) -> bool:
        """Drop a row that was given up, with its words, because something else is said instead. False if it was not."""

    def dead_steps(self, team_id: str | None = None, worker_id: str | None = None) -> list[Row]:
        """The live messages that were given up, of all walks under way or of one person's, without their words."""

    def dead_cards(self, destination: str | None = None) -> list[TicketRecord]:
        """Tickets whose card was given up, in all channels or in one, which its ID or an ordering key names."""

    def deleted_card(self) -> TicketRecord | None:
        """A ticket whose card somebody has deleted in Slack, as a refused row shows, or `None`."""

    def unsent_of(self, key: str) -> list[Row]:
        """The rows that have not arrived and change or answer the message of `key`, oldest first."""

    def revive(self, key: str, now: datetime) -> int:
        """Let the worker try a dead message again, and what was given up in its thread with it; how many rows."""

    def revive_orphans(self, now: datetime) -> int:
        """Let the worker try again what was given up because its thread had not arrived, where it has; how many."""


class Outbox(OutboxRows, Protocol):
    """The worker's half. Each call is a transaction of its own."""

    is_shared: bool
    """Whether several processes may take from it."""
    pace_salt: str
    """Mixed into the names of the pace where they are stored, so that nobody is named there. All processes have it."""

    def claim(
        self, now: datetime, lease: timedelta, held_keys: frozenset[str], busy: frozenset[str] = frozenset()
    ) -> Row | None:
        """The oldest due row that is first of its ordering key, now "running" with one more attempt, or `None`.

        Of the ordering keys in `held_keys` no new message is claimed, nothing that is `limited_as` one of them, and
        nothing for the receivers that are `busy`.
        A row whose lease has run out counts as due. It comes with the end of its lease in `due_at` and the error of the
        attempt before. An update of a message that was dropped, or that is dead, is dropped on the way.
        """

    def held(self, seconds_ahead: float) -> Mapping[str, float]:
        """The names that no process may use yet, as they are stored, each with the seconds until it may.

        A name is free while the turns that were taken of it reach no further ahead than so many seconds.
        """

    def take_turn(self, name: str, seconds: float) -> None:
        """Count one message under this name, which takes so many seconds after the one before."""

    def hold(self, name: str, seconds: float) -> None:
        """Nobody may use the name for so long."""

    def next_due(self) -> datetime | None:
        """When the next row that is first of its ordering key is due; a running one at the end of its lease."""

    def delivered(self, row: Row, channel: str | None, ts: str | None, following: Sequence[Row] = ()) -> None:
        """It has arrived: its words and its response URL are forgotten. Rows that are `following` it are added.

        Nothing happens if `row.attempts` is no longer the stored attempt; the same for `postpone` and `dead_letter`.
        """

    def keep_permalink(self, key: str, permalink: str) -> None:
        """Slack's link to the message that the row of `key` has posted."""

    def postpone(self, row: Row, due_at: datetime, error: str) -> None:
        """It did not go through; try again at `due_at`."""

    def dead_letter(self, row: Row, error: str) -> None:
        """It will not be tried again by itself: "dead", visible to the operator. What follows it is sent."""

    def scrub(self, now: datetime) -> bool:
        """Make forgotten words leave the disk; forget old response URLs. False if a reader is in the way."""


class OutboxAdmin(Outbox, Protocol):
    """What the program asks at its start and an operator at any time. Each call is a transaction of its own."""

    def recover(self) -> int:
        """Put rows left running by a killed process back to pending, due when their lease ends; how many.

        The death is not counted as an attempt.
        """

    def outbox_counts(self) -> dict[str, int]:
        """Rows by state; all five states are there."""

    def unsent_counts(self) -> dict[str, int]:
        """Rows that have not arrived: pending, running and dead. It takes no longer when many have arrived."""

    def send_again(self, key: str, now: datetime) -> bool:
        """Let the worker try a dead or waiting row now, after a look into Slack. False when it is neither."""

    def resume(self, destination: str, now: datetime) -> int:
        """Let the worker try now what waits for a channel or a person; how many rows. `destination` is its Slack ID.

        An ordering key names a destination too: the e-mail or webhook of a ticket sender has no other name.
        """

    def unsent_keys(self, beginning: str, limit: int) -> list[str]:
        """The keys of rows that have not arrived and begin like this, in order."""

    def unsent(self, limit: int = 100) -> list[Row]:
        """Rows that have not arrived, without their words; dead ones first, then oldest first."""
