"""A press of a button whose value says what it is about."""

from collections.abc import Callable
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.desk.unit import Unit
from bot.listeners import payload
from bot.reception import Reception

A = TypeVar("A")
T = TypeVar("T")
Read = Callable[[object], A | None]
"""What a button's value is about; `None` when it is none of ours."""
Case = Callable[[Unit, A, str | None], T]
"""What happens then; the last is where an answer to the press goes."""


async def press(
    reception: Reception, body: payload.Body, read: Read[A], case: Case[A, T], *, ask_agent: bool = False
) -> T | None:
    """Let `case` happen; nothing happens where `read` does not understand the value."""
    about, url = read(payload.action(body)[1]), payload.place(body).response_url
    if about is None:
        return None
    return await reception.do(payload.person(body), lambda unit: case(unit, about, url), ask_agent=ask_agent)


def on_press(
    app: AsyncApp, reception: Reception, action_id: str, read: Read[A], case: Case[A, None], *, ask_agent: bool = False
) -> None:
    """Let `case` happen at each press of `action_id`."""

    @app.action(action_id)
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await press(reception, body, read, case, ask_agent=ask_agent)
        await ack()
