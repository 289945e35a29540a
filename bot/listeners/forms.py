"""The modals of the walk: opened at once, checked again when they come back."""

from functools import partial

from bot.blocks import actions as ids
from bot.desk import walking
from bot.listeners import payload
from bot.listeners.routes import Routes, View
from bot.reception import Reception


def register(routes: Routes, reception: Reception) -> None:
    """Presses that open a modal, and submissions."""

    async def look(body: payload.Body) -> View | None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is None:
            return None
        case = partial(walking.form, address=address, name=action_id.partition(":")[2], place=payload.place(body))
        return await reception.do(payload.person(body), case)

    async def submit(body: payload.Body) -> View | None:
        address = ids.parse_address(payload.metadata(body))
        if address is None:
            return None
        name = payload.callback(body).partition(":")[2]
        case = partial(walking.submit, address=address, name=name, raw=payload.fields(body))
        return await reception.do(payload.person(body), case)

    routes.on_look(ids.FORM_PATTERN, look)
    routes.on_submit(ids.FORM_PATTERN, submit)
