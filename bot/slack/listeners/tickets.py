"""The ticket's card in the support channel: its buttons, its menu and the modals that open from it."""

from collections.abc import Callable
from functools import partial

from bot.blocks import actions as ids
from bot.services import (
    agent_messages,
    merchant_messages,
    resolution_check,
    step_proposals,
    ticket_actions,
    timeline,
    triage_form,
)
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes, View, entered, on_press, press

TicketPress = Callable[[UnitOfWork, int, str | None], View | None]
"""What happens to a ticket of this number; where it only opens a modal, that one."""


def register(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and submissions of the card and of the conversation."""
    _acts(routes, dispatcher)
    _timeline(routes, dispatcher)
    _forms(routes, dispatcher)
    _proposals(routes, dispatcher)
    _talk(routes, dispatcher)


def _acts(routes: Routes, dispatcher: Dispatcher) -> None:
    async def act(body: payload.Body, name: str, number: int) -> View | None:
        person, url = payload.person(body), payload.place(body).response_url
        case = ticket_actions.HANDLERS.get(name) or await _form(dispatcher, person[0], name)
        return await dispatcher.do(person, lambda unit: case(unit, number, url), ask_agent=True) if case else None

    async def pressed(body: payload.Body) -> View | None:
        action_id, value = payload.action(body)
        number = ids.parse_number(value)
        return await act(body, action_id.partition(":")[2], number) if number is not None else None

    async def chosen(body: payload.Body) -> View | None:
        found = ids.parse_act(payload.option(body))
        return await act(body, *found) if found is not None else None

    for action_id in (
        ids.CLAIM,
        ids.RESOLVE,
        ids.CLOSE,
        ids.REOPEN,
        ids.TAKE,
        ids.RELEASE,
        ids.HAND,
        ids.SORT,
        ids.STEP,
    ):
        routes.on_look(action_id, pressed)
    routes.on_look(ids.MORE, chosen)


async def _form(dispatcher: Dispatcher, team_id: str, name: str) -> TicketPress | None:
    if name == "hand":
        return partial(triage_form.hand_form, agents=await dispatcher.colleagues(team_id))
    return {"sort": triage_form.sort_form, "step": step_proposals.form}.get(name)


def _timeline(routes: Routes, dispatcher: Dispatcher) -> None:
    async def look(body: payload.Body) -> View | None:
        return await press(dispatcher, body, ids.parse_timeline_page, timeline.show, ask_agent=True)

    routes.on_look(ids.HISTORY, look)
    routes.on_look(ids.TURN_PATTERN, look)


def _forms(routes: Routes, dispatcher: Dispatcher) -> None:
    async def handed(body: payload.Body) -> View | None:
        case = partial(triage_form.hand_submitted, agents=await dispatcher.agents.members())
        return await entered(dispatcher, body, ids.parse_seen_ticket, case)

    routes.on_submit(ids.HAND, handed)
    routes.on_submit(
        ids.SORT, lambda body: entered(dispatcher, body, ids.parse_seen_ticket, triage_form.sort_submitted)
    )
    routes.on_submit(ids.STEP, lambda body: entered(dispatcher, body, ids.parse_seen_ticket, step_proposals.submitted))


def _proposals(routes: Routes, dispatcher: Dispatcher) -> None:
    """The merchant's answers."""

    def on_answer(action_id: str, *, goes: bool) -> None:
        def case(unit: UnitOfWork, proposal: tuple[int, str], url: str | None) -> None:
            step_proposals.answered(unit, *proposal, url, goes=goes)

        on_press(routes, dispatcher, action_id, ids.parse_proposal, case)

    on_answer(ids.GO_THERE, goes=True)
    on_answer(ids.STAY, goes=False)


def _talk(routes: Routes, dispatcher: Dispatcher) -> None:
    _talk_forms(routes, dispatcher)
    on_press(routes, dispatcher, ids.TAKE_OVER, ids.parse_number, ticket_actions.take_from_answer, ask_agent=True)
    on_press(routes, dispatcher, ids.TAKE_BACK, ids.parse_number, agent_messages.take_back, ask_agent=True)
    on_press(routes, dispatcher, ids.PASS_ON, ids.parse_pictures, merchant_messages.pass_on)
    on_press(routes, dispatcher, ids.HOLD_BACK, ids.parse_pictures, merchant_messages.hold_back)
    on_press(routes, dispatcher, ids.SETTLED, ids.parse_answer_draft, partial(resolution_check.answered, works=True))
    on_press(routes, dispatcher, ids.UNSETTLED, ids.parse_answer_draft, partial(resolution_check.answered, works=False))


def _talk_forms(routes: Routes, dispatcher: Dispatcher) -> None:
    async def macros(body: payload.Body) -> View | None:
        draft, name = ids.parse_answer_draft(payload.metadata(body)), payload.option(body)
        if draft is None or name is None:
            return None
        case = partial(agent_messages.redraw, draft=draft, name=name, raw=payload.fields(body))
        return await dispatcher.do(payload.person(body), case, ask_agent=True)

    routes.on_look(
        ids.ANSWER, lambda body: press(dispatcher, body, ids.parse_number, agent_messages.answer_form, ask_agent=True)
    )
    routes.on_look(
        ids.CORRECT, lambda body: press(dispatcher, body, ids.parse_number, agent_messages.correct_form, ask_agent=True)
    )
    routes.on_look(ids.MACRO, macros)
    routes.on_submit(ids.ANSWER, lambda body: entered(dispatcher, body, ids.parse_answer_draft, agent_messages.answer))
    routes.on_submit(ids.CORRECT, lambda body: entered(dispatcher, body, ids.parse_number, agent_messages.correct))
