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
from bot.services.unit_of_work import Unit
from bot.slack import payload
from bot.slack.dispatch import Reception
from bot.slack.routes import Routes, View, entered, on_press, press

Act = Callable[[Unit, int, str | None], View | None]
"""What happens to a ticket of this number; where it only opens a modal, that one."""


def register(routes: Routes, reception: Reception) -> None:
    """Presses and submissions of the card and of the conversation."""
    _acts(routes, reception)
    _timeline(routes, reception)
    _forms(routes, reception)
    _proposals(routes, reception)
    _talk(routes, reception)


def _acts(routes: Routes, reception: Reception) -> None:
    async def act(body: payload.Body, name: str, number: int) -> View | None:
        person, url = payload.person(body), payload.place(body).response_url
        case = ticket_actions.ACTS.get(name) or await _form(reception, person[0], name)
        return await reception.do(person, lambda unit: case(unit, number, url), ask_agent=True) if case else None

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


async def _form(reception: Reception, team_id: str, name: str) -> Act | None:
    if name == "hand":
        return partial(triage_form.hand_form, agents=await reception.colleagues(team_id))
    return {"sort": triage_form.sort_form, "step": step_proposals.form}.get(name)


def _timeline(routes: Routes, reception: Reception) -> None:
    async def look(body: payload.Body) -> View | None:
        return await press(reception, body, ids.parse_about, timeline.show, ask_agent=True)

    routes.on_look(ids.HISTORY, look)
    routes.on_look(ids.TURN_PATTERN, look)


def _forms(routes: Routes, reception: Reception) -> None:
    async def handed(body: payload.Body) -> View | None:
        case = partial(triage_form.hand_submitted, agents=await reception.agents.members())
        return await entered(reception, body, ids.parse_seen, case)

    routes.on_submit(ids.HAND, handed)
    routes.on_submit(ids.SORT, lambda body: entered(reception, body, ids.parse_seen, triage_form.sort_submitted))
    routes.on_submit(ids.STEP, lambda body: entered(reception, body, ids.parse_seen, step_proposals.submitted))


def _proposals(routes: Routes, reception: Reception) -> None:
    """The merchant's answers."""

    def on_answer(action_id: str, *, goes: bool) -> None:
        def case(unit: Unit, proposal: tuple[int, str], url: str | None) -> None:
            step_proposals.answered(unit, *proposal, url, goes=goes)

        on_press(routes, reception, action_id, ids.parse_proposal, case)

    on_answer(ids.GO_THERE, goes=True)
    on_answer(ids.STAY, goes=False)


def _talk(routes: Routes, reception: Reception) -> None:
    _talk_forms(routes, reception)
    on_press(routes, reception, ids.TAKE_OVER, ids.parse_number, ticket_actions.take_from_answer, ask_agent=True)
    on_press(routes, reception, ids.TAKE_BACK, ids.parse_number, agent_messages.take_back, ask_agent=True)
    on_press(routes, reception, ids.PASS_ON, ids.parse_pictures, merchant_messages.pass_on)
    on_press(routes, reception, ids.HOLD_BACK, ids.parse_pictures, merchant_messages.hold_back)
    on_press(routes, reception, ids.SETTLED, ids.parse_draft, partial(resolution_check.answered, works=True))
    on_press(routes, reception, ids.UNSETTLED, ids.parse_draft, partial(resolution_check.answered, works=False))


def _talk_forms(routes: Routes, reception: Reception) -> None:
    async def canned(body: payload.Body) -> View | None:
        draft, name = ids.parse_draft(payload.metadata(body)), payload.option(body)
        if draft is None or name is None:
            return None
        case = partial(agent_messages.redraw, draft=draft, name=name, raw=payload.fields(body))
        return await reception.do(payload.person(body), case, ask_agent=True)

    routes.on_look(
        ids.ANSWER, lambda body: press(reception, body, ids.parse_number, agent_messages.answer_form, ask_agent=True)
    )
    routes.on_look(
        ids.CORRECT, lambda body: press(reception, body, ids.parse_number, agent_messages.correct_form, ask_agent=True)
    )
    routes.on_look(ids.CANNED, canned)
    routes.on_submit(ids.ANSWER, lambda body: entered(reception, body, ids.parse_draft, agent_messages.answer))
    routes.on_submit(ids.CORRECT, lambda body: entered(reception, body, ids.parse_number, agent_messages.correct))
