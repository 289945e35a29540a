"""The `_FILE` twins: a secret setting whose value is in a file, as Docker, Kubernetes and systemd hand secrets over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr

SUFFIX = "_file"


def secret_names(settings: type[BaseModel]) -> list[str]:
    """The names of the settings whose values are secret."""
    return [name for name, field in settings.model_fields.items() if _is_secret(field.annotation)]


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


def values_of_files(settings: type[BaseModel], given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that are in files, and what is wrong with the others, each by the name of its setting.

    `given` is what the environment and `.env` set, by name in lower case.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in secret_names(settings):
        path = given.get(f"{name}{SUFFIX}")
        if path is None:
            continue
        twin = f"{name}{SUFFIX}".upper()
        if name in given:
            faults[name] = f"{name.upper()} and {twin} are both set. Remove one of them."
            continue
        try:
            value = Path(path).read_text("utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it must be a text file in UTF-8"
            faults[name] = f"{twin}: {path} cannot be read: {reason}."
            continue
        values[name] = SecretStr(value.strip())
        if not value.strip():
            faults[name] = f"{twin}: {path} is empty. It must hold the value of {name.upper()}."
    return values, faults
