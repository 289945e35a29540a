"""The walk: presses and typed words."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.blocks import actions as ids
from bot.desk import messages, walking
from bot.listeners import payload
from bot.listeners.words import readable
from bot.reception import Reception

_TYPED_SUBTYPES = (None, "file_share", "thread_broadcast")


def register(app: AsyncApp, reception: Reception) -> None:
    """Listeners of the walk."""

    @app.action(ids.WALK_PATTERN)
    async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is not None:
            _, event, *choice = action_id.split(":")
            case = partial(
                walking.press, address=address, event=event, choice=choice[0] if choice else None,
                place=payload.place(body),
            )  # fmt: skip
            await reception.do(payload.person(body), case)
        await ack()

    @app.action(ids.WHERE)
    @app.action(ids.LESS)
    async def toggle(ack: AsyncAck, body: dict[str, Any]) -> None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is not None:
            case = partial(walking.toggle, address=address, place=payload.place(body), expanded=action_id == ids.WHERE)
            await reception.do(payload.person(body), case)
        await ack()

    @app.action(ids.QUIET)
    async def quiet(ack: AsyncAck, body: dict[str, Any]) -> None:
        address = ids.parse_address(payload.action(body)[1])
        if address is not None:
            await reception.do(payload.person(body), partial(walking.quiet, address=address, place=payload.place(body)))
        await ack()

    @app.event("message")
    async def message(body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("channel_type") != "im" or event.get("subtype") not in _TYPED_SUBTYPES or event.get("bot_id"):
            return
        text = readable(str(event.get("text") or ""))
        case = partial(messages.typed, text=text, has_files=bool(event.get("files")))
        await reception.do(payload.person(body), case)
