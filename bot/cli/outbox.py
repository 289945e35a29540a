"""`amazon-token outbox`: messages that have not arrived. Their text is never shown."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.cli_support import opened_store, stop

if TYPE_CHECKING:
    from bot.store.models import Row
    from bot.store.protocol import Store

HELP = "List, retry, resume and drop messages that have not arrived.\n\nExample: amazon-token outbox list"

app = typer.Typer(no_args_is_help=True)
Beginning = Annotated[str, typer.Argument(metavar="KEY", help="The row's key, or its beginning.")]
_MOST_NAMED = 5
"""Keys that are listed when a beginning fits several."""


@app.command("list")
def list_rows(limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 100) -> None:
    """List messages that have not arrived: dead letters first, then those that are waiting. Never shows their text.

    Example: amazon-token outbox list --limit 20
    """
    from rich.console import Console  # noqa: PLC0415 - imported when a command runs, so that help is quick
    from rich.table import Table  # noqa: PLC0415 - the same

    with opened_store() as store:
        rows, counts = store.unsent(limit), store.outbox_counts()
    if not rows:
        typer.echo("Everything has been delivered.")
        return
    table = Table(show_lines=True)
    table.add_column("Key, method and ordering key, error", overflow="fold")
    for name in ("State", "Tries", "Age", "Due in"):
        table.add_column(name, no_wrap=True)
    now = datetime.now(UTC)
    for row in rows:
        table.add_row(*_cells(row, now))
    Console().print(table)
    totals = ", ".join(f"{counts[state]} {state}" for state in ("dead", "running", "pending"))
    typer.echo(f"{len(rows)} shown of {totals}.")


@app.command("show")
def show_row(beginning: Beginning) -> None:
    """Show one row: everything except its text, and what can be done about its error.

    Example: amazon-token outbox show 3f2a9c
    """
    from rich.console import Console  # noqa: PLC0415 - the same
    from rich.table import Table  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    from bot.app.logs import masked  # noqa: PLC0415 - the same
    from bot.slack_api.errors import CLOSED_CODES, REVOKED_CODES, remedy  # noqa: PLC0415 - the same

    with opened_store() as store:
        key = _key(store, beginning)
        row = store.row(key)
    if row is None:
        stop(f"There is no row {key}.", status=1)
    now = datetime.now(UTC)
    facts = {
        "key": row.key, "state": row.state, "method": row.method, "team": row.destination.team_id,
        "to": row.destination.to,
        "ordering key": row.ordering_key, "changes": row.target, "thread of": row.thread, "walk": row.walk_id,
        "attempts": row.attempts, "made": f"{row.created_at:%Y-%m-%d %H:%M:%S} UTC ({_age(now - row.created_at)} ago)",
        "due": f"{row.due_at:%Y-%m-%d %H:%M:%S} UTC", "channel": row.channel, "ts": row.ts, "error": row.error,
        "remedy": remedy(row.error or "") if row.state == "dead" or row.error in REVOKED_CODES | CLOSED_CODES else None,
    }  # fmt: skip
    table = Table(show_header=False)
    for name, value in facts.items():
        # Only an error repeats what others said; the rest is the bot's own, and a key must be readable to be typed.
        shown = masked(str(value)) if name == "error" and value is not None else value
        table.add_row(name, Text("" if shown is None else str(shown), overflow="fold"))
    Console().print(table)


@app.command("retry")
def retry_row(beginning: Beginning) -> None:
    """Try a dead or waiting message now. The bot first checks whether Slack has it, so it is not sent twice.

    Example: amazon-token outbox retry 3f2a9c
    """
    with opened_store() as store:
        key = _key(store, beginning)
        queued, state = store.send_again(key, datetime.now(UTC)), store.state(key)
    if not queued:
        stop(_not(key, state, "dead or pending"), status=1)
    typer.echo(f"{key} is pending and due now; `amazon-token serve` sends it.")


@app.command("resume")
def resume_destination(
    destination: Annotated[
        str, typer.Argument(metavar="DESTINATION", help="A channel's or person's ID, or an ordering key of the list.")
    ],
) -> None:
    """Send now what is waiting for one destination, in order, for instance when a channel is open again.

    Tickets' cards that were given up there are tried again too, with their threads.

    Example: amazon-token outbox resume C0123456789
    """
    from bot.services.card_repair import RESUMED  # noqa: PLC0415 - the same

    with opened_store() as store:
        now = datetime.now(UTC)
        resumed = store.resume(destination, now)
        with store.transaction() as tx:
            if cards := len(tx.dead_cards(destination)):
                tx.schedule_job(f"{RESUMED}{destination}", now)
    if not resumed and not cards:
        stop(f"Nothing waits for {destination}; `amazon-token outbox list` shows what waits.", status=1)
    again = f" Cards that were given up: {cards}, tried again within 15 seconds." if cards else ""
    typer.echo(f"{resumed} for {destination} are due now; `amazon-token serve` sends them.{again}")


@app.command("drop")
def drop_row(beginning: Beginning) -> None:
    """Drop a dead or pending row for good. Its text is deleted, and edits and replies that depend on it are not sent.

    Example: amazon-token outbox drop 3f2a9c
    """
    with opened_store() as store:
        key = _key(store, beginning)
        dropped, state = store.drop_unsent(key), store.state(key)
        store.scrub(datetime.now(UTC))
    if not dropped:
        stop(_not(key, state, "dead or pending"), status=1)
    typer.echo(f"{key} is dropped and will not be sent.")


def _key(store: "Store", beginning: str) -> str:
    """The key of the only row not arrived that begins so, else `beginning`; several end the command."""
    keys = store.unsent_keys(beginning, _MOST_NAMED + 1)
    if len(keys) > 1 and beginning not in keys:
        more = ", …" if len(keys) > _MOST_NAMED else ""
        stop(f"Several keys begin with {beginning}: {', '.join(keys[:_MOST_NAMED])}{more}; type more.", status=1)
    return keys[0] if len(keys) == 1 else beginning


def _not(key: str, state: str | None, wanted: str) -> str:
    return f"There is no row {key}." if state is None else f"{key} is {state}, not {wanted}; nothing was changed."


def _cells(row: "Row", now: datetime) -> list[str]:
    from rich.markup import escape  # noqa: PLC0415 - the same

    from bot.app.logs import masked  # noqa: PLC0415 - the same

    due = _age(row.due_at - now) if row.state != "dead" else ""
    # Each on a line of its own, so that a key is in one piece on a narrow terminal too: it has to be typed again.
    about = [row.key, f"{row.method} {row.ordering_key or ''}", masked(row.error or "")]
    cells = ["\n".join(filter(None, about)), row.state, str(row.attempts), _age(now - row.created_at), due]
    return [escape(cell) for cell in cells]


def _age(span: timedelta) -> str:
    """A duration in its largest unit; a negative one is "now"."""
    seconds = int(span.total_seconds())
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        if seconds >= unit:
            return f"{seconds // unit} {name}"
    return "now"
