"""The modals of the walk: opened at once, checked again when they come back."""

from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.blocks import actions as ids
from bot.desk import walking
from bot.listeners import payload
from bot.listeners.modals import View, on_look, on_submit
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the modals."""

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

    on_look(app, ids.FORM_PATTERN, look)
    on_submit(app, ids.FORM_PATTERN, submit)
