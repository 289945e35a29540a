"""What the services need of a store. What the outbox worker needs is in `outbox_protocol.py`."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.statistics.rows import HistoryRows, Selection
from bot.store.models import (
    AnswerForm,
    Erased,
    Event,
    ImageRecord,
    Invitation,
    NotUnderstood,
    Outage,
    OutageRecipient,
    Person,
    Purged,
    Rating,
    Reminder,
    StoreCounts,
    Template,
    TicketEvent,
    TicketMessage,
    TicketRecord,
    TicketTimer,
    WalkRecord,
)
from bot.store.outbox_protocol import OutboxAdmin, Outgoing
from conversations.ticket.models import TicketState

Run = Callable[..., Awaitable[Any]]
"""Runs a call of the store, with its arguments, on the store's own thread."""
CrashPoints = Callable[[str], None]
"""Called with the name of each crash point that is passed, on the thread that passes it."""


def no_crash(_point: str) -> None:
    """No crash is wanted at any point."""


class Conflict(Exception):  # noqa: N818 - it is an answer: the unit of work is repeated
    """Somebody else changed, or made, the same record since it was read."""


class ConcurrentChange(Conflict):
    """Another process changed the same records at the same moment. Everything can be done again, with what is new."""


class StoreError(Exception):
    """The store cannot be used. The message says what to do and can be shown to the operator."""


class StoreLockedError(StoreError):
    """Another program holds the database. Nothing has changed; it can be done again when that one lets go."""


class StatementError(Exception):
    """The database refused a statement for a reason that lies in the program. The cause says which."""


