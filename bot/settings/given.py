"""What the environment and the `.env` file set, before anything is checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

_ALIKE = 0.82
"""How alike two names are, from 0 to 1, when one is held to be the other, misspelt."""


@dataclass(frozen=True)
class MisspeltSetting:
    """A name that is set and is no setting, and the setting that is probably meant."""

    name: str
    meant: str


def given_values(env_file: Path | None) -> Mapping[str, str]:
    """What the environment and, below it, `env_file` set, by name in lower case. An empty value is none.

    Raises `OSError` or `UnicodeDecodeError` when `env_file` cannot be read.
    """
    environment = EnvSettingsSource(BaseSettings).env_vars
    file = DotEnvSettingsSource(BaseSettings, env_file=env_file, env_file_encoding="utf-8").env_vars
    return {name: value for name, value in {**file, **environment}.items() if value and value.strip()}


def misspelt(names: Collection[str], known: Collection[str]) -> tuple[MisspeltSetting, ...]:
    """Those of `names` that are not `known` and look like one that is. All are in lower case."""
    found = ((name, get_close_matches(name, known, n=1, cutoff=_ALIKE)) for name in names if name not in known)
    return tuple(MisspeltSetting(name.upper(), close[0].upper()) for name, close in found if close)
