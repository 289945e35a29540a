"""People's own data: the buttons to see, get and delete it."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.blocks import actions as ids
from bot.desk import privacy
from bot.desk.unit import Unit
from bot.listeners import payload
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of people's own data."""

    def on_press(action_id: str, case: Callable[[Unit, str | None], None]) -> None:
        @app.action(action_id)
        async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
            url = payload.place(body).response_url
            await reception.do(payload.person(body), lambda unit: case(unit, url))
            await ack()

    on_press(ids.PRIVACY, lambda unit, _url: privacy.show(unit))
    on_press(ids.EXPORT, privacy.export_pressed)
    on_press(ids.DELETE, privacy.delete_pressed)

    @app.action(ids.ERASE)
    async def erase(ack: AsyncAck, body: dict[str, Any]) -> None:
        who, (_, owner), url = payload.person(body), payload.action(body), payload.place(body).response_url
        if await reception.do(who, lambda unit: privacy.erase_pressed(unit, owner, url)):
            await reception.forgotten(who)
        await ack()
