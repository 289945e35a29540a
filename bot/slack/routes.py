"""Which handler answers a press or a submitted form.

Before Bolt asks a listener whether it is meant, it builds every argument that the listener could want. With a listener
for each button that took most of a press; so there are three for all of them, and these look the handler up.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from conversations.amazon_token.interpret import Raw

H = TypeVar("H")
View = dict[str, Any]
Listener = Callable[[payload.Body], Awaitable[None]]
"""What happens at a press."""
ModalListener = Callable[[payload.Body], Awaitable[View | None]]
"""What happens at a press, and the modal to show then. What happens at a submission, and what Slack is to carry out."""
Id = str | re.Pattern[str]
"""An ID, or the pattern of a whole one."""

_VIEW = "view_to_show"
"""Where a listener leaves the modal in its context for its lazy half."""
OPEN_SECONDS = 2.0
"""A trigger lives three seconds."""

log = structlog.get_logger()


class _Table(Generic[H]):
    def __init__(self) -> None:
        self._exact: dict[str, H] = {}
        self._patterns: list[tuple[re.Pattern[str], H]] = []

    def add(self, known: Id, handler: H) -> None:
        if isinstance(known, re.Pattern):
            self._patterns.append((known, handler))
        elif self._exact.setdefault(known, handler) is not handler:
            raise ValueError(f"{known} has two handlers")

    def find(self, given: str) -> H | None:
        """The handler of an ID: that of the ID itself, else of the first pattern that fits."""
        exact = self._exact.get(given)
        return exact or next((handler for pattern, handler in self._patterns if pattern.fullmatch(given)), None)

    def pattern(self) -> re.Pattern[str]:
        """Fits what `find` finds."""
        known = [*map(re.escape, self._exact), *(pattern.pattern for pattern, _ in self._patterns)]
        return re.compile(f"^(?:{'|'.join(known)})$", re.ASCII)


class Routes:
    """The handlers by ID. `unknown_press` and `unknown_form` answer everything else."""

    def __init__(self, unknown_press: Listener, unknown_form: ModalListener) -> None:
        self._presses: _Table[Listener] = _Table()
        self._looks: _Table[ModalListener] = _Table()
        self._forms: _Table[ModalListener] = _Table()
        self._unknown_press = unknown_press
        self._unknown_form = unknown_form

    def on_press(self, action_id: Id, pressed: Listener) -> None:
        """Let `pressed` happen at presses of `action_id`."""
        self._presses.add(action_id, pressed)

    def on_look(self, action_id: Id, look: ModalListener) -> None:
        """Let presses of `action_id` show the modal that `look` gives, after they are acknowledged."""
        self._looks.add(action_id, look)

    def on_submit(self, callback_id: Id, submit: ModalListener) -> None:
        """Let `submit` happen with what was entered in a modal of `callback_id`, and answer what it gives."""
        self._forms.add(callback_id, submit)

    def listen(self, app: AsyncApp) -> None:
        """Register the listeners; those for presses come first in `app`, for they are the most."""

        @app.action(self._presses.pattern())
        async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
            handler = self._presses.find(payload.action(body)[0])
            await (handler or self._unknown_press)(body)
            await ack()

        async def looked(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            handler = self._looks.find(payload.action(body)[0])
            if handler is None:
                await self._unknown_press(body)
            else:
                context[_VIEW] = await handler(body)
            await ack()

        async def opened(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
            await _show(client, body, context.get(_VIEW))

        app.action(re.compile(""))(ack=looked, lazy=[opened])

        @app.view(re.compile(""))
        async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
            answer = await (self._forms.find(payload.callback(body)) or self._unknown_form)(body)
            await ack(**(answer or {}))


async def _show(client: AsyncWebClient, body: payload.Body, view: View | None) -> None:
    """Open the modal, if there is one. After a press in a modal it takes that one's place, unless a newer one has."""
    pressed_in = payload.modal(body)
    if view is None:
        return
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            if pressed_in is not None:
                await client.views_update(view_id=pressed_in[0], hash=pressed_in[1], view=view)
            else:
                await client.views_open(trigger_id=str(body.get("trigger_id")), view=view)
    except (SlackClientError, ClientError, TimeoutError, OSError) as error:
        # What was pressed still stands; pressing it once more tries again with a new trigger.
        log.warning("form_not_opened", form=view.get("callback_id"), error=str(getattr(error, "response", error))[:200])


A = TypeVar("A")
T = TypeVar("T")
ReadValue = Callable[[object], A | None]
"""What a button's value is about; `None` when it is none of ours."""
PressHandler = Callable[[UnitOfWork, A, str | None], T]
"""What happens then; the last is where an answer to the press goes."""
FormHandler = Callable[[UnitOfWork, A, Raw], View | None]
"""What happens with what was entered. `None`: accepted. Else the `response_action` that Slack is to carry out."""


async def press(
    dispatcher: Dispatcher, body: payload.Body, read: ReadValue[A], case: PressHandler[A, T], *, ask_agent: bool = False
) -> T | None:
    """Let `case` happen; nothing happens where `read` does not understand the value."""
    about, url = read(payload.action(body)[1]), payload.place(body).response_url
    if about is None:
        return None
    return await dispatcher.do(payload.person(body), lambda unit: case(unit, about, url), ask_agent=ask_agent)


def on_press(
    routes: Routes,
    dispatcher: Dispatcher,
    action_id: str,
    read: ReadValue[A],
    case: PressHandler[A, None],
    *,
    ask_agent: bool = False,
) -> None:
    """Let `case` happen at each press of `action_id`."""

    async def pressed(body: payload.Body) -> None:
        await press(dispatcher, body, read, case, ask_agent=ask_agent)

    routes.on_press(action_id, pressed)


async def entered(dispatcher: Dispatcher, body: payload.Body, read: ReadValue[A], case: FormHandler[A]) -> View | None:
    """Let `case` happen for an agent; nothing happens where `read` does not understand the modal's metadata."""
    about, raw = read(payload.metadata(body)), payload.fields(body)
    if about is None:
        return None
    return await dispatcher.do(payload.person(body), lambda unit: case(unit, about, raw), ask_agent=True)
