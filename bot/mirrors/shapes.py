"""What a mirror's setting must look like."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationInfo

from bot.setting_shapes import wrong

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def needed_by(name: str) -> Callable[[Any, ValidationInfo], Any]:
    """A check that this is set where the setting `name` is."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if not value and info.data.get(name):
            raise wrong(f"it is missing, and {name.upper()} needs it")
        return value

    return check


def address(value: str) -> str:
    """One mail address, without a name and in ASCII."""
    if not re.fullmatch(r"[^\s@,;<>\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", value, re.ASCII):
        raise wrong("it must be an address such as support@example.com, without a name")
    return value


def addresses(value: Any) -> Any:
    """From "a@example.com,b@example.com" to both."""
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    return tuple(address(part) for part in parts if part)


def url(value: str) -> str:
    """An encrypted web address, or one on this machine."""
    parts = urlsplit(value)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not encrypted or not parts.hostname or parts.fragment or parts.username:
        raise wrong("it must begin with https:// (http:// on this machine only), without a user or a password in it")
    return value
