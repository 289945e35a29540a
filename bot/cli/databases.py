"""`move`: from SQLite to PostgreSQL; `prove`: what several processes rely on there."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.cli_support import explained, read_settings, stop

if TYPE_CHECKING:
    from bot.settings.core import Settings


def add_to(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (move, prove):
        app.command()(command)


def move(
    source: Annotated[str, typer.Argument(metavar="SQLITE", help="The current database: sqlite:///amazon-token.db.")],
    target: Annotated[
        str,
        typer.Argument(
            metavar="POSTGRESQL",
            help="The new one, which must be empty: postgresql://user@host/database. The password comes from "
            "DATABASE_PASSWORD, PGPASSWORD or ~/.pgpass.",
        ),
    ],
) -> None:
    """Copy everything from SQLite to PostgreSQL and compare every row. Stop the bot first.

    Copies everything or nothing. Afterwards the SQLite file is called ….moved, so that no bot uses it by mistake.

    Example: amazon-token move sqlite:///amazon-token.db postgresql://amazon_token@db.example.com/amazon_token
    """
    from rich.console import Console  # noqa: PLC0415 - imported when a command runs, so that help is quick
    from rich.table import Table  # noqa: PLC0415 - the same

    from bot.store.choice import move as moved_to  # noqa: PLC0415 - the same

    with explained():
        settings = read_settings()
        moved = moved_to(source, _with_password(settings, target))
    table = Table("Table", "Rows", "Equal")
    for one in moved.tables:
        table.add_row(one.name, str(one.rows), "yes")
    Console().print(table)
    typer.echo(f"{sum(one.rows for one in moved.tables)} rows are in PostgreSQL as they were in SQLite.\n\nNow:")
    for number, advice in enumerate(_next_steps(settings, source, target, moved.old_file), 1):
        typer.echo(f"{number}. {advice}")


def prove(
    *,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The PostgreSQL database: postgresql://user@host/database. A password comes from PGPASSWORD or "
            "~/.pgpass. Default: DATABASE_URL with DATABASE_PASSWORD.",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="How long processes are cut off and stopped while they send.")
    ] = 40,
) -> None:
    """Test on your PostgreSQL server what several processes of the bot rely on. Takes about a minute.

    Works in a schema of its own, which is dropped at the end, and does not disturb bots that serve the same database.
    Exits with status 1 when a check fails.

    Example: amazon-token prove --database postgresql://amazon_token@db.example.com/amazon_token
    """
    from bot.store.choice import prove as proven  # noqa: PLC0415 - imported when a command runs, so that help is quick

    failed = 0
    with explained():
        for one in proven(read_settings().database_address if database is None else database, seconds):
            failed += bool(one.error)
            typer.echo(f"{'failed' if one.error else 'ok':<7} {one.promise} ({one.seconds:.1f} s)")
            if one.error:
                typer.echo(f"        {one.error}")
    if failed:
        stop(f"{failed} of these do not hold: do not run the bot over this server.", status=1)
    typer.echo("Several processes can share this server.")


def _with_password(settings: "Settings", address: str) -> str:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 - the same

    from bot.settings.types import database_url  # noqa: PLC0415 - the same

    try:
        return settings.model_copy(update={"database_url": database_url(address)}).database_address
    except PydanticCustomError as error:
        stop(f"The target cannot be used: {error}.")


def _next_steps(settings: "Settings", source: str, target: str, old_file: Path) -> list[str]:
    steps = [f"Set DATABASE_URL={shlex.quote(target)} for every process of the bot."]
    if settings.hash_key is None:
        key_file = settings.model_copy(update={"database_url": source}).key_path
        steps.append(f"Set HASH_KEY_FILE to a copy of {key_file} on each machine: old tokens are recognized with it.")
    steps.append("Run `amazon-token check`, then `amazon-token serve`.")
    if old_file.suffix == ".moved":
        steps.append(f"Keep {old_file} until you trust the new database, then delete it: it holds people's data.")
    else:
        steps.append(f"Another program has {old_file} open. Close it and move the file away: no bot may use it again.")
    return steps
