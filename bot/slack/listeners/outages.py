"""An outage that agents announce: the presses on its message, and its two modals."""

from functools import partial

from bot.blocks import actions as ids
from bot.blocks.kit import View
from bot.services import outage_forms, outages
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes, add_agent_press


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and submissions."""
    for action_id, case in (
        (ids.OUTAGE_EXTEND, outages.extend),
        (ids.OUTAGE_OVER, outages.over),
        (ids.OUTAGE_OVER_ASKED, outage_forms.over_confirmed),
        (ids.OUTAGE_TAKE_BACK, outages.take_back),
    ):
        add_agent_press(routes, dispatcher, action_id, ids.parse_number, case)

    async def change(body: payload.Body) -> View | None:
        number = ids.parse_number(payload.action(body)[1]) or 0
        case = partial(outage_forms.form, outage_id=number)
        return await dispatcher.do(payload.person(body), case, ask_agent=True)

    async def submitted(body: payload.Body) -> View | None:
        number, raw = ids.parse_number(payload.metadata(body)) or 0, payload.fields(body)
        case = partial(outage_forms.submitted, outage_id=number, raw=raw)
        return await dispatcher.do(payload.person(body), case, ask_agent=True)

    async def confirmed(body: payload.Body) -> View | None:
        draft = ids.parse_outage_draft(payload.metadata(body))
        if draft is None:
            return None
        return await dispatcher.do(payload.person(body), partial(outage_forms.confirmed, draft=draft), ask_agent=True)

    routes.on_modal_press(ids.OUTAGE, change)
    routes.on_submit(ids.OUTAGE, submitted)
    routes.on_submit(ids.OUTAGE_CONFIRMED, confirmed)
