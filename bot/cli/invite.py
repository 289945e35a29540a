"""`amazon-token invite`: invites the people of a list. A serving bot sends the invitations."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.cli_support import opened_store, procedure_named, read_settings, stop

if TYPE_CHECKING:
    from bot.services.invitation_lists import CheckedPeople, PeopleList
    from bot.services.runner import Services
    from bot.settings.core import Settings

_AT_ONCE, _LOOK_UP_PAUSE = 50, 0.7
"""So many people are looked up without a pause; more of them this many seconds apart: Slack takes 100 a minute."""
_WHY = {
    "running": "is in a walkthrough already",
    "pending": "has an invitation that is not answered",
    "declined_before": "declined an invitation",
    "unwanted": "wants no invitations",
    "recent": "was written to within the last seven days",
}


def add_to(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(invite)


def invite(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with one person per line, with member ID.")],
    agent: Annotated[
        str, typer.Option("--from", metavar="USER", help="The member ID of the agent in whose name people are invited.")
    ],
    procedure: Annotated[
        str | None, typer.Option(metavar="ID", help="The procedure, by its ID. Default: the first one.")
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Invite the people of a list, after showing who is invited and asking for confirmation.

    A serving bot sends the invitations, one after another and by day, and reminds after three and seven days. The
    agent reads in one message who has accepted, declined and finished, and can withdraw them there. The file is not
    kept.

    Example: amazon-token invite list.csv --from U0123456789
    """
    from bot.services import invitation_lists as lists  # noqa: PLC0415 - imported when a command runs

    people = _read(file)
    if len(people.user_ids) > lists.MOST:
        stop(f"{file} has {len(people.user_ids)} people; at most {lists.MOST} can be invited at once.")
    chosen = procedure_named(procedure)
    with opened_store() as store:
        from bot.app import bootstrap  # noqa: PLC0415 - the same
        from bot.services import invitations  # noqa: PLC0415 - the same
        from bot.services.context import Actor  # noqa: PLC0415 - the same
        from bot.services.runner import Services  # noqa: PLC0415 - the same
        from conversations.all_texts import load_texts  # noqa: PLC0415 - the same

        settings = read_settings()
        services = Services(bootstrap.app_config(settings, load_texts(settings.guide_dir), workspace=""), store)
        if chosen.id not in services.config.offered:
            stop(f"{chosen.id} is switched off.")
        actor = Actor(asyncio.run(_met(settings, services, agent, people.user_ids)), agent, is_agent=True)
        checked = services.do(actor, lambda unit: lists.checked(unit, people.user_ids))
        if checked is None:  # only a repeated delivery gives None, and this is not one
            raise AssertionError
        _show(checked)
        user_ids = [person.user_id for person in checked.invited]
        if not user_ids:
            stop("Nobody can be invited.", status=1)
        if not yes and not typer.confirm(f"Invite these people ({len(user_ids)})?"):
            stop("Nobody was invited.", status=1)
        services.do(actor, lambda unit: invitations.confirmed(unit, chosen.id, user_ids, None))
    typer.echo(f"Invitations: {len(user_ids)}. A serving bot sends them, one after another and by day.")


def _read(file: Path) -> "PeopleList":
    """The people in the file; ends the command where it cannot be read, or not as a whole."""
    from bot.services import invitation_lists as lists  # noqa: PLC0415 - the same

    try:
        people = lists.read(file.read_text("utf-8", errors="replace"))
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.")
    if people.unclear:
        lines = ", ".join(map(str, people.unclear))
        stop(f"{file}: not exactly one member ID in line {lines}. In Slack: profile > ⋮ > Copy member ID.")
    if not people.user_ids:
        stop(f"{file} has no member IDs. In Slack: profile > ⋮ > Copy member ID.")
    return people


async def _met(settings: "Settings", services: "Services", agent: str, user_ids: Sequence[str]) -> str:
    """The team of the workspace, once Slack has said who these people are; ends the command unless `agent` is one."""
    from slack_sdk.errors import SlackClientError  # noqa: PLC0415 - the same

    from bot.app.bootstrap import slack_client  # noqa: PLC0415 - the same
    from bot.services import people  # noqa: PLC0415 - the same
    from bot.slack.users import Agents, Users  # noqa: PLC0415 - the same

    async def run(function: Any, *args: Any) -> Any:
        return function(*args)

    client = slack_client(settings, own_retries=True)
    try:
        identity = await client.auth_test()
    except (SlackClientError, OSError) as error:
        stop(f"Slack does not answer ({error}). Nobody was invited.")
    if not await Agents(client, settings.support_channel_id).has(agent):
        stop(f"{agent} is not a member of the support channel.")
    team = str(identity["enterprise_id"] if identity.get("is_enterprise_install") else identity["team_id"])
    users = Users(client, services, run)
    known = services.unit_of_work(people.known, team, [agent, *user_ids])
    new = [user_id for user_id in (agent, *user_ids) if user_id not in known]
    for user_id in new:
        await users.meet(team, user_id)
        await asyncio.sleep(_LOOK_UP_PAUSE if len(new) > _AT_ONCE else 0)
    await users.close()
    return team


def _show(checked: "CheckedPeople") -> None:
    """Who is invited and who is not, and why."""
    for person in checked.invited:
        typer.echo(f"✓ {person.name} ({person.user_id})")
    for person, why in checked.others:
        typer.echo(f"– {person.name} ({person.user_id}) {_WHY[why]}")
    for user_id in checked.unknown:
        typer.echo(f"– {user_id} is unknown in this workspace, or invites")
