"""From Slack's payloads to use cases, by topic."""

from slack_bolt.async_app import AsyncApp

from bot.listeners import doors, faults, forms, privacy, talk, tickets, walkthrough, workspace
from bot.listeners.routes import Routes
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception, command: str) -> None:
    """Every listener of the bot, in one visible place."""
    routes = Routes(*faults.unknown(reception))
    walkthrough.register(routes, reception)
    doors.register(routes, reception)
    forms.register(routes, reception)
    tickets.register(routes, reception)
    talk.register(routes, reception)
    privacy.register(routes, reception)
    routes.listen(app)
    doors.hear(app, reception, command)
    walkthrough.hear(app, reception)
    workspace.hear(app, reception)
    faults.register(app, reception)
