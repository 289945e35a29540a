"""The modals of a ticket's card: who takes care of it, how urgent and of what kind it is, and until when it waits."""

from dataclasses import replace
from datetime import date
from typing import cast, get_args

from bot.blocks.actions import SeenTicket
from bot.blocks.forms import hand_view, postpone_view, sort_view
from bot.blocks.kit import View
from bot.services import ticket_actions, ticket_card, too_late
from bot.services.too_late import TooLate, refused_in_modal
from bot.services.unit_of_work import UnitOfWork
from conversations.engine.answers import Raw
from conversations.engine.priority import Priority
from conversations.ticket.support_text_schema import WEEKDAYS

_DAYS, _WEEKS = 10, 26
"""So many working days, and after them weeks, can be chosen."""


@refused_in_modal
def handover_form(unit: UnitOfWork, number: int, _response_url: str | None, agents: frozenset[str]) -> View | None:
    """The modal to choose the new owner, the user included; or that says why not."""
    ticket = ticket_actions.permitted(unit, number, "hand")
    owner = ticket.claimed_by
    people = {agent_id: unit.tx.person(unit.user.team_id, agent_id) for agent_id in agents if agent_id != owner}
    agent_options = sorted(
        (person.name, agent_id) for agent_id, person in people.items() if person is not None and person.name
    )
    if not agent_options:
        raise TooLate("answers.nobody_to_hand_to")
    name = unit.name_of(owner) if owner is not None else ""
    return hand_view(unit.texts, SeenTicket(number, owner), name, agent_options)


def handover_submitted(unit: UnitOfWork, seen: SeenTicket, raw: Raw, agents: frozenset[str]) -> View | None:
    """The ticket goes to the chosen colleague, unless it has gone to somebody else meanwhile."""
    to, note = _text(raw, "to"), _text(raw, "note")
    try:
        ticket = ticket_actions.permitted(unit, seen.number, "hand")
        if to not in agents:
            return {"response_action": "errors", "errors": {"to": unit.texts.say("desk.forms.hand.not_an_agent")}}
        if ticket.claimed_by == to:
            return None
        if ticket.claimed_by != seen.owner:
            raise ticket_actions.no_effect(unit, ticket, "hand")
        ticket_actions.assign(unit, ticket, to, note)
    except TooLate as late:
        return too_late.instead(unit, late)
    return None


@refused_in_modal
def triage_form(unit: UnitOfWork, number: int, _response_url: str | None) -> View | None:
    """The modal to set priority and category, or that says why not."""
    ticket = ticket_actions.permitted(unit, number, "sort")
    categories = unit.procedure_of(ticket).tickets.categories
    seen = SeenTicket(number, ticket.claimed_by)
    return sort_view(unit.texts_about(ticket), seen, ticket.priority, ticket.category, categories)


def triage_submitted(unit: UnitOfWork, seen: SeenTicket, raw: Raw) -> View | None:
    """What an agent knows better than the bot; what they leave alone does not change."""
    priority, category = _text(raw, "priority"), _text(raw, "category")
    try:
        ticket = ticket_actions.permitted(unit, seen.number, "sort")
    except TooLate as late:
        return too_late.instead(unit, late)
    if priority not in get_args(Priority) or category not in unit.procedure_of(ticket).tickets.categories:
        return too_late.instead(unit, TooLate("answers.form_outdated"))
    changed = replace(ticket, priority=cast("Priority", priority), category=category)
    if changed != ticket:
        before = {"priority": ticket.priority, "category": ticket.category}
        now = {"priority": priority, "category": category}
        detail = {name: [before[name], now[name]] for name in now if now[name] != before[name]}
        ticket_card.add_event(unit, ticket, "sort", detail=detail)
        ticket_card.save_and_refresh(unit, changed)
    return None


@refused_in_modal
def postpone_form(unit: UnitOfWork, number: int, _response_url: str | None) -> View | None:
    """The modal to postpone the ticket until a day, or that says why not."""
    ticket = ticket_actions.permitted(unit, number, "postpone")
    days = [(_day(unit, day), day.isoformat()) for day in _days_ahead(unit)]
    return postpone_view(unit.texts, SeenTicket(number, ticket.claimed_by), days)


def postpone_submitted(unit: UnitOfWork, seen: SeenTicket, raw: Raw) -> View | None:
    """The ticket waits until the morning of that day; the merchant reads until when."""
    chosen = next((day for day in _days_ahead(unit) if day.isoformat() == _text(raw, "until")), None)
    try:
        ticket = ticket_actions.permitted(unit, seen.number, "postpone")
        if chosen is None:
            raise TooLate("answers.form_outdated")
    except TooLate as late:
        return too_late.instead(unit, late)
    business_hours = unit.config.support.sla.business_hours
    ticket_actions.postpone(unit, ticket, business_hours.at(chosen, business_hours.begins), _text(raw, "note"))
    return None


def _days_ahead(unit: UnitOfWork) -> list[date]:
    """The next working days, and from then on the first one of each week."""
    business_hours = unit.config.support.sla.business_hours
    day, days = business_hours.local_day(unit.now), list[date]()
    while len(days) < _DAYS + _WEEKS:
        previous, day = day, business_hours.next_day(day)
        if len(days) < _DAYS or day.isocalendar()[:2] != previous.isocalendar()[:2]:
            days.append(day)
    return days


def _day(unit: UnitOfWork, day: date) -> str:
    written = unit.texts.say("figures.day", day=f"{day:%d}", month=f"{day:%m}", year=day.year)
    return unit.texts.say(f"desk.forms.postpone.{WEEKDAYS[day.weekday()]}", day=written)


def _text(raw: Raw, name: str) -> str:
    value = raw.get(name, "")
    return value if isinstance(value, str) else ""
