"""From Slack's payloads to use cases, by topic."""

from slack_bolt.async_app import AsyncApp

from bot.slack.dispatch import Reception
from bot.slack.listeners import commands, errors, privacy, tickets, walkthrough, workspace
from bot.slack.routes import Routes


def register(app: AsyncApp, reception: Reception, command: str) -> None:
    """Every listener of the bot, in one visible place."""
    routes = Routes(*errors.unknown(reception))
    walkthrough.register(routes, reception)
    commands.register(routes, reception)
    tickets.register(routes, reception)
    privacy.register(routes, reception)
    routes.listen(app)
    commands.hear(app, reception, command)
    walkthrough.hear(app, reception)
    workspace.hear(app, reception)
    errors.register(app, reception)