class Transaction(Outgoing, Protocol):
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

    def walk(self, walk_id: int) -> WalkRecord | None:
        """The walk of this ID, ended or not."""

    def open_walks(self, team_id: str, worker_id: str) -> list[WalkRecord]:
        """The walks under way that this person works, the one changed last first."""

    def walks_elsewhere(self, procedure: str, steps: Collection[str]) -> list[WalkRecord]:
        """The walks under way through this procedure, of all teams, that are at none of `steps`."""

    def last_walk(self, team_id: str, worker_id: str) -> WalkRecord | None:
        """The walk this person changed last, ended or not."""

    def add_walk(self, walk: WalkRecord) -> WalkRecord:
        """Store a new walk with version 1. `Conflict` when one of the same team, worker and name is under way."""

    def save_walk(self, walk: WalkRecord) -> WalkRecord:
        """Store a changed walk, its version one higher. `Conflict` unless `walk.version` is the stored one.

        Team, worker and `for_name` say which walk it is and are not changed, nor is `started_at`.
        """

    def save_walk_state(self, walk: WalkRecord) -> None:
        """Store what a walk knows besides its step. The version stays, so its buttons work. `Conflict` as above."""

    def add_event(self, event: Event) -> None:
        """Append to the history."""

    def add_not_understood(self, message: NotUnderstood) -> None:
        """Keep what was not understood."""

    def events(self, walk_id: int) -> list[Event]:
        """The history of a walk, oldest first."""

    def rating(self, walk_id: int) -> Rating | None:
        """What was said at the end of the walk."""

    def save_rating(self, rating: Rating) -> None:
        """Store it; what was said before is replaced."""

    def reminder(self, walk_id: int) -> Reminder | None:
        """The reminder of a walk, due or not."""

    def due_reminder(self, now: datetime) -> Reminder | None:
        """The reminder that has been due longest, or `None`."""

    def plan_reminder(self, walk_id: int, due_at: datetime | None, sent: int) -> None:
        """Set when the next reminder is due, after `sent` others; never, where they were declined."""

    def save_reminder(self, reminder: Reminder) -> None:
        """Insert or replace."""

    def forget_reminder(self, walk_id: int) -> None:
        """The walk is over."""

    def ticket(self, number: int) -> TicketRecord | None:
        """The ticket of this number."""

    def ticket_of_walk(self, walk_id: int) -> TicketRecord | None:
        """The one ticket of a walk, or the one into which that was merged."""

    def ticket_of_card(self, key: str) -> TicketRecord | None:
        """The ticket whose card the row of `key` posted."""

    def open_ticket_without_walk(self, team_id: str, merchant_id: str) -> TicketRecord | None:
        """The ticket that this person opened outside any walk and that is neither resolved nor closed."""

    def tickets(
        self,
        *,
        team_id: str | None = None,
        merchant_id: str | None = None,
        claimed_by: str | None = None,
        states: frozenset[TicketState] | None = None,
        limit: int = 100,
    ) -> list[TicketRecord]:
        """Tickets for which all that is named holds, newest first."""

    def add_ticket(self, ticket: TicketRecord) -> TicketRecord:
        """Store a new ticket and give it its number. `Conflict` when its walk has one already."""

    def save_ticket(self, ticket: TicketRecord) -> None:
        """Store a changed ticket; like every save, it raises when there is none of this number or ID."""

    def ticket_of_talk(self, team_id: str, channel: str, ts: str) -> TicketRecord | None:
        """The ticket whose conversation is the thread of the message at `ts` in the merchant's direct message.

        If it was merged into another one, that one.
        """

    def add_ticket_event(self, event: TicketEvent) -> None:
        """Append to a ticket's history."""

    def ticket_events(self, number: int) -> list[TicketEvent]:
        """A ticket's history, oldest first."""

    def add_ticket_message(self, message: TicketMessage) -> TicketMessage:
        """Store a message and give it its ID. `Conflict` when its `source` is stored already."""

    def ticket_message(self, message_id: int) -> TicketMessage | None:
        """The message of this ID."""

    def ticket_message_of(self, source: str) -> TicketMessage | None:
        """The message that passed on the merchant's own one at `source`."""

    def save_ticket_message(self, message: TicketMessage) -> None:
        """Store a changed message."""

    def ticket_messages(self, number: int) -> list[TicketMessage]:
        """What was written in a ticket, oldest first."""

    def merge_ticket(self, number: int, into: int) -> None:
        """What was written in the ticket, and what was merged into it earlier, belongs to the ticket `into` now."""

    def ticket_timer(self, number: int) -> TicketTimer | None:
        """The next thing that happens to a ticket by itself."""

    def due_ticket_timer(self, now: datetime) -> TicketTimer | None:
        """The timer that has been due longest, or `None`."""

    def save_ticket_timer(self, timer: TicketTimer) -> None:
        """Insert or replace: a ticket has one at most."""

    def forget_ticket_timer(self, number: int) -> None:
        """Nothing happens to this ticket by itself."""

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

    def walks_under_way(self, team_id: str, limit: int = 100) -> list[WalkRecord]:
        """All walks of a team under way, the one that has not changed for longest first."""

    def add_invitation(self, invitation: Invitation) -> Invitation:
        """Store an invitation and give it its ID. `Conflict` where the merchant has one that is not answered."""

    def invitation(self, invitation_id: int) -> Invitation | None:
        """The invitation of this ID."""

    def last_invitation(self, team_id: str, merchant_id: str) -> Invitation | None:
        """The merchant's newest invitation, answered or not."""

    def due_invitation(self, now: datetime) -> Invitation | None:
        """The unanswered invitation whose next message has been due longest, or `None`."""

    def invitations_of_list(self, list_key: str) -> list[Invitation]:
        """Those who were invited together, in their order."""

    def pending_invitations(self, team_id: str, limit: int) -> list[Invitation]:
        """The unanswered invitations of a team, oldest first."""

    def save_invitation(self, invitation: Invitation) -> None:
        """Store a changed invitation."""

    def keep_refusal(self, mark: str, at: datetime) -> None:
        """Keep for good that the person of this keyed hash wants no invitations."""

    def has_refused(self, mark: str) -> bool:
        """Whether that is kept of the person of this keyed hash."""

    def templates(self, team_id: str) -> list[Template]:
        """The answers that the team's agents have prepared, by label."""

    def template(self, team_id: str, template_id: int) -> Template | None:
        """The team's template of this ID."""

    def add_template(self, template: Template) -> Template:
        """Store a template and give it its ID."""

    def save_template(self, template: Template) -> None:
        """Store a changed template."""

    def delete_template(self, team_id: str, template_id: int) -> None:
        """The team's template of this ID is gone."""

    def answer_forms(self, number: int) -> list[AnswerForm]:
        """Who has the form of an answer to the ticket open, the first one first."""

    def open_answer_form(self, form: AnswerForm) -> None:
        """Remember it; one that is open already counts from when it was opened."""

    def close_answer_form(self, number: int, agent_id: str) -> None:
        """Forget it."""

    def forget_old_answer_forms(self, before: datetime) -> None:
        """Forget those that were opened before that moment."""

    def live_outage(self, team_id: str) -> Outage | None:
        """The team's outage that nobody has ended."""

    def outage(self, outage_id: int) -> Outage | None:
        """The outage of this ID."""

    def add_outage(self, outage: Outage) -> Outage:
        """Store an outage and give it its ID. `Conflict` where the team has one that has not ended."""

    def save_outage(self, outage: Outage) -> None:
        """Store a changed outage."""

    def add_outage_recipient(self, recipient: OutageRecipient) -> None:
        """Store somebody who is to read of it; nothing happens where they are stored already."""

    def save_outage_recipient(self, recipient: OutageRecipient) -> None:
        """Store a changed recipient."""

    def outage_recipients(self, outage_id: int) -> list[OutageRecipient]:
        """All who read of it."""

    def due_outage_recipient(self) -> OutageRecipient | None:
        """Somebody who is still to be told something, the oldest outage first, or `None`."""

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

    def close(self) -> None:
        """Release the database."""
