"""The settings of the database, and of the key that must not be in it."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from bot.settings import types
from conversations.engine.settings import OUR_CHOICE, Source


class DatabaseSettings(BaseSettings):
    """The settings of the database."""

    database_url: Annotated[
        str, AfterValidator(types.database_url), Source("Your choice; the folder, or the database, must exist.")
    ] = Field(
        default="sqlite:///amazon-token.db",
        description="Where walkthroughs, tickets and the outbox are: a SQLite file, or `postgresql://user@host/database`.",
    )
    database_password: Annotated[SecretStr | None, Source("For PostgreSQL: the password of that user.")] = Field(
        default=None,
        description="The password for PostgreSQL. Not set: `PGPASSWORD`, `~/.pgpass` or none, as with psql.",
    )
    store_threads: Annotated[int, OUR_CHOICE] = Field(
        default=4, ge=1, le=32, description="With PostgreSQL: how many use cases one process works on at the same time."
    )
    hash_key: Annotated[
        Annotated[SecretStr, AfterValidator(types.hexadecimal)] | None, Source("Create one: openssl rand -hex 32")
    ] = Field(
        default=None,
        validate_default=True,
        description="Key of the hashes that compare tokens. Not set: a key file next to the SQLite file, created once.",
    )

    @field_validator("hash_key")
    @classmethod
    def _key_for_all_processes(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and not str(info.data.get("database_url", "sqlite:")).startswith("sqlite:"):
            raise PydanticCustomError("no_hash_key", "missing")
        return value

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.database_url.startswith("sqlite:")

    @property
    def database_path(self) -> Path:
        """The file that `database_url` names."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def database_address(self) -> str:
        """`database_url` with the password: not to be shown."""
        if self.database_password is None or self.on_sqlite:
            return self.database_url
        parts = urlsplit(self.database_url)
        user, _, host = parts.netloc.rpartition("@")
        password = quote(self.database_password.get_secret_value(), safe="")
        return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))

    @property
    def database_name(self) -> str:
        """The database for people to read."""
        return str(self.database_path) if self.on_sqlite else self.database_url

    @property
    def key_path(self) -> Path:
        """The file with the hash key, used when `hash_key` is not set."""
        return self.database_path.with_name(f"{self.database_path.name}.key")
