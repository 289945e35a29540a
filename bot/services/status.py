"""What `status` says, as a command or typed: what is under way, or when the last one ended, and the tickets."""

from bot.blocks import actions as ids
from bot.blocks import entry_messages
from bot.blocks.kit import Content, button, say
from bot.blocks.step import heading
from bot.services import home_tab, merchant_messages
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import TicketRecord, WalkRecord
from conversations.engine.screens import title_shown


def answer(unit: UnitOfWork) -> Content:
    """Where the user's walkthroughs are, each with its ticket; a button shows the step of the only one."""
    walks = unit.tx.open_walks(unit.user.team_id, unit.user.user_id)
    if not walks:
        return entry_messages.message("\n".join(_none(unit)))
    lines = [line for walk in walks for line in under_way(unit, walk)]
    shows = [button(ids.GO_ON, unit.texts.say("buttons.show_step"), str(walks[0].id))] if len(walks) == 1 else []
    return entry_messages.message("\n".join(lines), *shows)


def _none(unit: UnitOfWork) -> list[str]:
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    ended = last.ended_at if last is not None else None
    since = [say(unit.texts, "answers.no_walk_since", at=ended)] if ended is not None else []
    ticket = _ticket(unit, merchant_messages.live_ticket(unit))
    return [say(unit.texts, "answers.no_walk"), *since, *ticket, say(unit.texts, "answers.no_walk_begin")]


def under_way(unit: UnitOfWork, record: WalkRecord) -> list[str]:
    """The lines (mrkdwn) about one walkthrough."""
    texts, walk = unit.texts_about(record), unit.open(record)
    where = " · ".join(part for part in (heading(texts, walk), record.for_name) if part)
    title = texts.say(title_shown(walk))
    return [
        say(unit.texts, "answers.status", heading=where, title=title, started=record.started_at),
        *entry_messages.urgent_line(texts, walk.urgency),
        *_ticket(unit, unit.tx.ticket_of_walk(record.id)),
    ]


def _ticket(unit: UnitOfWork, ticket: TicketRecord | None) -> list[str]:
    if ticket is None:
        return []
    state = unit.texts.say(f"home.ticket_states.{home_tab.state_for_merchant(unit, ticket)}")
    since = ticket.waiting_since or ticket.opened_at
    return [say(unit.texts, "home.ticket", ticket=ticket.number, status=state, since=since)]
