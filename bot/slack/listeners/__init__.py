"""The listeners: each reads a payload and runs a use case, one module per topic."""

from slack_bolt.async_app import AsyncApp

from bot.slack.dispatch import Dispatcher
from bot.slack.listeners import commands, errors, outages, people, templates, tickets, walkthrough
from bot.slack.routes import Routes


def register(app: AsyncApp, dispatcher: Dispatcher, command: str) -> None:
    """Register every listener of the bot in `app`."""
    routes = Routes(*errors.unknown(dispatcher))
    walkthrough.add_routes(routes, dispatcher)
    commands.add_routes(routes, dispatcher)
    tickets.add_routes(routes, dispatcher)
    outages.add_routes(routes, dispatcher)
    templates.add_routes(routes, dispatcher)
    people.add_routes(routes, dispatcher)
    routes.listen(app)
    commands.listen(app, dispatcher, command)
    walkthrough.listen(app, dispatcher)
    tickets.listen(app, dispatcher)
    people.listen(app, dispatcher)
    errors.listen(app, dispatcher)
