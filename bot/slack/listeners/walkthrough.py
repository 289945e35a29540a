"""The walkthrough: its buttons and forms, and what merchants type in their direct message."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import actions as ids
from bot.blocks.kit import View
from bot.services import (
    grouping,
    intent_actions,
    pleas,
    putting_off,
    question_answers,
    ratings,
    step_forms,
    typed_input,
    walkthrough,
)
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.listeners import lists
from bot.slack.routes import Routes

Result = TypeVar("Result")
_TYPED_SUBTYPES = (None, "file_share", "thread_broadcast")


async def _run_press(
    dispatcher: Dispatcher, body: payload.Body, use_case: Callable[..., Result], **arguments: Any
) -> Result | None:
    """Run `use_case` with the address in the button's value; do nothing when there is none."""
    address = ids.parse_address(payload.option(body) or payload.action(body)[1])
    if address is None:
        return None
    case = partial(use_case, address=address, place=payload.press_origin(body), **arguments)
    return await dispatcher.do(payload.person(body), case)


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and forms of the walkthrough."""

    async def press(body: payload.Body) -> None:
        _, event, *choice = payload.action(body)[0].split(":")
        chosen = ids.parse_address(payload.option(body))
        if chosen is not None:
            choice = [chosen.said]
        await _run_press(dispatcher, body, walkthrough.press, event=event, choice=choice[0] if choice else None)

    async def toggle(body: payload.Body) -> None:
        await _run_press(dispatcher, body, walkthrough.toggle, expanded=payload.action(body)[0] == ids.WHERE)

    async def put_off(body: payload.Body) -> None:
        when = payload.action(body)[0].rpartition(":")[2]
        await _run_press(dispatcher, body, putting_off.chosen, when=when)

    routes.on_press(ids.WALK_PATTERN, press)
    routes.on_press(ids.WHERE, toggle)
    routes.on_press(ids.LESS, toggle)
    for action_id, one_by_one in ((ids.ONE_BY_ONE, True), (ids.TOGETHER, False)):
        routes.on_press(
            action_id, partial(_run_press, dispatcher, use_case=partial(grouping.group, one_by_one=one_by_one))
        )
    for action_id, use_case in (
        (ids.QUIET, walkthrough.quiet),
        (ids.UNDO, intent_actions.undo),
        (ids.PLAIN, intent_actions.plain),
    ):
        routes.on_press(action_id, partial(_run_press, dispatcher, use_case=use_case))
    _ratings(routes, dispatcher)
    routes.on_press(ids.LATER_PATTERN, put_off)
    _forms(routes, dispatcher)
    _answers_to_words(routes, dispatcher)


def _forms(routes: Routes, dispatcher: Dispatcher) -> None:
    """The forms of a step, in a modal or in its message."""

    async def open_form(body: payload.Body) -> View | None:
        name = payload.action(body)[0].partition(":")[2]
        return await _run_press(dispatcher, body, step_forms.form, name=name)

    async def enter(body: payload.Body) -> None:
        # The value is what was typed.
        address, name = ids.parse_address(payload.block_id(body)), payload.action(body)[0].split(":")[1]
        if address is not None:
            case = partial(step_forms.form, address=address, name=name, place=payload.press_origin(body))
            await dispatcher.do(payload.person(body), case)

    async def submit(body: payload.Body) -> View | None:
        address = ids.parse_address(payload.metadata(body))
        if address is None:
            return None
        name = payload.callback_id(body).partition(":")[2]
        case = partial(step_forms.submit, address=address, name=name, raw=payload.fields(body))
        return await dispatcher.do(payload.person(body), case)

    routes.on_modal_press(ids.FORM_PATTERN, open_form)
    routes.on_press(ids.FIELD_PATTERN, enter)
    routes.on_submit(ids.FORM_PATTERN, submit)


def _ratings(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses and the form at the end of a walk."""

    async def run(body: payload.Body, value: object, use_case: Callable[..., Result], **more: Any) -> Result | None:
        rated = ids.parse_numbered_message(value)
        if rated is None:
            return None
        case = partial(use_case, walk_id=rated[0], key=rated[1], **more)
        return await dispatcher.do(payload.person(body), case)

    async def rate(body: payload.Body) -> None:
        action_id, value = payload.action(body)
        face, place = action_id.partition(":")[2], payload.press_origin(body)
        await run(body, value, ratings.press, place=place, face=face)

    async def open_form(body: payload.Body) -> View | None:
        return await run(body, payload.action(body)[1], ratings.form, place=payload.press_origin(body))

    async def submit(body: payload.Body) -> View | None:
        return await run(body, payload.metadata(body), ratings.submit, raw=payload.fields(body))

    routes.on_press(ids.RATE_PATTERN, rate)
    routes.on_modal_press(ids.RATE_IN_WORDS, open_form)
    routes.on_submit(ids.RATE_IN_WORDS, submit)


def _answers_to_words(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses below what the bot says to a typed message, with or without a walk."""

    async def question(body: payload.Body) -> None:
        action_id, value = payload.action(body)
        name, procedure, key = action_id.split(":")
        asked = question_answers.pressed if name == ids.QUESTION else question_answers.not_mine
        address, place = ids.parse_address(value), payload.press_origin(body)
        case = partial(asked, address=address, place=place, procedure=procedure, key=key)
        await dispatcher.do(payload.person(body), case)

    async def call_person(body: payload.Body) -> None:
        value, url = payload.action(body)[1] or "", payload.press_origin(body).response_url
        words = "" if value == "-" else value
        await dispatcher.do(payload.person(body), partial(typed_input.person_called, words=words, response_url=url))

    routes.on_press(ids.QUESTION_PATTERN, question)
    routes.on_press(ids.CALL_PERSON, call_person)


def listen(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """Typed and edited messages."""

    @app.event("message")
    async def message(body: dict[str, Any], event: dict[str, Any], client: AsyncWebClient) -> None:
        # Messages in the support channel, in a ticket's thread or outside, are internal: none is passed on.
        if event.get("channel_type") != "im" or event.get("bot_id"):
            return
        if event.get("subtype") == "message_changed":
            edited = payload.edited_message(body)
            if edited is not None:
                person, new_message = edited
                await dispatcher.do(person, partial(typed_input.message_edited, said=new_message))
        elif event.get("subtype") == "message_deleted":
            deleted = payload.deleted_message(body)
            if deleted is not None:
                await dispatcher.do(deleted[0], partial(pleas.message_deleted, source=deleted[1]))
        elif event.get("subtype") in _TYPED_SUBTYPES and not await lists.heard(dispatcher, client, body, event):
            await dispatcher.do(payload.person(body), partial(typed_input.message_typed, said=payload.message(event)))
