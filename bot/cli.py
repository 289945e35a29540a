"""The command `amazon-token`. What a command needs is imported when it runs, so that help is quick."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from enum import StrEnum
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.protocol import Store

app = typer.Typer(
    name="amazon-token",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    # Typer's own tracebacks show local variables, tokens among them.
    pretty_exceptions_enable=False,
)
tickets = typer.Typer(no_args_is_help=True)
app.add_typer(tickets, name="tickets", help="Look at the tickets.\n\nExample: amazon-token tickets list")

_UNUSABLE = 2


class Story(StrEnum):
    """A whole walkthrough that `demo` can play by itself."""

    happy = "happy"
    second_failure = "second-failure"
    too_old = "too-old"
    not_european = "not-european"
    bad_token = "bad-token"  # noqa: S105 - a story about a token
    three_accounts = "three-accounts"


class Lang(StrEnum):
    """The languages of the guides."""

    de = "de"
    en = "en"


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"amazon-token {version('amazon-token-bot')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Walk merchants in Slack through renewing the Amazon authorization of Speed4Trade CONNECT.

    Example: amazon-token demo
    """


@app.command()
def demo(
    play: Annotated[Story | None, typer.Option(help="Play this story without a browser and stop.")] = None,
    lang: Annotated[Lang, typer.Option(help="The language of the story's merchant.")] = Lang.de,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The sandbox's port; 0 takes a free one.")] = 0,
) -> None:
    """Try the bot in a Slack of your own: in the browser, or as a story played in the terminal.

    Without a terminal, and without --play, the story second-failure is played.

    Example: amazon-token demo --play happy --lang en
    """
    from bot.sandbox import demonstration  # noqa: PLC0415 - see the module's docstring

    story = play or (None if sys.stdout.isatty() else Story.second_failure)
    with _explained():
        raise typer.Exit(demonstration.demo(play=story.value if story else None, language=lang.value, port=port))


@app.command()
def serve() -> None:
    """Serve a Slack workspace until it is stopped (Ctrl-C).

    Example: amazon-token serve
    """
    with _explained():
        settings = _settings()
        from bot import logs  # noqa: PLC0415 - see the module's docstring

        logs.configure(settings.log_level, settings.log_format)
        from bot import serving  # noqa: PLC0415 - see the module's docstring

        try:
            serving.serve(settings)
        except serving.RefusedBySlack as error:
            _stop(str(error))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
                raise
            _stop(f"HOST and PORT ({settings.host}, {settings.port}) cannot be used: {error.strerror}. Set others.")


@app.command()
def check(
    *, live: Annotated[bool, typer.Option("--live", help="Ask Slack too: token, scopes, support channel.")] = False
) -> None:
    """Look whether settings, guide files, manifest and database are in order.

    Example: amazon-token check --live
    """
    from bot import checkup  # noqa: PLC0415 - see the module's docstring
    from bot.settings import SettingsError  # noqa: PLC0415 - see the module's docstring

    try:
        findings = checkup.check(_settings(), live=live)
    except SettingsError as error:
        findings = [checkup.Finding("✗", f"settings: {error}")]
    for finding in findings:
        typer.echo(str(finding))
    raise typer.Exit(any(finding.mark == "✗" for finding in findings))


@app.command()
def diagram(
    *, write: Annotated[bool, typer.Option("--write", help="Write docs/diagram.md instead of printing.")] = False
) -> None:
    """Print the walkthrough as a Mermaid diagram.

    Example: amazon-token diagram > walkthrough.mmd
    """
    from bot import diagram as drawing  # noqa: PLC0415 - see the module's docstring

    if not write:
        typer.echo(drawing.mermaid(), nl=False)
    elif drawing.FILE.parent.is_dir():
        drawing.FILE.write_text(drawing.document(), "utf-8")
        typer.echo(f"{drawing.FILE} is current")
    else:
        _stop(f"{drawing.FILE.parent} does not exist: run this in a checkout of the project")


@tickets.command("list")
def list_tickets(limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100) -> None:
    """List the tickets, newest first.

    Example: amazon-token tickets list --limit 20
    """
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring
    from rich.table import Table  # noqa: PLC0415 - see the module's docstring

    with _store() as store, store.transaction() as tx:
        found = tx.tickets(limit=limit)
    table = Table("Ticket", "State", "Priority", "Category", "Merchant", "Opened (UTC)", "Claimed by")
    for one in found:
        opened = f"{one.opened_at:%Y-%m-%d %H:%M}"
        table.add_row(
            str(one.number), one.state, one.priority, one.category, one.merchant_id, opened, one.claimed_by or ""
        )
    Console().print(table if found else "There are no tickets.")


@tickets.command("show")
def show_ticket(number: Annotated[int, typer.Argument(help="The ticket's number.")]) -> None:
    """Show one ticket as it is stored.

    Example: amazon-token tickets show 1001
    """
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring
    from rich.table import Table  # noqa: PLC0415 - see the module's docstring
    from rich.text import Text  # noqa: PLC0415 - see the module's docstring

    from bot.logs import masked  # noqa: PLC0415 - see the module's docstring

    with _store() as store, store.transaction() as tx:
        ticket = tx.ticket(number)
    if ticket is None:
        _stop(f"There is no ticket {number}.", status=1)
    table = Table(show_header=False)
    for field in fields(ticket):
        value = getattr(ticket, field.name)
        shown = "\n".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        # Text: square brackets in people's words are no markup.
        table.add_row(field.name, Text(masked(shown)))
    Console().print(table)


def _settings() -> "Settings":
    from bot.settings import load  # noqa: PLC0415 - see the module's docstring

    return load()


@contextmanager
def _store() -> "Iterator[Store]":
    """The store of the settings; looking never makes a database."""
    from bot.store.sqlite import open_store  # noqa: PLC0415 - see the module's docstring

    with _explained():
        settings = _settings()
        if not settings.database_path.exists():
            _stop(f"There is no database {settings.database_path} yet. See DATABASE_URL.")
        store = open_store(settings.database_url)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def _explained() -> Iterator[None]:
    """What the operator can mend is told on standard error, without a traceback, and the status is 2."""
    from bot.settings import SettingsError  # noqa: PLC0415 - see the module's docstring
    from bot.store.protocol import StoreError  # noqa: PLC0415 - see the module's docstring
    from conversations.guide import GuideError  # noqa: PLC0415 - see the module's docstring

    try:
        yield
    except (SettingsError, StoreError, GuideError) as error:
        _stop(str(error))


def _stop(text: str, status: int = _UNUSABLE) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(status)
