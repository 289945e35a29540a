"""What the services need of a store. What the outbox worker needs is in `outbox_protocol.py`."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.statistics.rows import HistoryRows, Selection
from bot.store.counts import Erased, Purged, StoreCounts
from bot.store.models import ImageRecord, Person
from bot.store.outbox_protocol import OutboxAdmin, Outgoing
from bot.store.support_protocol import Support
from bot.store.ticket_protocol import Tickets
from bot.store.walk_protocol import Walks

Run = Callable[..., Awaitable[Any]]
"""Runs a call of the store, with its arguments, on the store's own thread."""
CrashPoints = Callable[[str], None]
"""Called with the name of each crash point that is passed, on the thread that passes it."""


def no_crash(_point: str) -> None:
    """No crash is wanted at any point."""


CONFLICT_SECONDS = 2.5
"""How long something is tried again when others are always faster. Slack gives three seconds for everything."""


class Conflict(Exception):  # noqa: N818 - it is an answer: the unit of work is repeated
    """Somebody else changed, or made, the same record since it was read."""


class ConcurrentChange(Conflict):
    """Another process changed the same records at the same moment. Everything can be done again, with what is new."""


class UnderWay(ConcurrentChange):
    """Another process is at the same delivery in this moment."""


class StoreError(Exception):
    """The store cannot be used. The message says what to do and can be shown to the operator."""


class StoreLockedError(StoreError):
    """Another program holds the database, or it does not answer; `silent`: for how many seconds by now.

    Nothing has changed; it can be done again when that is over.
    """

    def __init__(self, message: str, silent: float = 0.0) -> None:
        super().__init__(message)
        self.silent = silent


class ConnectionLostError(StoreLockedError):
    """The database has ended a connection in the middle of a transaction; a new one may work at once."""


class StatementError(Exception):
    """The database refused a statement for a reason that lies in the program. The cause says which."""


class Transaction(Walks, Tickets, Support, Outgoing, Protocol):
    """Everything inside one durable transaction: all of it holds, or none of it."""

    @property
    def changed(self) -> bool:
        """Whether anything was written so far."""

    def in_the_name_of(self, team_id: str, user_id: str) -> None:
        """Who acts. Of two transactions in the name of one person that overlap, the later one is a `Conflict`."""

    def first_time(self, event_id: str, at: datetime) -> bool:
        """Whether this delivery is new; it is remembered at once."""

    def person(self, team_id: str, user_id: str) -> Person | None:
        """The person, or `None` when never met."""

    def save_person(self, person: Person) -> None:
        """Insert or replace."""

    def support_homes(self) -> list[tuple[str, str]]:
        """(team ID, user ID) of everybody whose Home tab shows the support desk."""

    def job_due_at(self, name: str) -> datetime | None:
        """When the scheduled job of this name is next due; `None` when it never ran."""

    def schedule_job(self, name: str, due_at: datetime) -> None:
        """Set when a scheduled job is next due."""

    def due_job(self, kind: str, now: datetime) -> str | None:
        """The name of the job that has been due longest among those whose name begins with `kind`, or `None`.

        Until the commit no other process gets it.
        """

    def is_planned(self, kind: str, by: datetime) -> bool:
        """Whether a job whose name begins with `kind` is due by then."""

    def unschedule_job(self, name: str) -> None:
        """The job is done and does not come again by itself."""

    def teams(self) -> list[str]:
        """The workspaces of which there is a history."""

    def erase_person(self, team_id: str, user_id: str) -> Erased:
        """Forget somebody; what support must keep of a ticket stays under a pseudonym.

        Their messages in Slack are the caller's to edit, and their files to delete: a row whose `target` is the
        message's key finds it until `purge` runs after the edit. The bytes leave the disk with the next `scrub`.
        """

    def export_person(self, team_id: str, user_id: str) -> dict[str, Any]:
        """All that is kept of somebody, ready for JSON: by table, with the columns as they are stored."""

    def purge(self, now: datetime, keep: timedelta) -> Purged:
        """Forget everything that ended longer than `keep` ago, and the addresses of erased messages that are edited.

        The bytes leave the disk with the next `scrub`.
        """

    def forget_seen(self, before: datetime) -> int:
        """Forget deliveries seen before that moment; how many."""

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        """The rows for statistics, as they are at one moment.

        `default_language` is that of people whose language is unknown.
        """


class ImageStore(Protocol):
    """The pictures that workspaces were given. Each call is a transaction of its own."""

    def picture(self, team_id: str, name: str, language: str, digest: str) -> ImageRecord | None:
        """What this workspace has of that drawing."""

    def served_picture(self, name: str, language: str, digest: str) -> ImageRecord | None:
        """The same for somebody who knows the address, from any workspace."""

    def save_picture(self, picture: ImageRecord) -> None:
        """Insert or replace; a file of the same picture as it was drawn before is forgotten.

        What is served at an address is kept when the picture changes: messages in Slack show it.
        """

    def forget_picture(self, picture: ImageRecord) -> None:
        """The workspace no longer has it."""


class Store(OutboxAdmin, ImageStore, Protocol):
    """A durable store. `threads`: how many may use it at the same time."""

    threads: int

    def shared_commit(self) -> AbstractContextManager[None]:
        """Let the transactions of the block, one after the other, become durable with one commit at its end.

        One that fails is rolled back by itself. An error of the commit takes all of them.
        """

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end of the block, roll back on any exception. Not nested."""

    def person(self, team_id: str, user_id: str) -> Person | None:
        """The same as in a transaction, without waiting for a writer."""

    def figures(self, now: datetime) -> StoreCounts:
        """How much there is of everything, in one read."""

    def history(self, selection: Selection, default_language: str) -> HistoryRows:
        """The same as in a transaction, without keeping a writer waiting."""

    def renew_seal(self) -> bool:
        """Note that everything committed so far is there; False when a reader is in the way."""

    def wait_for_locks(self, seconds: float) -> None:
        """Wait that long at most, from now on, while another program holds the database."""

    def try_lock(self) -> None:
        """`StoreLockedError` while another program holds the database, or while it cannot be reached."""

    def others_differ(self, known: int) -> bool:
        """Whether a process serves beside this one that does not say that it knows the same. This one says so itself.

        `known` is less than 2³¹.
        """

    def close(self) -> None:
        """Release the database."""
