"""Finds the handler of a press or of a submitted modal.

Before Bolt asks a listener whether it applies, it builds every argument that the listener could want. With one listener
per button that took most of a press's time; so there are three for everything, and they look the handler up here.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.kit import Content, View
from bot.blocks.talk import is_refusal, refusal_below
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from conversations.engine.answers import Raw

Handler = TypeVar("Handler")
Listener = Callable[[payload.Body], Awaitable[None]]
"""Handles a press."""
ModalListener = Callable[[payload.Body], Awaitable[View | None]]
"""Handles a press and returns the modal to open; or a submission and returns the `response_action` for Slack."""
IdPattern = str | re.Pattern[str]
"""An ID, or a pattern for all of it."""

_VIEW = "view_to_show"
"""The key in a listener's context under which it leaves the modal for its lazy half."""
OPEN_SECONDS = 2.0
"""A trigger ID is valid for three seconds."""

log = structlog.get_logger()


class _HandlerTable(Generic[Handler]):
    def __init__(self) -> None:
        self._by_id: dict[str, Handler] = {}
        self._by_pattern: list[tuple[re.Pattern[str], Handler]] = []

    def add(self, id_pattern: IdPattern, handler: Handler) -> None:
        if isinstance(id_pattern, re.Pattern):
            self._by_pattern.append((id_pattern, handler))
        elif self._by_id.setdefault(id_pattern, handler) is not handler:
            raise ValueError(f"{id_pattern} has two handlers")

    def find(self, given_id: str) -> Handler | None:
        """The handler of the ID itself, else of the first pattern that matches."""
        exact = self._by_id.get(given_id)
        return exact or next((handler for pattern, handler in self._by_pattern if pattern.fullmatch(given_id)), None)

    def pattern(self) -> re.Pattern[str]:
        """Matches the IDs for which `find` finds a handler."""
        alternatives = [*map(re.escape, self._by_id), *(pattern.pattern for pattern, _ in self._by_pattern)]
        return re.compile(f"^(?:{'|'.join(alternatives)})$", re.ASCII)


class Routes:
    """The handlers by ID. `unknown_press` and `unknown_form` handle every other ID."""

    def __init__(self, unknown_press: Listener, unknown_form: ModalListener) -> None:
        self._presses: _HandlerTable[Listener] = _HandlerTable()
        self._modal_presses: _HandlerTable[ModalListener] = _HandlerTable()
        self._submissions: _HandlerTable[ModalListener] = _HandlerTable()
        self._unknown_press = unknown_press
        self._unknown_form = unknown_form

    def on_press(self, action_id: IdPattern, handler: Listener) -> None:
        """Let `handler` handle presses of `action_id`."""
        self._presses.add(action_id, handler)

    def on_modal_press(self, action_id: IdPattern, handler: ModalListener) -> None:
        """The same, and open the modal that `handler` returns after the press is acknowledged."""
        self._modal_presses.add(action_id, handler)

    def on_submit(self, callback_id: IdPattern, handler: ModalListener) -> None:
        """Let `handler` handle submissions of modals with `callback_id`."""
        self._submissions.add(callback_id, handler)

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners in `app`, those for presses first: they are needed most often."""

        @app.action(self._presses.pattern())
        async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
            handler = self._presses.find(payload.action(body)[0])
            await (handler or self._unknown_press)(body)
            await ack()

        async def modal_pressed(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            handler = self._modal_presses.find(payload.action(body)[0])
            if handler is None:
                await self._unknown_press(body)
            else:
                context[_VIEW] = await handler(body)
            await ack()

        async def open_modal(
            body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, respond: AsyncRespond
        ) -> None:
            view = context.get(_VIEW)
            if view is not None and not await open_view(client, body, view) and is_refusal(view):
                await _respond_below(respond, body, refusal_below(view))

        app.action(re.compile(""))(ack=modal_pressed, lazy=[open_modal])

        @app.view(re.compile(""))
        async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
            answer = await (self._submissions.find(payload.callback_id(body)) or self._unknown_form)(body)
            await ack(**(answer or {}))


async def open_view(client: AsyncWebClient, body: payload.Body, view: View) -> bool:
    """Open a modal; whether that worked. After a press in a modal it replaces that one, unless a newer one has."""
    pressed_in = payload.modal(body)
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            if pressed_in is not None:
                await client.views_update(view_id=pressed_in[0], hash=pressed_in[1], view=view)
            else:
                await client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        # The button is still there; pressing it once more tries again with a new trigger ID.
        log.warning("form_not_opened", form=view.get("callback_id"), error=str(getattr(error, "response", error))[:200])
        return False
    return True


async def _respond_below(respond: AsyncRespond, body: payload.Body, content: Content) -> None:
    """Answer a press below its message, where there is one: the trigger ID was missing, or no longer valid."""
    if payload.press_origin(body).response_url is None:
        return
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await respond(response_type="ephemeral", replace_original=False, **content)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        log.warning("refusal_not_told", error=type(error).__name__)


Subject = TypeVar("Subject")
"""What a press or a form is about, as `bot.blocks.actions` reads it from a value: a ticket number, a draft …"""
Result = TypeVar("Result")
ParseSubject = Callable[[object], Subject | None]
"""Reads a button's value or a modal's metadata; `None` when it is not one of the bot's."""
PressCase = Callable[[UnitOfWork, Subject, str | None], Result]
"""The use case of a press; the last argument is the response URL."""
FormCase = Callable[[UnitOfWork, Subject, Raw], View | None]
"""The use case of a submission. `None` closes the modal; anything else is the `response_action` for Slack."""


async def run_press(
    dispatcher: Dispatcher,
    body: payload.Body,
    parse: ParseSubject[Subject],
    case: PressCase[Subject, Result],
    *,
    ask_agent: bool = False,
) -> Result | None:
    """Run `case` for a press and return its result; do nothing when `parse` cannot read the button's value."""
    subject, url = parse(payload.action(body)[1]), payload.press_origin(body).response_url
    if subject is None:
        return None
    return await dispatcher.do(payload.person(body), lambda unit: case(unit, subject, url), ask_agent=ask_agent)


def add_press(
    routes: Routes,
    dispatcher: Dispatcher,
    action_id: str,
    parse: ParseSubject[Subject],
    case: PressCase[Subject, None],
    *,
    ask_agent: bool = False,
) -> None:
    """Let presses of `action_id` run `case`."""

    async def pressed(body: payload.Body) -> None:
        await run_press(dispatcher, body, parse, case, ask_agent=ask_agent)

    routes.on_press(action_id, pressed)


def add_agent_press(
    routes: Routes,
    dispatcher: Dispatcher,
    action_id: IdPattern,
    parse: ParseSubject[Subject],
    case: PressCase[Subject, View | None],
) -> None:
    """Let an agent's presses of `action_id` run `case`, and open the modal that it returns."""

    async def pressed(body: payload.Body) -> View | None:
        return await run_press(dispatcher, body, parse, case, ask_agent=True)

    routes.on_modal_press(action_id, pressed)


async def run_submission(
    dispatcher: Dispatcher, body: payload.Body, parse: ParseSubject[Subject], case: FormCase[Subject]
) -> View | None:
    """Run `case` for an agent's submission; do nothing when `parse` cannot read the modal's metadata."""
    subject, raw = parse(payload.metadata(body)), payload.fields(body)
    if subject is None:
        return None
    return await dispatcher.do(payload.person(body), lambda unit: case(unit, subject, raw), ask_agent=True)
