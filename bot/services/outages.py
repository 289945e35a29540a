"""An outage that agents have announced: who is told, that it ends, and what its answers in tickets become.

Whom something is still to be told is in the store and changes with each message in one transaction: after a crash
nobody is told twice, and nobody is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.blocks import entry_messages
from bot.blocks import outages as blocks
from bot.blocks.step import step_message
from bot.services import agent_messages
from bot.services.ticket_lists import OPEN
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import ERASED, TicketRecord, WalkRecord
from bot.store.support_models import Outage, OutageRecipient
from conversations.engine.answers import Notice

LASTS = timedelta(hours=8)
"""So long after it was announced, or extended, an outage ends by itself."""
WARNED_BEFORE = timedelta(minutes=30)
JOB = "outage:"
"""Prefix of the job that looks whether an outage ends by itself; its ID follows."""
MOST = 5000
"""Walks under way that are opened for the preview, which Slack awaits within three seconds; all are told."""


@dataclass(frozen=True)
class Concerned:
    """How many people an outage concerns, who of them can wait and who cannot: counted while they are not too many."""

    count: int
    held: int
    cannot_wait: int


def concerned(unit: UnitOfWork) -> Concerned:
    """Everybody in the user's workspace with a walk under way."""
    held: set[str] = set()
    others: set[str] = set()
    for record in unit.tx.walks_under_way(unit.user.team_id, MOST):
        (held if unit.open(record).can_wait else others).add(record.worker_id)
    return Concerned(unit.tx.people_under_way(unit.user.team_id), len(held - others), len(others))


def linkable(unit: UnitOfWork, outage: Outage | None = None) -> list[TicketRecord]:
    """The open tickets that can be answered with an outage, newest first: those that were not yet."""
    linked = _linked(unit, outage) if outage is not None else {}
    found = unit.tx.tickets(team_id=unit.user.team_id, states=OPEN, limit=100)
    return [one for one in found if one.number not in linked and not one.merchant_id.startswith(ERASED)]


def _linked(unit: UnitOfWork, outage: Outage) -> dict[int, int]:
    """The tickets that are answered with an outage, and the number under which each was linked: merged ones once."""
    linked: dict[int, int] = {}
    for one in unit.tx.outage_recipients(outage.id):
        ticket = unit.ticket(one.number)
        if ticket is not None:
            linked.setdefault(ticket.number, one.number)
    return linked


def begin(unit: UnitOfWork, text_de: str, text_en: str, numbers: Sequence[int]) -> None:
    """Announce an outage in both languages, and plan what everybody is told; `numbers` are the tickets linked to it."""
    outage = unit.tx.add_outage(
        Outage(
            team_id=unit.user.team_id, agent_id=unit.user.user_id, text_de=text_de, text_en=text_en,
            begun_at=unit.now, ends_at=unit.now + LASTS, board_key=unit.config.new_key(),
        )
    )  # fmt: skip
    link(unit, outage, numbers)
    unit.tx.add_people_under_way(outage.id)
    unit.outage_changed(outage)
    unit.tx.schedule_job(f"{JOB}{outage.id}", outage.ends_at - WARNED_BEFORE)
    unit.post(unit.support_channel, board(unit, outage), key=outage.board_key)


def link(unit: UnitOfWork, outage: Outage, numbers: Sequence[int]) -> None:
    """Plan the answers to these tickets, where they are open; their merchants read of it there from now on."""
    merchants: set[str] = set()
    for ticket in linkable(unit, outage):
        if ticket.number in numbers:
            merchants.add(ticket.merchant_id)
            recipient = OutageRecipient(outage_id=outage.id, user_id=ticket.merchant_id, number=ticket.number)
            unit.tx.add_outage_recipient(recipient)
    for one in unit.tx.outage_recipients(outage.id):
        if one.user_id in merchants and not one.number:
            unit.tx.save_outage_recipient(replace(one, state="gone"))


def change(unit: UnitOfWork, outage: Outage, text_de: str, text_en: str, numbers: Sequence[int]) -> None:
    """Replace the text wherever it was read, and answer further tickets with it."""
    link(unit, outage, numbers)
    changed = replace(outage, text_de=text_de, text_en=text_en)
    # Stored also where the text is the same: an end at the same moment and this change do not overlap.
    unit.outage_changed(changed)
    if changed != outage:
        unit.tx.plan_outage_recipients(outage.id, "changed")
    _refresh_board(unit, changed)


@refused_in_modal
def extend(unit: UnitOfWork, outage_id: int, response_url: str | None) -> None:
    """Let the outage last longer: eight hours from now."""
    outage = _live(unit, outage_id)
    extended = replace(outage, ends_at=unit.now + LASTS)
    unit.outage_changed(extended)
    unit.tx.schedule_job(f"{JOB}{outage.id}", extended.ends_at - WARNED_BEFORE)
    _refresh_board(unit, extended)
    unit.post_ephemeral(response_url, entry_messages.answer(unit.texts, "outage_extended", at=extended.ends_at))


@refused_in_modal
def over(unit: UnitOfWork, outage_id: int, _response_url: str | None) -> None:
    """It is over for all: everybody who read of it is told so."""
    _end(unit, replace(_live(unit, outage_id), ending="over"))


@refused_in_modal
def take_back(unit: UnitOfWork, outage_id: int, _response_url: str | None) -> None:
    """It was announced by mistake: its answers in tickets are taken back, everybody else is told."""
    _end(unit, replace(_live(unit, outage_id), ending="taken_back"))


