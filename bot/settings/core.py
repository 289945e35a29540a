"""Every setting, read once from the environment and from a file `.env`."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import NoDecode, SettingsConfigDict

from bot.settings import types as shapes
from bot.settings.support import SupportSettings
from bot.settings.ticket_sync import TicketSyncSettings
from bot.settings.types import OUR_CHOICE, Source
from conversations.amazon_token.policy import Policy
from conversations.engine.texts import Language

LogFormat = Literal["auto", "json", "console"]

_APP_PAGE = "https://api.slack.com/apps > your app"
_FAULTS = {"missing": "is missing", "no_way_in": "is missing, and so is SLACK_SIGNING_SECRET; one of the two is needed"}


class SettingsError(Exception):
    """The settings cannot be used. The message names each fault with its remedy and holds no value, so no secret."""


class Settings(SupportSettings, TicketSyncSettings):
    """What the operator decides. Each field is the environment variable of its name; empty means not set."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    slack_bot_token: Annotated[
        SecretStr, shapes.token("xoxb"), Source(f"{_APP_PAGE} > OAuth & Permissions > Bot User OAuth Token")
    ] = Field(description="With it the bot speaks in your workspace.")
    support_channel_id: Annotated[
        str,
        AfterValidator(shapes.channel),
        Source("In Slack: the channel's name > About > the channel ID, at the very bottom"),
    ] = Field(description="The channel that gets the tickets; its members are the support agents.")
    slack_signing_secret: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.signing_secret)] | None,
        Source(f"{_APP_PAGE} > Basic Information > App Credentials > Signing Secret"),
    ] = Field(
        default=None,
        description="With it the bot knows that a request over HTTP comes from Slack. Unused in Socket Mode.",
    )
    slack_app_token: Annotated[
        Annotated[SecretStr, shapes.token("xapp")] | None,
        Source(f"{_APP_PAGE} > Basic Information > App-Level Tokens, with the scope connections:write"),
    ] = Field(
        default=None,
        validate_default=True,
        description="With it the bot connects by itself (Socket Mode); without it Slack must reach it over HTTP.",
    )
    slack_api_url: Annotated[
        str, AfterValidator(shapes.api_url), Source("Leave it, unless you use another server.")
    ] = Field(
        default="https://slack.com/api/", description="Where the Web API of Slack, or of a compatible server, is."
    )
    support_locale: Annotated[Language, BeforeValidator(shapes.lower), OUR_CHOICE] = Field(
        default="de", description="The language of the support channel: de or en."
    )
    default_locale: Annotated[Language, BeforeValidator(shapes.lower), OUR_CHOICE] = Field(
        default="de", description="The language for people whose language Slack does not tell: de or en."
    )
    database_url: Annotated[str, AfterValidator(shapes.database_url), Source("Your choice; the folder must exist.")] = (
        Field(
            default="sqlite:///amazon-token.db",
            description="The file that holds walkthroughs, tickets and unsent messages.",
        )
    )
    host: Annotated[str, OUR_CHOICE] = Field(
        default="127.0.0.1", description="The address on which /healthz and, in HTTP mode, /slack/events answer."
    )
    port: Annotated[int, OUR_CHOICE] = Field(
        default=3000, ge=0, le=65535, description="The port for the same; 0 takes a free one."
    )
    guide_dir: Annotated[Annotated[Path, AfterValidator(shapes.folder)] | None, OUR_CHOICE] = Field(
        default=None,
        description="A folder with your own guide.de.yaml and guide.en.yaml; they replace our texts key by key.",
    )
    mws_notice: Annotated[bool, Source("Your choice: true or false.")] = Field(
        default=True,
        description="Whether the briefing says that Amazon has switched MWS off, and asks if orders still arrive.",
    )
    developer_ids: Annotated[
        dict[str, str],
        NoDecode,
        BeforeValidator(shapes.developer_ids),
        Source("Speed4Trade's handbook, „Amazon Accountverwaltung“"),
    ] = Field(
        default_factory=dict,
        description=(
            "Developer IDs for further combinations of region and key set, "
            "e.g. `north_america:standard=1234-5678-9012,far_east:standard=…`."
        ),
    )
    pictures: Annotated[bool, Source("Your choice: on or off.")] = Field(
        default=True, description="Whether steps show pictures of the screens. They are uploaded to the workspace once."
    )
    public_url: Annotated[
        Annotated[str, AfterValidator(shapes.public_url)] | None,
        Source("The address under which Slack reaches HOST and PORT through your proxy."),
    ] = Field(
        default=None,
        description="With it the bot serves the pictures itself, below `/pictures/`; without it they are uploaded.",
    )
    fetch_wait_minutes: Annotated[int, OUR_CHOICE] = Field(
        default=2, ge=0, le=120, description="The pause in minutes before orders are fetched a second time."
    )
    answer_minutes: Annotated[int | None, OUR_CHOICE] = Field(
        default=None, ge=2, description="Within how many minutes support usually answers. Not set: no promise is made."
    )
    remind_paused_minutes: Annotated[int, OUR_CHOICE] = Field(
        default=30,
        ge=1,
        le=1440,
        description="After how many quiet minutes a merchant whose orders are paused is reminded the first time.",
    )
    remind_paused_again_hours: Annotated[int, OUR_CHOICE] = Field(
        default=24, ge=1, le=720, description="How many hours after that the same merchant is reminded once more."
    )
    remind_waiting_hours: Annotated[int, OUR_CHOICE] = Field(
        default=48,
        ge=1,
        le=720,
        description="After how many quiet hours a merchant is reminded at any other step, once.",
    )
    remind_from_hour: Annotated[int, OUR_CHOICE] = Field(
        default=8, ge=0, le=22, description="The hour of the merchant's own day at which reminders begin."
    )
    remind_until_hour: Annotated[int, AfterValidator(shapes.later_than("remind_from_hour")), OUR_CHOICE] = Field(
        default=20,
        ge=1,
        le=23,
        description="The hour at which they end; what falls due later waits for the morning.",
    )
    retention_days: Annotated[int, Source("Your choice; docs/privacy.md says what it covers.")] = Field(
        default=180, ge=1, le=3650, description="How many days after its end a walkthrough or a ticket is forgotten."
    )
    hash_key: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.hexadecimal)] | None, Source("Make one: openssl rand -hex 32")
    ] = Field(
        default=None,
        description="The key by which tokens are compared. Not set: a key file beside the database, made once.",
    )
    messages_per_second: Annotated[float, Source("Leave it for Slack.")] = Field(
        default=1.0,
        gt=0,
        le=1000,
        description="How many new messages a second may go to one conversation after a burst of five.",
    )
    send_limit_seconds: Annotated[float, Source("Leave it for Slack.")] = Field(
        default=10.0, gt=0, le=120, description="How many seconds one request to Slack may take."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(shapes.upper), OUR_CHOICE] = (
        Field(default="INFO", description="The least important events that are logged: DEBUG, INFO, WARNING or ERROR.")
    )
    log_format: Annotated[LogFormat, BeforeValidator(shapes.lower), OUR_CHOICE] = Field(
        default="auto", description="json, console, or auto: console on a terminal, else json."
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_missing(cls, data: dict[str, Any]) -> dict[str, Any]:
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @field_validator("slack_app_token")
    @classmethod
    def _some_way_in(cls, value: SecretStr | None, info: Any) -> SecretStr | None:
        if value is None and info.data.get("slack_signing_secret", "wrong") is None:
            raise PydanticCustomError("no_way_in", "missing")
        return value

    @property
    def database_path(self) -> Path:
        """The file that `database_url` names."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def key_path(self) -> Path:
        """The file that holds the key of the hashes unless `hash_key` is set."""
        return self.database_path.with_name(f"{self.database_path.name}.key")

    @property
    def socket_mode(self) -> bool:
        """The bot connects to Slack by itself; otherwise it waits for requests over HTTP."""
        return self.slack_app_token is not None

    def policy(self) -> Policy:
        """The settings that the walkthrough itself depends on."""
        return Policy(
            mws_notice=self.mws_notice,
            configured_ids=self.developer_ids,
            fetch_wait_minutes=self.fetch_wait_minutes,
            answer_minutes=self.answer_minutes,
        )

    @classmethod
    def read(cls, env_file: Path | None) -> Self:
        """The settings of the environment and, below it, of `env_file`. `SettingsError` lists every fault."""
        try:
            return cls(_env_file=env_file)
        except ValidationError as error:
            faults = "\n\n".join(_fault(cls.model_fields, one) for one in error.errors(include_input=False))
            raise SettingsError(f"The settings (environment or .env) cannot be used.\n\n{faults}") from None
        except (OSError, UnicodeDecodeError):
            raise SettingsError(
                f"{env_file} cannot be read. It must be a text file in UTF-8 that this user may read."
            ) from None


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of the environment and, below it, of `env_file`. `SettingsError` lists every fault."""
    return Settings.read(env_file)


def where(field: FieldInfo) -> str:
    """Where the operator finds the value of this setting."""
    return next(one.text for one in field.metadata if isinstance(one, Source))


def _fault(fields: dict[str, FieldInfo], error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    what = _FAULTS.get(error["type"], f"is wrong: {error['msg'][:1].lower()}{error['msg'][1:]}")
    lines = [f"{name.upper()} {what}."]
    for one in (name, "slack_signing_secret") if error["type"] == "no_way_in" else (name,):
        also = f" ({one.upper()})" if one != name else ""
        lines += [f"  What for{also}: {fields[one].description}", f"  Where{also}: {where(fields[one])}"]
    return "\n".join(lines)


def markdown() -> str:
    """The table of all settings for docs/settings.md."""
    lines = ["| Setting | Default | What for | Where to find it |", "|---|---|---|---|"]
    later = (SupportSettings.model_fields, TicketSyncSettings.model_fields)
    for name, field in sorted(Settings.model_fields.items(), key=lambda one: [one[0] in part for part in later[::-1]]):
        lines.append(f"| `{name.upper()}` | {_default(field)} | {field.description} | {where(field)} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True, validated_data={})
    return "" if default in (None, {}, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"
