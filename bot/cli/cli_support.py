"""What the commands share: the settings, the store, and errors printed as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings.core import Settings
    from bot.store.protocol import Store
    from conversations.engine.procedure import AnyProcedure

_UNUSABLE = 2


def read_settings() -> "Settings":
    """The settings of the environment and of `.env`. Raises `SettingsError`."""
    from bot.settings.core import load  # noqa: PLC0415 - imported when a command runs, so that help is quick

    return load()


@contextmanager
def opened_store() -> "Iterator[Store]":
    """The store that the settings name, open for the block. Never creates a database."""
    from bot.store.choice import open_database  # noqa: PLC0415 - the same

    with explained():
        settings = read_settings()
        if settings.on_sqlite and not settings.database_path.exists():
            stop(f"There is no database {settings.database_path} yet. See DATABASE_URL.")
        store = open_database(settings.database_address)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def explained() -> Iterator[None]:
    """Print an error that the operator can correct on standard error, without a traceback, and exit with status 2."""
    from bot.settings.core import SettingsError  # noqa: PLC0415 - the same
    from bot.store.protocol import StoreError  # noqa: PLC0415 - the same
    from conversations.engine.texts import TextsError  # noqa: PLC0415 - the same

    try:
        yield
    except (SettingsError, StoreError, TextsError) as error:
        stop(str(error))


def procedure_named(name: str | None) -> "AnyProcedure":
    """The procedure of this ID, the first without one; ends the command when there is none."""
    from conversations.registry import PROCEDURES, first_of  # noqa: PLC0415 - the same

    if name is None:
        return first_of(PROCEDURES)
    if name not in PROCEDURES:
        stop(f"There is no procedure {name}. There are: {', '.join(PROCEDURES)}.")
    return PROCEDURES[name]


def stop(text: str, status: int = _UNUSABLE) -> NoReturn:
    """Print `text` on standard error and exit with `status`."""
    typer.echo(text, err=True)
    raise typer.Exit(status)
