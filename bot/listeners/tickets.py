"""The ticket's card in the support channel: its buttons, its menu and the modals that open from it."""

from collections.abc import Callable
from functools import partial

from bot.blocks import actions as ids
from bot.desk import handling, history, offering, sorting
from bot.desk.unit import Unit
from bot.listeners import payload
from bot.listeners.presses import entered, on_press, press
from bot.listeners.routes import Routes, View
from bot.reception import Reception

Act = Callable[[Unit, int, str | None], View | None]
"""What happens to a ticket of this number; where it only opens a modal, that one."""


def register(routes: Routes, reception: Reception) -> None:
    """Presses and submissions of the card."""
    _acts(routes, reception)
    _timeline(routes, reception)
    _forms(routes, reception)
    _proposals(routes, reception)


def _acts(routes: Routes, reception: Reception) -> None:
    async def act(body: payload.Body, name: str, number: int) -> View | None:
        person, url = payload.person(body), payload.place(body).response_url
        case = handling.ACTS.get(name) or await _form(reception, person[0], name)
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
        return partial(sorting.hand_form, agents=await reception.colleagues(team_id))
    return {"sort": sorting.sort_form, "step": offering.form}.get(name)


def _timeline(routes: Routes, reception: Reception) -> None:
    async def look(body: payload.Body) -> View | None:
        return await press(reception, body, ids.parse_about, history.show, ask_agent=True)

    routes.on_look(ids.HISTORY, look)
    routes.on_look(ids.TURN_PATTERN, look)


def _forms(routes: Routes, reception: Reception) -> None:
    async def handed(body: payload.Body) -> View | None:
        case = partial(sorting.hand_submitted, agents=await reception.agents.members())
        return await entered(reception, body, ids.parse_seen, case)

    routes.on_submit(ids.HAND, handed)
    routes.on_submit(ids.SORT, lambda body: entered(reception, body, ids.parse_seen, sorting.sort_submitted))
    routes.on_submit(ids.STEP, lambda body: entered(reception, body, ids.parse_seen, offering.submitted))


def _proposals(routes: Routes, reception: Reception) -> None:
    """The merchant's answers."""

    def on_answer(action_id: str, *, goes: bool) -> None:
        def case(unit: Unit, proposal: tuple[int, str], url: str | None) -> None:
            offering.answered(unit, *proposal, url, goes=goes)

        on_press(routes, reception, action_id, ids.parse_proposal, case)

    on_answer(ids.GO_THERE, goes=True)
    on_answer(ids.STAY, goes=False)
