"""The ticket's card in the support channel."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.blocks import actions as ids
from bot.desk import handling
from bot.desk.unit import Unit
from bot.listeners import payload
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the card."""

    @app.action(ids.CLAIM)
    @app.action(ids.RESOLVE)
    async def decide(ack: AsyncAck, body: dict[str, Any]) -> None:
        action_id, value = payload.action(body)
        number, url = ids.parse_number(value), payload.place(body).response_url

        def case(unit: Unit) -> None:
            if number is not None:
                (handling.claim if action_id == ids.CLAIM else handling.resolve)(unit, number, url)

        await reception.do(payload.person(body), case, ask_agent=True)
        await ack()
