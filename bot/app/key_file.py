"""The key for the hashes by which tokens are compared."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from bot.settings.core import Settings, SettingsError
from bot.settings.types import hexadecimal


def hash_key(settings: Settings) -> bytes:
    """The setting `HASH_KEY`, else the content of the key file beside the database, which is made when missing.

    Raises `SettingsError` when the file cannot be used.
    """
    if settings.hash_key is not None:
        return bytes.fromhex(settings.hash_key.get_secret_value())
    path = settings.key_path
    try:
        if not path.exists():
            _make_key(path)
        return bytes.fromhex(hexadecimal(SecretStr(path.read_text("ascii").strip())).get_secret_value())
    except OSError as error:
        raise SettingsError(
            f"The key file {path} cannot be used: {error.strerror}. Let this user write there."
        ) from None
    except (ValueError, PydanticCustomError):
        raise SettingsError(
            f"The key file {path} does not hold a key. Put it back from your backup; if there is none, remove it: "
            "a new one is made, and old tokens that people let the bot remember are not recognized any more."
        ) from None


def _make_key(path: Path) -> None:
    """Make the key file completely or not at all, readable by this user only. Of two processes the first one wins."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.token_hex(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
