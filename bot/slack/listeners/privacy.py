"""People's own data: the buttons to see, get and delete it."""

from collections.abc import Callable

from bot.blocks import actions as ids
from bot.services import privacy
from bot.services.unit_of_work import UnitOfWork
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack.routes import Routes


def register(routes: Routes, dispatcher: Dispatcher) -> None:
    """Presses of people's own data."""

    def on_press(action_id: str, case: Callable[[UnitOfWork, str | None], None]) -> None:
        async def pressed(body: payload.Body) -> None:
            url = payload.place(body).response_url
            await dispatcher.do(payload.person(body), lambda unit: case(unit, url))

        routes.on_press(action_id, pressed)

    on_press(ids.PRIVACY, lambda unit, _url: privacy.show(unit))
    on_press(ids.EXPORT, privacy.export_pressed)
    on_press(ids.DELETE, privacy.delete_pressed)

    async def erase(body: payload.Body) -> None:
        who, (_, owner), url = payload.person(body), payload.action(body), payload.place(body).response_url
        if await dispatcher.do(who, lambda unit: privacy.erase_pressed(unit, owner, url)):
            await dispatcher.forgotten(who)

    routes.on_press(ids.ERASE, erase)
