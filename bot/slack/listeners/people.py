"""People: the buttons to see, get and delete their own data, and changes of people and of the support channel."""

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.blocks import actions as ids
from bot.services import departures, privacy
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes


def add_routes(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses about people's own data."""

    def on_press(action_id: str, case: Callable[[UnitOfWork, str | None], None]) -> None:
        async def pressed(body: payload.Body) -> None:
            url = payload.press_origin(body).response_url
            await dispatcher.do(payload.person(body), lambda unit: case(unit, url))

        routes.on_press(action_id, pressed)

    on_press(ids.PRIVACY, lambda unit, _url: privacy.show(unit))
    on_press(ids.EXPORT, privacy.export_pressed)
    on_press(ids.DELETE, privacy.delete_pressed)

    async def erase(body: payload.Body) -> None:
        person, (_, owner), url = payload.person(body), payload.action(body), payload.press_origin(body).response_url
        if await dispatcher.do(person, lambda unit: privacy.erase_pressed(unit, owner, url)):
            await dispatcher.person_erased(person)

    routes.on_press(ids.ERASE, erase)


def listen(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """Events about people, and about members of the support channel, who are the agents."""

    @app.event("user_change")
    async def user_changed(body: dict[str, Any], event: dict[str, Any]) -> None:
        person = payload.changed_person(body)
        if person is not None:
            dispatcher.users.forget(*person)
            if payload.is_deactivated(event):
                await dispatcher.by_itself(departures.deactivated, *person)

    @app.event("member_joined_channel")
    async def joined() -> None:
        dispatcher.agents.forget()

    @app.event("member_left_channel")
    async def left(body: dict[str, Any], event: dict[str, Any]) -> None:
        dispatcher.agents.forget()
        await dispatcher.do(payload.person(body), partial(departures.left_channel, channel=str(event.get("channel"))))
