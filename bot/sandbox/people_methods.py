"""api.test, auth.test, apps.*, team.*, bots.*, users.*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.workspace import Args, Method, Workspace
from bot.sandbox.world import APP_ID, BOT_ID, BOT_NAME, BOT_USER, TEAM_ID, TEAM_NAME

if TYPE_CHECKING:
    from bot.sandbox.world import Json, SandboxUser


def api_test(_workspace: Workspace, args: Args) -> Json:
    """api.test: returns its arguments."""
    if args.text("error"):
        raise SlackRefusal(args.required("error"))
    return {"args": {name: value for name, value in args.raw.items() if name != "token"}}


def auth_test(workspace: Workspace, _args: Args) -> Json:
    """auth.test."""
    return {
        "url": f"{workspace.base_url}/",
        "team": TEAM_NAME,
        "team_id": TEAM_ID,
        "user": "amazon-token",
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": workspace.installation.org_wide,
        **({"enterprise_id": enterprise} if (enterprise := workspace.installation.enterprise_id) else {}),
    }


def connections_open(workspace: Workspace, _args: Args) -> Json:
    """apps.connections.open: an address for one Socket Mode connection."""
    return {"url": workspace.socket_ticket()}


def team_info(_workspace: Workspace, _args: Args) -> Json:
    """team.info."""
    return {"team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": "sandbox", "email_domain": ""}}


def bots_info(_workspace: Workspace, args: Args) -> Json:
    """bots.info."""
    if args.text("bot") != BOT_ID:
        raise SlackRefusal("bot_not_found")
    return {"bot": {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": BOT_NAME, "deleted": False}}


def user_object(person: SandboxUser, *, with_locale: bool) -> Json:
    """A person as users.info and user_change show them."""
    shown: Json = {
        "id": person.id,
        "team_id": person.home_team,
        "name": person.handle,
        "real_name": person.name,
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "tz": "Europe/Berlin",
        "profile": {"real_name": person.name, "display_name": person.name},
    }
    return shown | ({"locale": person.locale} if with_locale else {})


def users_info(workspace: Workspace, args: Args) -> Json:
    """users.info."""
    user_id = args.required("user")
    if user_id == BOT_USER:
        profile = {"real_name": BOT_NAME, "display_name": BOT_NAME, "api_app_id": APP_ID, "bot_id": BOT_ID}
        about = {"id": BOT_USER, "team_id": TEAM_ID, "name": "amazon-token", "is_bot": True}
        return {"user": {**about, "real_name": BOT_NAME, "profile": profile}}
    person = workspace.world.people.get(user_id)
    if person is None:
        raise SlackRefusal("user_not_found")
    return {"user": user_object(person, with_locale=args.flag("include_locale"))}


METHODS = {
    "api.test": Method(run=api_test, token="none"),  # noqa: S106 - a kind of token, not a secret
    "auth.test": Method(run=auth_test),
    "apps.connections.open": Method(run=connections_open, token="app"),  # noqa: S106 - the same
    "team.info": Method(run=team_info, scopes=("team:read",)),
    "bots.info": Method(run=bots_info, scopes=("users:read",)),
    "users.info": Method(run=users_info, scopes=("users:read",)),
}
