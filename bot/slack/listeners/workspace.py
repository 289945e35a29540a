"""What changes in the workspace: people, and who the agents are."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.services import home_tab
from bot.slack import payload
from bot.slack.dispatch import Dispatcher


def hear(app: AsyncApp, dispatcher: Dispatcher) -> None:
    """Listeners of the workspace."""

    @app.event("user_change")
    async def user_changed(event: dict[str, Any]) -> None:
        changed = payload.changed_person(event)
        if changed is not None:
            dispatcher.users.forget(*changed)

    @app.event("member_joined_channel")
    async def joined() -> None:
        dispatcher.agents.forget()

    @app.event("member_left_channel")
    async def left(body: dict[str, Any], event: dict[str, Any]) -> None:
        dispatcher.agents.forget()
        await dispatcher.do(payload.person(body), partial(home_tab.left, channel=str(event.get("channel"))))