def look_at_end(unit: UnitOfWork) -> bool:
    """End an outage that nobody has extended, or say in the support channel that it is about to end."""
    job = unit.tx.due_job(JOB, unit.now)
    if job is None:
        return False
    unit.tx.unschedule_job(job)
    outage = unit.tx.outage(int(job.removeprefix(JOB)))
    if outage is None or outage.ended_at is not None:
        return True
    unit = unit.acting_for(outage.team_id, "")
    if outage.ends_at <= unit.now:
        _end(unit, replace(outage, ending="expired"))
    else:
        unit.tx.schedule_job(job, outage.ends_at)
        unit.post(unit.support_channel, blocks.ends_soon(unit.support_texts, outage.id, outage.ends_at))
    return True


def tell_due(unit: UnitOfWork) -> bool:
    """Tell one person what they are still to be told; whether there was one."""
    due = unit.tx.due_outage_recipient()
    outage = unit.tx.outage(due.outage_id) if due is not None else None
    if due is None or outage is None:
        return False
    if due.number:
        _answer_ticket(unit, outage, due)
    else:
        _tell_at_step(unit, outage, due)
    following = unit.tx.due_outage_recipient()
    if following is None or following.outage_id != outage.id:
        _refresh_board(unit.acting_for(outage.team_id, ""), outage)
    return True


def _answer_ticket(unit: UnitOfWork, outage: Outage, due: OutageRecipient) -> None:
    """Answer the linked ticket, correct or take back that answer, or add that it has ended. Their step follows it.

    Whose ticket was closed meanwhile reads of the end at their step, or as a message of its own.
    """
    ticket = unit.ticket(due.number)
    answer = unit.tx.ticket_message(due.message_id) if due.message_id is not None else None
    if answer is not None and answer.state == "taken_back":
        answer = None
    if ticket is None or ticket.state not in OPEN or ticket.merchant_id != due.user_id or not outage.agent_id:
        _tell_at_step(unit, outage, due)
        return
    told = replace(due, state="gone" if due.state == "leaving" else "told")
    # Two linked tickets that were merged since are answered once, and it is said once that it has ended.
    twice = _linked(unit, outage).get(ticket.number) != due.number
    unit, texts = unit.acting_for(outage.team_id, outage.agent_id), unit.acting_for(outage.team_id, due.user_id).texts
    if due.state == "planned" and not twice:
        sent = agent_messages.send(unit, ticket, unit.config.new_key(), outage.text(texts.language))
        told = replace(told, message_id=sent.id)
    elif answer is not None and due.state == "changed":
        agent_messages.replace_text(unit, ticket, answer, outage.text(texts.language))
    elif answer is not None and outage.ending == "taken_back":
        agent_messages.withdraw(unit, ticket, answer)
    elif answer is not None and not twice:
        agent_messages.send(unit, ticket, unit.config.new_key(), texts.say(f"notes.outage_{outage.ending}"))
    unit.tx.save_outage_recipient(told)
    for record in unit.tx.open_walks(outage.team_id, due.user_id):
        _redraw(unit, record)


def _tell_at_step(unit: UnitOfWork, outage: Outage, due: OutageRecipient) -> None:
    """Show the person's newest step again; a changed text takes the place of the one before. Others are redrawn."""
    theirs = unit.acting_for(outage.team_id, due.user_id)
    ended = (Notice(f"outage_{outage.ending}"),) if due.state == "leaving" else ()
    unit.tx.save_outage_recipient(replace(due, state="gone" if ended else "told"))
    walks = theirs.tx.open_walks(outage.team_id, due.user_id)
    shown = 0 if due.state == "changed" else 1
    for record in walks[:shown]:
        theirs.show_again(record, *ended)
    for record in walks[shown:]:
        _redraw(theirs, record)
    if ended and not walks:
        content = entry_messages.paragraph(theirs.texts, f"notes.outage_{outage.ending}")
        theirs.post(theirs.direct_message, content)


def _redraw(unit: UnitOfWork, record: WalkRecord) -> None:
    """Show the live message with what there is to read of the outage now."""
    theirs, key = unit.acting_for(record.team_id, record.worker_id), record.live_key
    if key is not None:
        theirs.update(key, record.destination, step_message(theirs.view(record, theirs.open(record), key)))


def board(unit: UnitOfWork, outage: Outage) -> blocks.Content:
    """The message in the support channel: what people read, how many, until when, and what can be done."""
    recipients = unit.tx.outage_recipients(outage.id)
    return blocks.board(
        unit.support_texts, outage.id, agent=unit.name_of(outage.agent_id) if outage.agent_id else "–",
        text_de=outage.text_de, text_en=outage.text_en, begun_at=outage.begun_at,
        ends_at=outage.ended_at or outage.ends_at, ending=outage.ending,
        told=sum(one.state != "planned" for one in recipients), count=len(recipients),
        tickets=[one.number for one in recipients if one.number],
    )  # fmt: skip


def _refresh_board(unit: UnitOfWork, outage: Outage) -> None:
    unit.update(outage.board_key, unit.support_channel, board(unit, outage))


def _live(unit: UnitOfWork, outage_id: int) -> Outage:
    """The outage, if it has not ended, for an agent of its workspace. Raises `TooLate`."""
    outage = unit.tx.outage(outage_id)
    if not unit.user.is_agent or outage is None or outage.team_id != unit.user.team_id:
        raise TooLate("answers.agents_only")
    if outage.ended_at is not None:
        raise TooLate("answers.outage_none")
    return outage


def _end(unit: UnitOfWork, outage: Outage) -> None:
    ended = replace(outage, ended_at=unit.now)
    unit.outage_changed(ended)
    unit.tx.unschedule_job(f"{JOB}{outage.id}")
    unit.tx.plan_outage_recipients(outage.id, "leaving")  # who has not been told yet has nothing to be told any more
    _refresh_board(unit, ended)
