"""The settings of ticket sync: copies of tickets by e-mail and to a webhook (docs/ticket-sync.md)."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import BaseSettings

from bot.settings import types
from conversations.engine.settings import OUR_CHOICE, Source, wrong

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def needed_by(name: str) -> Callable[[Any, ValidationInfo], Any]:
    """A check that the value is set when the setting `name` is."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if not value and info.data.get(name):
            raise wrong(f"it is missing, and {name.upper()} needs it")
        return value

    return check


def address(value: str) -> str:
    """One e-mail address, in ASCII and without a display name."""
    if not re.fullmatch(r"[^\s@,;<>\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", value, re.ASCII):
        raise wrong("it must be an address such as support@example.com, without a name")
    return value


def addresses(value: Any) -> Any:
    """From "a@example.com,b@example.com" to a tuple of both."""
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    return tuple(address(part) for part in parts if part)


def url(value: str) -> str:
    """A web address: https, or http on this machine."""
    parts = urlsplit(value)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not encrypted or not parts.hostname or parts.fragment or parts.username:
        raise wrong("it must begin with https:// (http:// on this machine only), without a user or a password in it")
    return value


_MAIL = Source("The settings for outgoing mail of your mail server.")


class TicketSyncSettings(BaseSettings):
    """The settings of ticket sync. E-mail and webhook are off unless their first setting is set."""

    ticket_sync_smtp_host: Annotated[str | None, _MAIL] = Field(
        default=None, description="Mail server. If set, tickets also go out by e-mail (docs/ticket-sync.md)."
    )
    ticket_sync_smtp_port: Annotated[int, _MAIL] = Field(
        default=587, ge=1, le=65535, description="Port of the mail server: 587 for starttls, 465 for tls."
    )
    ticket_sync_smtp_tls: Annotated[Literal["starttls", "tls", "none"], BeforeValidator(types.lower), _MAIL] = Field(
        default="starttls",
        description="Encryption: starttls, tls (from the start), or none (only for a server on this machine).",
    )
    ticket_sync_smtp_user: Annotated[str | None, _MAIL] = Field(
        default=None, description="User name for the login. Not set: no login."
    )
    ticket_sync_smtp_password: Annotated[
        SecretStr | None, AfterValidator(needed_by("ticket_sync_smtp_user")), _MAIL
    ] = Field(default=None, validate_default=True, description="Password for the login.")
    ticket_sync_smtp_from: Annotated[
        Annotated[str, AfterValidator(address)] | None, AfterValidator(needed_by("ticket_sync_smtp_host")), OUR_CHOICE
    ] = Field(default=None, validate_default=True, description="Sender address of the mails.")
    ticket_sync_smtp_to: Annotated[
        tuple[str, ...], BeforeValidator(addresses), AfterValidator(needed_by("ticket_sync_smtp_host")), OUR_CHOICE
    ] = Field(default="", validate_default=True, description="Recipients, separated by commas.")
    ticket_sync_smtp_reply_to: Annotated[Annotated[str, AfterValidator(address)] | None, OUR_CHOICE] = Field(
        default=None, description="Reply-To address, e.g. your help desk. Replies never reach the merchant."
    )
    ticket_sync_webhook_url: Annotated[
        Annotated[str, AfterValidator(url)] | None, Source("The address of your receiver (docs/ticket-sync.md).")
    ] = Field(default=None, description="If set, tickets are also posted to this address as signed JSON.")
    ticket_sync_webhook_secret: Annotated[
        Annotated[SecretStr, AfterValidator(types.hexadecimal)] | None,
        AfterValidator(needed_by("ticket_sync_webhook_url")),
        Source("Create one: openssl rand -hex 32"),
    ] = Field(default=None, validate_default=True, description="Key of the signature, shared with the receiver.")
