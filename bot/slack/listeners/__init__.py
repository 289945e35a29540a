"""From Slack's payloads to use cases, by topic."""

from slack_bolt.async_app import AsyncApp

from bot.slack.dispatch import Dispatcher
from bot.slack.listeners import commands, errors, privacy, tickets, walkthrough, workspace
from bot.slack.routes import Routes


def register(app: AsyncApp, dispatcher: Dispatcher, command: str) -> None:
    """Every listener of the bot, in one visible place."""
    routes = Routes(*errors.unknown(dispatcher))
    walkthrough.register(routes, dispatcher)
    commands.register(routes, dispatcher)
    tickets.register(routes, dispatcher)
    privacy.register(routes, dispatcher)
    routes.listen(app)
    commands.hear(app, dispatcher, command)
    walkthrough.hear(app, dispatcher)
    workspace.hear(app, dispatcher)
    errors.register(app, dispatcher)
