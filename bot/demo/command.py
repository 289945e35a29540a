"""The options and help of the command `amazon-token demo`."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Annotated

import typer


class PlayLanguage(StrEnum):
    """The languages that the merchant of a play can have."""

    de = "de"
    en = "en"


def add_to(app: typer.Typer, explained: Callable[[], AbstractContextManager[None]]) -> None:
    """Add the command to `app`. `explained` prints errors that the operator can correct."""

    @app.command()
    def demo(
        play: Annotated[
            str | None,
            typer.Option(help="Play this story in the terminal and exit; `amazon-token procedures` lists them."),
        ] = None,
        lang: Annotated[
            PlayLanguage, typer.Option(help="The language of the merchant in the story.")
        ] = PlayLanguage.de,
        database: Annotated[
            str | None,
            typer.Option(
                metavar="URL",
                help="Use PostgreSQL: postgresql://user@host/database. A schema is created in it, and dropped at the "
                "end. A password comes from PGPASSWORD or ~/.pgpass.",
            ),
        ] = None,
        port: Annotated[int, typer.Option(min=0, max=65535, help="The sandbox's port; 0 picks a free one.")] = 0,
        *,
        grid: Annotated[
            bool, typer.Option("--grid", help="Let the simulated Slack be an Enterprise Grid of several workspaces.")
        ] = False,
    ) -> None:
        """Try the bot without a Slack workspace: in the browser, or as a story in the terminal.

        Starts the bot with a simulated Slack, the sandbox. Without a terminal, and without --play, it plays the
        story that shows most.

        Example: amazon-token demo --play happy --lang en
        """
        from bot.demo import demonstration, stories  # noqa: PLC0415 - help is quick without it

        if play is not None and play not in stories.all_plays():
            raise typer.BadParameter(f"there is no such story; there are {', '.join(stories.all_plays())}")
        story = play or (None if sys.stdout.isatty() else stories.main_play())
        with explained():
            raise typer.Exit(
                demonstration.demo(play=story, language=lang.value, port=port, database=database, grid=grid)
            )

    @app.command("serve-demo", hidden=True)
    def serve_demo() -> None:
        """Run the bot of the demonstration, whose clock is moved by lines on standard input.

        The demonstration starts it by itself; it is not for a real workspace.

        Example: amazon-token serve-demo
        """
        from bot.app import logs  # noqa: PLC0415 - the same
        from bot.demo import clock  # noqa: PLC0415 - the same
        from bot.settings.core import load  # noqa: PLC0415 - the same

        with explained():
            settings = load()
            logs.configure(settings.log_level, settings.log_format)
            clock.serve(settings)
