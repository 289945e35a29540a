"""A press of a button whose value, or a modal whose metadata says what it is about."""

from collections.abc import Callable
from typing import TypeVar

from bot.desk.unit import Unit
from bot.listeners import payload
from bot.listeners.routes import Routes, View
from bot.reception import Reception
from conversations.amazon_token.interpret import Raw

A = TypeVar("A")
T = TypeVar("T")
Read = Callable[[object], A | None]
"""What a button's value is about; `None` when it is none of ours."""
Case = Callable[[Unit, A, str | None], T]
"""What happens then; the last is where an answer to the press goes."""
Entered = Callable[[Unit, A, Raw], View | None]
"""What happens with what was entered. `None`: accepted. Else the `response_action` that Slack is to carry out."""


async def press(
    reception: Reception, body: payload.Body, read: Read[A], case: Case[A, T], *, ask_agent: bool = False
) -> T | None:
    """Let `case` happen; nothing happens where `read` does not understand the value."""
    about, url = read(payload.action(body)[1]), payload.place(body).response_url
    if about is None:
        return None
    return await reception.do(payload.person(body), lambda unit: case(unit, about, url), ask_agent=ask_agent)


def on_press(
    routes: Routes, reception: Reception, action_id: str, read: Read[A], case: Case[A, None], *, ask_agent: bool = False
) -> None:
    """Let `case` happen at each press of `action_id`."""

    async def pressed(body: payload.Body) -> None:
        await press(reception, body, read, case, ask_agent=ask_agent)

    routes.on_press(action_id, pressed)


async def entered(reception: Reception, body: payload.Body, read: Read[A], case: Entered[A]) -> View | None:
    """Let `case` happen for an agent; nothing happens where `read` does not understand the modal's metadata."""
    about, raw = read(payload.metadata(body)), payload.fields(body)
    if about is None:
        return None
    return await reception.do(payload.person(body), lambda unit: case(unit, about, raw), ask_agent=True)
