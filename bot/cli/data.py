"""`backup`, `erase`, `export` and `purge`: what is kept, copied and forgotten. All of it beside a running `serve`."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.cli_support import explained, opened_store, read_settings, stop

if TYPE_CHECKING:
    from bot.store.models import Erased
    from bot.store.protocol import Store

_PATIENCE = 10.0
"""Seconds to wait for a reader before the freed bytes can leave the disk."""
Team = Annotated[str, typer.Argument(metavar="TEAM", help="The workspace's ID, T….")]
User = Annotated[str, typer.Argument(metavar="USER", help="The person's user ID, U…: profile > ⋮ > Copy member ID.")]


def add_to(app: typer.Typer) -> None:
    """Make the commands part of `app`."""
    for command in (backup, erase, export, purge):
        app.command()(command)


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; nothing is overwritten.")]) -> None:
    """Copy the database, complete and consistent, while the bot may be serving. docs/operators.md: how to restore.

    Example: amazon-token backup amazon-token-2026-11-24.db
    """
    from bot.store.backup import backup as copy  # noqa: PLC0415 - imported when a command runs, so that help is quick

    with explained():
        settings = read_settings()
        if not settings.database_path.exists():
            stop(f"There is no database {settings.database_path} yet. See DATABASE_URL.")
        copy(settings.database_path, file)
    typer.echo(f"{file} holds the database as it is now ({file.stat().st_size // 1024} KiB, mode 0600).")
    if settings.hash_key is None:
        typer.echo(f"The key of the hashes is not in it: keep {settings.key_path} too, in another place.")


def erase(
    team: Team,
    user: User,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a person: walks, words, hashes, messages. Their tickets stay without words, under a pseudonym.

    Example: amazon-token erase T0123456789 U0123456789
    """
    with opened_store() as store:
        held = _held(store, team, user)
        typer.echo(f"{user} of {team}: {_counted(held)}.")
        if not yes and not typer.confirm("Forget all of it? This cannot be taken back."):
            stop("Nothing was changed.", status=1)
        erased = _erased(store, team, user)
        gone = _scrubbed(store)
    _tell(erased)
    if not gone:
        stop(
            "A reader holds on to the database, so the old bytes are still on the disk. They go with the next write.", 1
        )


def export(
    team: Team,
    user: User,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A new file; without it: standard output.")
    ] = None,
) -> None:
    """Write everything that is kept of a person as JSON.

    Example: amazon-token export T0123456789 U0123456789 erika.json
    """
    with opened_store() as store:
        text = json.dumps(store.export_person(team, user), ensure_ascii=False, indent=2)
    if file is None:
        typer.echo(text)
        return
    try:
        # Only this user may read it, from its first byte on.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        stop(f"{file} cannot be made: {error.strerror}. Name a new file in a folder that this user may write to.")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{text}\n")
    typer.echo(f"{file} is written (mode 0600).")


def purge(
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Forget what ended longer ago. Default: RETENTION_DAYS.")
    ] = None,
) -> None:
    """Forget walks and tickets whose time is over. `serve` does so by itself once a day.

    Example: amazon-token purge --days 90
    """
    with opened_store() as store:
        keep = timedelta(days=days if days is not None else read_settings().retention_days)
        purged = store.purge(datetime.now(UTC), keep)
        gone = _scrubbed(store)
    typer.echo(
        f"Forgotten: {purged.walks} walks, the words and people of {purged.tickets} tickets, {purged.invitations} "
        f"invitations, {purged.messages} rows of messages, {purged.people} people."
    )
    if not gone:
        stop(
            "A reader holds on to the database, so the old bytes are still on the disk. They go with the next write.", 1
        )


def _erased(store: "Store", team: str, user: str) -> "Erased":
    """The same use case as the person's own; the edits in Slack are the serving bot's to send."""
    from bot.app import bootstrap  # noqa: PLC0415 - imported when a command runs, so that help is quick
    from bot.services import privacy  # noqa: PLC0415 - the same
    from bot.services.context import Actor  # noqa: PLC0415 - the same
    from bot.services.runner import Services  # noqa: PLC0415 - the same

    settings = read_settings()
    services = Services(bootstrap.app_config(settings, bootstrap.load_texts(settings.guide_dir), workspace=""), store)
    erased = services.do(Actor(team, user), privacy.forget)
    if erased is None:  # only a delivery seen before is passed over, and this is none
        raise AssertionError
    return erased


def _held(store: "Store", team: str, user: str) -> dict[str, Any]:
    held = {name: value for name, value in store.export_person(team, user).items() if isinstance(value, list) and value}
    if not held:
        stop(f"Nothing is kept of {user} in {team}.", status=1)
    return held


def _counted(held: dict[str, Any]) -> str:
    return ", ".join(f"{len(rows)} {name.replace('_', ' ')}" for name, rows in held.items())


def _tell(erased: "Erased") -> None:
    typer.echo(f"Forgotten: {erased.walks} walks. Tickets kept without words and name: {len(erased.tickets)}.")
    standing = (*erased.messages, *erased.replies, *erased.cards, *erased.files)
    if standing:
        typer.echo(f"In Slack stand {len(standing)} messages of the bot with something of them.")
        typer.echo("A serving bot edits them now; `amazon-token outbox list` shows what is still to do.")


def _scrubbed(store: "Store") -> bool:
    """Let the freed bytes leave the disk; False when a reader was in the way all the time."""
    give_up = time.monotonic() + _PATIENCE
    while not store.scrub(datetime.now(UTC)):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True
