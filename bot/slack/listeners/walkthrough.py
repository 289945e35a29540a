"""The walkthrough: its buttons and forms, and what merchants type in their direct message."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp

from bot.blocks import actions as ids
from bot.blocks.kit import View
from bot.services import merchant_messages, typed_input, walkthrough
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes

Result = TypeVar("Result")
_TYPED_SUBTYPES = (None, "file_share", "thread_broadcast")


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and forms of the walkthrough."""

    async def run_press(body: payload.Body, use_case: Callable[..., Result], **arguments: Any) -> Result | None:
        """Run `use_case` with the address in the button's value; do nothing when there is none."""
        address = ids.parse_address(payload.action(body)[1])
        if address is None:
            return None
        case = partial(use_case, address=address, place=payload.press_origin(body), **arguments)
        return await dispatcher.do(payload.person(body), case)

    async def press(body: payload.Body) -> None:
        _, event, *choice = payload.action(body)[0].split(":")
        await run_press(body, walkthrough.press, event=event, choice=choice[0] if choice else None)

    async def toggle(body: payload.Body) -> None:
        await run_press(body, walkthrough.toggle, expanded=payload.action(body)[0] == ids.WHERE)

    async def quiet(body: payload.Body) -> None:
        await run_press(body, walkthrough.quiet)

    async def open_form(body: payload.Body) -> View | None:
        return await run_press(body, walkthrough.form, name=payload.action(body)[0].partition(":")[2])

    async def submit(body: payload.Body) -> View | None:
        address = ids.parse_address(payload.metadata(body))
        if address is None:
            return None
        name = payload.callback_id(body).partition(":")[2]
        case = partial(walkthrough.submit, address=address, name=name, raw=payload.fields(body))
        return await dispatcher.do(payload.person(body), case)

    routes.on_press(ids.WALK_PATTERN, press)
    routes.on_press(ids.WHERE, toggle)
    routes.on_press(ids.LESS, toggle)
    routes.on_press(ids.QUIET, quiet)
    routes.on_modal_press(ids.FORM_PATTERN, open_form)
    routes.on_submit(ids.FORM_PATTERN, submit)


def listen(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """Typed and edited messages."""

    @app.event("message")
    async def message(body: dict[str, Any], event: dict[str, Any]) -> None:
        # Messages in the support channel, in a ticket's thread or outside, are internal: none is passed on.
        if event.get("channel_type") != "im" or event.get("bot_id"):
            return
        if event.get("subtype") == "message_changed":
            edited = payload.edited_message(body)
            if edited is not None:
                person, new_message = edited
                await dispatcher.do(person, partial(merchant_messages.follow_edit, said=new_message))
        elif event.get("subtype") in _TYPED_SUBTYPES:
            await dispatcher.do(payload.person(body), partial(typed_input.message_typed, said=payload.message(event)))
