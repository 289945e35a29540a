"""The ticket's card in the support channel: its buttons, its menu and the modals that open from it."""

from collections.abc import Callable
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.blocks import actions as ids
from bot.desk import handling, history, offering, sorting
from bot.desk.unit import Unit
from bot.listeners import payload
from bot.listeners.modals import View, entered, on_look, on_submit
from bot.listeners.presses import on_press, press
from bot.reception import Reception

Act = Callable[[Unit, int, str | None], View | None]
"""What happens to a ticket of this number; where it only opens a modal, that one."""


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the card."""
    _acts(app, reception)
    _timeline(app, reception)
    _forms(app, reception)
    _proposals(app, reception)


def _acts(app: AsyncApp, reception: Reception) -> None:
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
        on_look(app, action_id, pressed)
    on_look(app, ids.MORE, chosen)


async def _form(reception: Reception, team_id: str, name: str) -> Act | None:
    if name == "hand":
        return partial(sorting.hand_form, agents=await reception.colleagues(team_id))
    return {"sort": sorting.sort_form, "step": offering.form}.get(name)


def _timeline(app: AsyncApp, reception: Reception) -> None:
    async def look(body: payload.Body) -> View | None:
        return await press(reception, body, ids.parse_about, history.show, ask_agent=True)

    on_look(app, ids.HISTORY, look)
    on_look(app, ids.TURN_PATTERN, look)


def _forms(app: AsyncApp, reception: Reception) -> None:
    async def handed(body: payload.Body) -> View | None:
        case = partial(sorting.hand_submitted, agents=await reception.agents.members())
        return await entered(reception, body, ids.parse_seen, case)

    on_submit(app, ids.HAND, handed)
    on_submit(app, ids.SORT, lambda body: entered(reception, body, ids.parse_seen, sorting.sort_submitted))
    on_submit(app, ids.STEP, lambda body: entered(reception, body, ids.parse_seen, offering.submitted))


def _proposals(app: AsyncApp, reception: Reception) -> None:
    """The merchant's answers."""

    def on_answer(action_id: str, *, goes: bool) -> None:
        def case(unit: Unit, proposal: tuple[int, str], url: str | None) -> None:
            offering.answered(unit, *proposal, url, goes=goes)

        on_press(app, reception, action_id, ids.parse_proposal, case)

    on_answer(ids.GO_THERE, goes=True)
    on_answer(ids.STAY, goes=False)
