"""From Slack's payloads to use cases, by topic."""

from slack_bolt.async_app import AsyncApp

from bot.listeners import arrivals, doors, faults, forms, privacy, talk, tickets, walkthrough, workspace
from bot.reception import Reception


def register(app: AsyncApp, reception: Reception, command: str) -> None:
    """Every listener of the bot, in one visible place."""
    arrivals.register(app)
    doors.register(app, reception, command)
    walkthrough.register(app, reception)
    forms.register(app, reception)
    tickets.register(app, reception)
    talk.register(app, reception)
    privacy.register(app, reception)
    workspace.register(app, reception)
    faults.register(app, reception)
