"""The settings of the mirrors: where tickets go besides the support channel."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from bot import setting_shapes as shapes
from bot.mirrors import shapes as own
from bot.setting_shapes import OUR_CHOICE, Where

_MAIL = Where("Your mail server's settings for outgoing mail.")


class MirrorSettings(BaseSettings):
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
    mirror_smtp_password: Annotated[SecretStr | None, AfterValidator(own.needed_by("mirror_smtp_user")), _MAIL] = Field(
        default=None, validate_default=True, description="The password for it."
    )
    mirror_smtp_from: Annotated[
        Annotated[str, AfterValidator(own.address)] | None,
        AfterValidator(own.needed_by("mirror_smtp_host")),
        OUR_CHOICE,
    ] = Field(default=None, validate_default=True, description="The address that the mails come from.")
    mirror_smtp_to: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(own.addresses),
        AfterValidator(own.needed_by("mirror_smtp_host")),
        OUR_CHOICE,
    ] = Field(default="", validate_default=True, description="Where they go; several addresses are parted by commas.")
    mirror_smtp_reply_to: Annotated[Annotated[str, AfterValidator(own.address)] | None, OUR_CHOICE] = Field(
        default=None, description="Where an answer to a mail goes, e.g. your help desk. It never reaches the merchant."
    )
    mirror_webhook_url: Annotated[
        Annotated[str, AfterValidator(own.url)] | None, Where("Your receiver's address (docs/mirrors.md).")
    ] = Field(default=None, description="With it tickets also go to this address, as signed JSON.")
    mirror_webhook_secret: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.hexadecimal)] | None,
        AfterValidator(own.needed_by("mirror_webhook_url")),
        Where("Make one: openssl rand -hex 32"),
    ] = Field(default=None, validate_default=True, description="The key of the signature; the receiver knows it too.")
