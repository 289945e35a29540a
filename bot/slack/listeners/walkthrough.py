"""The walk: presses and typed words."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.blocks import actions as ids
from bot.services import merchant_messages, typed_input, walkthrough
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes, View

_TYPED_SUBTYPES = (None, "file_share", "thread_broadcast")


def register(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and modals of the walk."""

    async def press(body: payload.Body) -> None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is not None:
            _, event, *choice = action_id.split(":")
            case = partial(
                walkthrough.press, address=address, event=event, choice=choice[0] if choice else None,
                place=payload.place(body),
            )  # fmt: skip
            await dispatcher.do(payload.person(body), case)

    async def toggle(body: payload.Body) -> None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is not None:
            case = partial(
                walkthrough.toggle, address=address, place=payload.place(body), expanded=action_id == ids.WHERE
            )
            await dispatcher.do(payload.person(body), case)

    async def quiet(body: payload.Body) -> None:
        address = ids.parse_address(payload.action(body)[1])
        if address is not None:
            await dispatcher.do(
                payload.person(body), partial(walkthrough.quiet, address=address, place=payload.place(body))
            )

    routes.on_press(ids.WALK_PATTERN, press)
    routes.on_press(ids.WHERE, toggle)
    routes.on_press(ids.LESS, toggle)
    routes.on_press(ids.QUIET, quiet)
    _forms(routes, dispatcher)


def _forms(routes: Routes, dispatcher: Dispatcher) -> None:
    async def look(body: payload.Body) -> View | None:
        action_id, value = payload.action(body)
        address = ids.parse_address(value)
        if address is None:
            return None
        case = partial(walkthrough.form, address=address, name=action_id.partition(":")[2], place=payload.place(body))
        return await dispatcher.do(payload.person(body), case)

    async def submit(body: payload.Body) -> View | None:
        address = ids.parse_address(payload.metadata(body))
        if address is None:
            return None
        name = payload.callback(body).partition(":")[2]
        case = partial(walkthrough.submit, address=address, name=name, raw=payload.fields(body))
        return await dispatcher.do(payload.person(body), case)

    routes.on_look(ids.FORM_PATTERN, look)
    routes.on_submit(ids.FORM_PATTERN, submit)


def hear(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """The listener of typed words."""

    @app.event("message")
    async def message(body: dict[str, Any], event: dict[str, Any]) -> None:
        # What is typed in the support channel, in a ticket's thread or beside it, is internal and goes nowhere.
        if event.get("channel_type") != "im" or event.get("bot_id"):
            return
        if event.get("subtype") == "message_changed":
            edited = payload.edited(body)
            if edited is not None:
                await dispatcher.do(edited[0], partial(merchant_messages.change, said=edited[1]))
        elif event.get("subtype") in _TYPED_SUBTYPES:
            await dispatcher.do(payload.person(body), partial(typed_input.typed, said=payload.said(event)))
