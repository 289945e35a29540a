"""What a mirror's setting must look like."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode

from bot.settings import types as shapes
from bot.settings.types import OUR_CHOICE, Source, wrong

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


_MAIL = Source("Your mail server's settings for outgoing mail.")


class TicketSyncSettings(BaseSettings):
    """What the operator decides about mirrors. Each is off unless its first setting is set."""

    mirror_smtp_host: Annotated[str | None, _MAIL] = Field(
        default=None, description="With it tickets also go by e-mail (docs/mirrors.md): the name of the mail server."
    )
    mirror_smtp_port: Annotated[int, _MAIL] = Field(
        default=587, ge=1, le=65535, description="Its port: 587 for starttls, 465 for tls."
    )
    mirror_smtp_tls: Annotated[Literal["starttls", "tls", "none"], BeforeValidator(shapes.lower), _MAIL] = Field(
        default="starttls",
        description="How the line to it is encrypted: starttls, tls (from the start), or none (on this machine only).",
    )
    mirror_smtp_user: Annotated[str | None, _MAIL] = Field(
        default=None, description="The name to log in with. Not set: without a login."
    )
    mirror_smtp_password: Annotated[SecretStr | None, AfterValidator(needed_by("mirror_smtp_user")), _MAIL] = Field(
        default=None, validate_default=True, description="The password for it."
    )
    mirror_smtp_from: Annotated[
        Annotated[str, AfterValidator(address)] | None,
        AfterValidator(needed_by("mirror_smtp_host")),
        OUR_CHOICE,
    ] = Field(default=None, validate_default=True, description="The address that the mails come from.")
    mirror_smtp_to: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(addresses),
        AfterValidator(needed_by("mirror_smtp_host")),
        OUR_CHOICE,
    ] = Field(default="", validate_default=True, description="Where they go; several addresses are parted by commas.")
    mirror_smtp_reply_to: Annotated[Annotated[str, AfterValidator(address)] | None, OUR_CHOICE] = Field(
        default=None, description="Where an answer to a mail goes, e.g. your help desk. It never reaches the merchant."
    )
    mirror_webhook_url: Annotated[
        Annotated[str, AfterValidator(url)] | None, Source("Your receiver's address (docs/mirrors.md).")
    ] = Field(default=None, description="With it tickets also go to this address, as signed JSON.")
    mirror_webhook_secret: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.hexadecimal)] | None,
        AfterValidator(needed_by("mirror_webhook_url")),
        Source("Make one: openssl rand -hex 32"),
    ] = Field(default=None, validate_default=True, description="The key of the signature; the receiver knows it too.")
