"""The agents' own templates: the presses and the form in their modal."""

from collections.abc import Callable
from functools import partial

from bot.blocks import actions as ids
from bot.blocks.kit import View
from bot.services import templates
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and submissions; each leads to the list or to a form."""

    def on_press(action_id: str, case: Callable[[UnitOfWork, int], View]) -> None:
        async def pressed(body: payload.Body) -> View | None:
            number = ids.parse_number(payload.action(body)[1]) or 0
            return await dispatcher.do(payload.person(body), lambda unit: case(unit, number), ask_agent=True)

        routes.on_modal_press(action_id, pressed)

    async def submitted(body: payload.Body) -> View | None:
        number, raw = ids.parse_number(payload.metadata(body)) or 0, payload.fields(body)
        case = partial(templates.submitted, number=number, raw=raw)
        return await dispatcher.do(payload.person(body), case, ask_agent=True)

    on_press(ids.NEW_TEMPLATE, templates.form)
    on_press(ids.TEMPLATE, templates.form)
    on_press(ids.DELETE_TEMPLATE, templates.deleted)
    routes.on_submit(ids.TEMPLATE, submitted)
