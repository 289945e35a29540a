"""The modals: opened at once, checked again when they come back."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.blocks import actions as ids
from bot.desk import walking
from bot.listeners import payload
from bot.listeners.modals import VIEW, open_view
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the modals."""

    async def look(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is not None:
            case = partial(walking.form, address=address, name=action_id.partition(":")[2], place=payload.place(body))
            context[VIEW] = await reception.do(payload.person(body), case)
        await ack()

    app.action(ids.FORM_PATTERN)(ack=look, lazy=[open_view])

    @app.view(ids.FORM_PATTERN)
    async def submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        address = ids.parse_address(view.get("private_metadata"))
        answer = None
        if address is not None:
            name = str(view.get("callback_id")).partition(":")[2]
            case = partial(walking.submit, address=address, name=name, raw=payload.fields(body))
            answer = await reception.do(payload.person(body), case)
        await ack(**(answer or {}))
