"""`backup`, `export`, `erase`, `migrate` and `purge`. All of them work while `serve` is running."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.cli_support import explained, opened_store, read_settings, stop

if TYPE_CHECKING:
    from bot.services.runner import Services
    from bot.store.counts import Erased
    from bot.store.protocol import Store

_SCRUB_SECONDS = 10.0
"""How long to wait for other readers of the database before the freed bytes can be overwritten."""
_NOT_SCRUBBED = (
    "Another program is reading the database, so the deleted bytes are still on the disk. The next write removes them."
)
Team = Annotated[str, typer.Argument(metavar="TEAM", help="The ID of the workspace, T….")]
UserArgument = Annotated[
    str, typer.Argument(metavar="USER", help="The person's user ID, U…: profile > ⋮ > Copy member ID.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (backup, erase, export, migrate, purge):
        app.command()(command)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write. It must not exist yet.")],
) -> None:
    """Copy the database to a new file, also while the bot is running. docs/operators.md says how to restore it.

    Example: amazon-token backup amazon-token-2026-11-24.db
    """
    from bot.store.backup import backup as copy  # noqa: PLC0415 - imported when a command runs, so that help is quick

    with explained():
        settings = read_settings()
        if not settings.on_sqlite:
            stop("A backup of PostgreSQL is made with its own tools: pg_dump, or pg_basebackup (docs/deployment.md).")
        if not settings.database_path.exists():
            stop(f"There is no database {settings.database_path} yet. See DATABASE_URL.")
        copy(settings.database_path, file)
    typer.echo(f"{file} is a copy of the database ({file.stat().st_size // 1024} KiB, mode 0600).")
    if settings.hash_key is None:
        typer.echo(f"The hash key is not in it: back up {settings.key_path} too, in another place.")


def erase(
    team: Team,
    user: UserArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete everything kept about a person, after asking for confirmation.

    Deletes walkthroughs, messages and hashes. Tickets are kept without text, under a random pseudonym.

    Example: amazon-token erase T0123456789 U0123456789
    """
    with opened_store() as store:
        held = _held(store, team, user)
        typer.echo(f"{user} of {team}: {_counted(held)}.")
        if not yes and not typer.confirm("Delete all of it? This cannot be undone."):
            stop("Nothing was changed.", status=1)
        erased = _erased(store, team, user)
        gone = _scrubbed(store)
    _report(erased)
    if not gone:
        stop(_NOT_SCRUBBED, status=1)


def export(
    team: Team,
    user: UserArgument,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The file to write. It must not exist yet. Default: standard output."),
    ] = None,
) -> None:
    """Write everything kept about a person as JSON.

    Example: amazon-token export T0123456789 U0123456789 erika.json
    """
    with opened_store() as store:
        _held(store, team, user)
        text = json.dumps(_export(store, team, user), ensure_ascii=False, indent=2)
    if file is None:
        typer.echo(text)
        return
    try:
        # Created with mode 0600, so that nobody else can read it at any moment.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        stop(f"{file} cannot be made: {error.strerror}. Name a new file in a folder that this user may write to.")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{text}\n")
    typer.echo(f"{file} is written (mode 0600).")


def migrate() -> None:
    """Bring the database's schema up to date. `serve` does this too; this command does it separately, before the start.

    Example: amazon-token migrate
    """
    from bot.store.choice import open_database  # noqa: PLC0415 - imported when a command runs, so that help is quick

    with explained():
        settings = read_settings()
        open_database(settings.database_address).close()
    typer.echo(f"The schema of {settings.database_name} is up to date.")


def purge(
    days: Annotated[
        int | None,
        typer.Option(
            min=1, max=3650, help="Delete records that ended more than this many days ago. Default: RETENTION_DAYS."
        ),
    ] = None,
) -> None:
    """Delete walkthroughs and ticket contents that are older than RETENTION_DAYS. `serve` does this once a day.

    Example: amazon-token purge --days 90
    """
    from bot.services import privacy  # noqa: PLC0415 - imported when a command runs, so that help is quick

    with opened_store() as store:
        keep = timedelta(days=days if days is not None else read_settings().retention_days)
        purged = _services(store).unit_of_work(privacy.purge, keep)
        gone = _scrubbed(store)
    typer.echo(
        f"Deleted: {purged.walks} walks, text and names of {purged.tickets} tickets, {purged.invitations} "
        f"invitations, {purged.messages} message rows, {purged.people} people."
    )
    if not gone:
        stop(_NOT_SCRUBBED, status=1)


def _erased(store: "Store", team: str, user: str) -> "Erased":
    """Run the use case of `/amazon-token delete`. A serving bot sends the edits to Slack."""
    from bot.services import privacy  # noqa: PLC0415 - the same
    from bot.services.context import Actor  # noqa: PLC0415 - the same

    erased = _services(store).do(Actor(team, user), privacy.forget)
    if erased is None:  # only a repeated delivery gives None, and this is not one
        raise AssertionError
    return erased


def _services(store: "Store") -> "Services":
    from bot.app import bootstrap  # noqa: PLC0415 - the same
    from bot.services.runner import Services  # noqa: PLC0415 - the same
    from conversations.all_texts import load_texts  # noqa: PLC0415 - the same

    settings = read_settings()
    return Services(bootstrap.app_config(settings, load_texts(settings.guide_dir), workspace=""), store)


def _export(store: "Store", team: str, user: str) -> dict[str, Any]:
    with store.transaction() as tx:
        return tx.export_person(team, user)


def _held(store: "Store", team: str, user: str) -> dict[str, Any]:
    held = {name: value for name, value in _export(store, team, user).items() if isinstance(value, list) and value}
    if not held:
        stop(f"Nothing is kept about {user} in {team}.", status=1)
    return held


def _counted(held: dict[str, Any]) -> str:
    return ", ".join(f"{len(rows)} {name.replace('_', ' ')}" for name, rows in held.items())


def _report(erased: "Erased") -> None:
    typer.echo(f"Deleted: {erased.walks} walks. Tickets kept without text and name: {len(erased.tickets)}.")
    in_slack = (*erased.messages, *erased.replies, *erased.cards, *erased.files)
    if in_slack:
        typer.echo(f"{len(in_slack)} of the bot's messages and files in Slack still mention them.")
        typer.echo("A serving bot edits or deletes these now; `amazon-token outbox list` shows what is left.")


def _scrubbed(store: "Store") -> bool:
    """Overwrite the freed bytes on the disk. False when another reader blocked it the whole time."""
    give_up = time.monotonic() + _SCRUB_SECONDS
    while not store.scrub(datetime.now(UTC)):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True
