"""The command `amazon-token`. Each command imports what it needs when it runs, so that `--help` is quick."""

import errno
from dataclasses import fields
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import ask, data, databases, guide, invite, outbox, stats
from bot.cli.cli_support import explained, opened_store, procedure_named, read_settings, stop

app = typer.Typer(
    name="amazon-token",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    # Typer's own tracebacks show local variables, tokens among them.
    pretty_exceptions_enable=False,
)
tickets = typer.Typer(no_args_is_help=True)
procedures = typer.Typer(invoke_without_command=True)
app.add_typer(procedures, name="procedures")
app.add_typer(tickets, name="tickets", help="List and show tickets.\n\nExample: amazon-token tickets list")
app.add_typer(outbox.app, name="outbox", help=outbox.HELP)
data.add_to(app)
stats.add_to(app)
guide.add_to(app)
ask.add_to(app)
invite.add_to(app)
databases.add_to(app)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"amazon-token {version('amazon-token-bot')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A Slack bot that walks merchants through renewing the Amazon authorization of Speed4Trade CONNECT.

    Example: amazon-token demo
    """


@app.command()
def serve(
    *,
    accept_loss: Annotated[
        bool,
        typer.Option(
            "--accept-loss",
            help="Start even if a part of the database is missing. What is lost is logged, and a log file of another "
            "database is moved aside.",
        ),
    ] = False,
) -> None:
    """Run the bot for a Slack workspace until Ctrl-C or SIGTERM.

    Example: amazon-token serve
    """
    with explained():
        settings = read_settings()
        from bot.app import logs  # noqa: PLC0415 - see the module's docstring

        logs.configure(settings.log_level, settings.log_format)
        _warn_of_names()
        from bot.app import server  # noqa: PLC0415 - see the module's docstring

        try:
            if accept_loss:
                server.accept_loss(settings)
            server.serve(settings)
        except server.RefusedBySlack as error:
            stop(str(error))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
                raise
            stop(f"HOST and PORT ({settings.host}, {settings.port}) cannot be used: {error.strerror}. Set others.")


def _warn_of_names() -> None:
    import structlog  # noqa: PLC0415 - see the module's docstring

    from bot.settings.core import misspelt_settings  # noqa: PLC0415 - see the module's docstring
    from bot.settings.old_names import renamed_settings  # noqa: PLC0415 - see the module's docstring

    for setting in renamed_settings():
        structlog.get_logger().warning("setting_renamed", old=setting.old, new=setting.new, ignored=setting.ignored)
    for unknown in misspelt_settings():
        structlog.get_logger().warning("setting_unknown", name=unknown.name, meant=unknown.meant)


@app.command()
def check(
    *,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Also ask Slack about tokens, scopes, the support channel and every message, form and Home tab, and "
            "reach the mail server and the webhook.",
        ),
    ] = False,
    rehearse: Annotated[
        str | None,
        typer.Option(
            metavar="USER",
            help="With --live: post a message with a picture and a reply in this person's direct message, then delete "
            "everything. Your own ID (U…): in Slack, your picture > Profile > ⋮ > Copy member ID.",
        ),
    ] = None,
) -> None:
    """Check settings, text files, manifest and database. Exits with status 1 when something is broken.

    Example: amazon-token check --live
    """
    from bot.cli import check as installation  # noqa: PLC0415 - see the module's docstring
    from bot.cli.findings import Finding  # noqa: PLC0415 - see the module's docstring
    from bot.cli.rehearsal import WHERE_IS_MY_ID, member_id  # noqa: PLC0415 - see the module's docstring
    from bot.settings.core import SettingsError, misspelt_settings  # noqa: PLC0415 - see the module's docstring
    from bot.settings.old_names import renamed_settings  # noqa: PLC0415 - see the module's docstring

    user_id = member_id(rehearse) if rehearse is not None else None
    if rehearse is not None and not live:
        stop("--rehearse needs --live.")
    if rehearse is not None and user_id is None:
        stop(f"--rehearse needs your user ID (U…): Slack does not say who uses a token. {WHERE_IS_MY_ID}")
    try:
        findings = installation.check(
            read_settings(),
            live=live,
            renamed=renamed_settings(),
            misspelt=misspelt_settings(),
            rehearse_with=user_id,
            say=partial(typer.echo, err=True),
            show=typer.echo,
        )
    except SettingsError as error:
        findings = [Finding("✗", f"settings: {error}")]
        typer.echo(findings[0])
    raise typer.Exit(any(finding.mark == "✗" for finding in findings))


@app.command()
def diagram(
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write docs/diagram.md, with the ticket's chart, instead of printing.")
    ] = False,
) -> None:
    """Print the statecharts of the procedures as Mermaid diagrams.

    Example: amazon-token diagram > walkthrough.mmd
    """
    from bot.cli import diagram as drawing  # noqa: PLC0415 - see the module's docstring
    from conversations.registry import PROCEDURES  # noqa: PLC0415 - see the module's docstring

    if not write:
        typer.echo("\n".join(map(drawing.mermaid, PROCEDURES.values())), nl=False)
    elif drawing.FILE.parent.is_dir():
        drawing.FILE.write_text(drawing.document(), "utf-8")
        typer.echo(f"{drawing.FILE} is up to date")
    else:
        stop(f"{drawing.FILE.parent} does not exist: run this in a checkout of the project")


@procedures.callback()
def list_procedures(
    context: typer.Context,
    keys: Annotated[
        str | None, typer.Option(help="Print the keys of this procedure's text files instead.", metavar="ID")
    ] = None,
) -> None:
    """List the procedures: their steps, their settings, and the stories that `amazon-token demo` can play.

    Example: amazon-token procedures
    """
    from bot.cli.procedures import listing, skeleton  # noqa: PLC0415 - see the module's docstring

    if context.invoked_subcommand is not None:
        return
    with explained():
        typer.echo(listing() if keys is None else skeleton(procedure_named(keys)))


@procedures.command("new")
def new_procedure(
    name: Annotated[str, typer.Argument(help="The ID: two words or more, in small letters, with an underscore.")],
) -> None:
    """Write a folder with a small working procedure to start from: texts, picture, question, examples and a test.

    Example: amazon-token procedures new tea_kettle
    """
    from bot.cli.procedures_new import write  # noqa: PLC0415 - see the module's docstring

    typer.echo(write(name, Path()))


@app.command()
def pictures(
    sheet: Annotated[Path | None, typer.Option(help="Write all pictures on one sheet into this PNG file.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write one PNG file for each picture and language into this folder.")
    ] = None,
    guide_dir: Annotated[
        Path | None, typer.Option(envvar="GUIDE_DIR", help="A folder with your own text files.")
    ] = None,
) -> None:
    """Write the pictures of the steps, in both languages, to files.

    The sheet shows each picture at full size and at a phone's width. The developer ID in them is made up.

    Example: amazon-token pictures --sheet pictures.png
    """
    from bot.images.sheet import contact_sheet, write_each  # noqa: PLC0415 - see the module's docstring
    from conversations.all_texts import load_texts  # noqa: PLC0415 - see the module's docstring
    from conversations.registry import PROCEDURES  # noqa: PLC0415 - see the module's docstring

    if sheet is None and out is None:
        stop("Name what to write: --sheet FILE, --out FOLDER, or both.")
    with explained():
        all_texts = load_texts(guide_dir)
    try:
        if sheet is not None:
            sheet.write_bytes(contact_sheet(all_texts, PROCEDURES))
            typer.echo(f"{sheet} shows every picture")
        if out is not None:
            typer.echo(f"{len(write_each(all_texts, PROCEDURES, out))} pictures are in {out}")
    except OSError as error:
        stop(f"{error.filename} cannot be written: {error.strerror}. Name another place.")


@tickets.command("list")
def list_tickets(limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 100) -> None:
    """List tickets, newest first.

    Example: amazon-token tickets list --limit 20
    """
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring
    from rich.table import Table  # noqa: PLC0415 - see the module's docstring

    with opened_store() as store, store.transaction() as tx:
        listed = tx.tickets(limit=limit)
    table = Table("Ticket", "State", "Priority", "Category", "Merchant", "Opened (UTC)", "Claimed by")
    for ticket in listed:
        table.add_row(
            str(ticket.number), ticket.state, ticket.priority, ticket.category, ticket.merchant_id,
            f"{ticket.opened_at:%Y-%m-%d %H:%M}", ticket.claimed_by or "",
        )  # fmt: skip
    Console().print(table if listed else "There are no tickets.")


@tickets.command("show")
def show_ticket(number: Annotated[int, typer.Argument(help="The ticket's number.")]) -> None:
    """Show the stored fields of one ticket. Secrets are masked.

    Example: amazon-token tickets show 1001
    """
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring
    from rich.table import Table  # noqa: PLC0415 - see the module's docstring
    from rich.text import Text  # noqa: PLC0415 - see the module's docstring

    from bot.app.logs import masked  # noqa: PLC0415 - see the module's docstring

    with opened_store() as store, store.transaction() as tx:
        ticket = tx.ticket(number)
    if ticket is None:
        stop(f"There is no ticket {number}.", status=1)
    table = Table(show_header=False)
    for field in fields(ticket):
        value = getattr(ticket, field.name)
        shown = "\n".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        # Text: square brackets in people's words are no markup.
        table.add_row(field.name, Text(masked(shown)))
    Console().print(table)
