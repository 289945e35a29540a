"""All settings, read once from the environment and from a `.env` file."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import SettingsConfigDict

from bot.settings import types
from bot.settings.database import DatabaseSettings
from bot.settings.given import MisspeltSetting, given_values, misspelt
from bot.settings.old_names import OLD_NAMES, renamed_settings, values_of_old_names
from bot.settings.secret_files import SUFFIX, secret_names, values_of_files
from bot.settings.support import SupportSettings
from bot.settings.ticket_sync import TicketSyncSettings
from conversations.engine.procedure import Procedure
from conversations.engine.settings import OUR_CHOICE, ProcedureSettings, Source
from conversations.engine.texts import Language
from conversations.registry import PROCEDURES, Procedures

S = TypeVar("S", bound=ProcedureSettings)

LogFormat = Literal["auto", "json", "console"]

_APP_PAGE = "https://api.slack.com/apps > your app"
_FAULTS = {
    "missing": "is missing",
    "no_way_in": "is missing, and so is SLACK_SIGNING_SECRET; one of the two is needed",
    "no_hash_key": "is missing; with PostgreSQL every process needs the same one",
}

_NEEDS = {"no_way_in": {"slack_app_token", "slack_signing_secret"}}
"""The settings that an error is about, by its type, where they are not the one in its place."""


class SettingsError(Exception):
    """The settings cannot be used. The message names each fault with its remedy and repeats no value, so no secret."""


class Settings(DatabaseSettings, SupportSettings, TicketSyncSettings):
    """All settings. Each field is the environment variable of the same name; an empty value means not set."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        enable_decoding=False,  # every list has a parser of its own
    )

    slack_bot_token: Annotated[
        SecretStr, types.token("xoxb"), Source(f"{_APP_PAGE} > OAuth & Permissions > Bot User OAuth Token")
    ] = Field(description="The bot token, which the bot needs for every call to Slack.")
    support_channel_id: Annotated[
        str,
        AfterValidator(types.channel),
        Source("In Slack: the channel's name > About > the channel ID, at the very bottom"),
    ] = Field(description="The channel that tickets are posted to. Its members are the support agents.")
    slack_signing_secret: Annotated[
        Annotated[SecretStr, AfterValidator(types.signing_secret)] | None,
        Source(f"{_APP_PAGE} > Basic Information > App Credentials > Signing Secret"),
    ] = Field(default=None, description="For HTTP: verifies that a request comes from Slack. Not used in Socket Mode.")
    slack_app_token: Annotated[
        Annotated[SecretStr, types.token("xapp")] | None,
        Source(f"{_APP_PAGE} > Basic Information > App-Level Tokens, with the scope connections:write"),
    ] = Field(
        default=None,
        validate_default=True,
        description="For Socket Mode: the bot connects to Slack. Without it, Slack must reach the bot over HTTP.",
    )
    slack_api_url: Annotated[
        str, AfterValidator(types.api_url), Source("Keep the default unless you use another server.")
    ] = Field(
        default="https://slack.com/api/", description="The address of the Slack Web API, or of a compatible server."
    )
    support_locale: Annotated[Language, BeforeValidator(types.lower), OUR_CHOICE] = Field(
        default="de", description="Language of the support channel: de or en."
    )
    default_locale: Annotated[Language, BeforeValidator(types.lower), OUR_CHOICE] = Field(
        default="de", description="Language for people whose Slack language is unknown: de or en."
    )
    host: Annotated[str, OUR_CHOICE] = Field(
        default="127.0.0.1",
        description="Address to listen on for /healthz, /metrics and, without Socket Mode, /slack/events.",
    )
    port: Annotated[int, OUR_CHOICE] = Field(
        default=3000, ge=0, le=65535, description="Port to listen on; 0 picks a free one."
    )
    guide_dir: Annotated[Annotated[Path, AfterValidator(types.folder)] | None, OUR_CHOICE] = Field(
        default=None, description="A folder with texts of your own, which replace ours key by key (docs/operators.md)."
    )
    pictures: Annotated[bool, Source("Your choice: true or false.")] = Field(
        default=True, description="Whether steps show pictures. Each is uploaded to the workspace once."
    )
    public_url: Annotated[
        Annotated[str, AfterValidator(types.public_url)] | None,
        Source("The public address of your proxy to HOST and PORT."),
    ] = Field(
        default=None,
        description="If set, the bot serves the pictures itself, below `/pictures/`, instead of uploading them.",
    )
    retry_after_minutes: Annotated[int, OUR_CHOICE] = Field(
        default=15,
        ge=1,
        le=1440,
        description="Minutes at most that a limit of Slack's (`Retry-After`) is waited for before the bot asks again.",
    )
    answer_minutes: Annotated[int | None, OUR_CHOICE] = Field(
        default=None,
        ge=2,
        description="Minutes within which merchants are told to expect an answer. Not set: only the due time is said.",
    )
    remind_paused_minutes: Annotated[int, OUR_CHOICE] = Field(
        default=30,
        ge=1,
        le=1440,
        description="Minutes without activity before a merchant whose orders are paused gets the first reminder.",
    )
    remind_paused_again_hours: Annotated[int, OUR_CHOICE] = Field(
        default=24, ge=1, le=720, description="Hours between that reminder and the second one."
    )
    remind_waiting_hours: Annotated[int, OUR_CHOICE] = Field(
        default=48, ge=1, le=720, description="Hours without activity before the one reminder at any other step."
    )
    remind_from_hour: Annotated[int, OUR_CHOICE] = Field(
        default=8, ge=0, le=22, description="Earliest hour for a reminder, in the merchant's time zone."
    )
    remind_until_hour: Annotated[int, AfterValidator(types.later_than("remind_from_hour")), OUR_CHOICE] = Field(
        default=20,
        ge=1,
        le=23,
        description="Hour from which reminders wait until the next morning, in the merchant's time zone.",
    )
    retention_days: Annotated[int, Source("Your choice; docs/privacy.md says what it covers.")] = Field(
        default=180, ge=1, le=3650, description="Days after its end until a walkthrough or a ticket is deleted."
    )
    keep_not_understood: Annotated[bool, Source("Your choice: true or false; docs/privacy.md says what is kept.")] = (
        Field(
            default=True,
            description="Whether messages that were not understood are kept for 30 days, for `amazon-token guide`.",
        )
    )
    messages_per_second: Annotated[float, Source("Keep the default for Slack.")] = Field(
        default=1.0, gt=0, le=1000, description="New messages per second to one conversation, after a burst of five."
    )
    send_limit_seconds: Annotated[float, Source("Keep the default for Slack.")] = Field(
        default=10.0, gt=0, le=120, description="Timeout in seconds for one request to Slack."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(types.upper), OUR_CHOICE] = (
        Field(default="INFO", description="Lowest level to log: DEBUG, INFO, WARNING or ERROR.")
    )
    log_format: Annotated[LogFormat, BeforeValidator(types.lower), OUR_CHOICE] = Field(
        default="auto", description="json, console, or auto (console on a terminal, otherwise json)."
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
    def socket_mode(self) -> bool:
        """The bot connects to Slack by itself; otherwise it waits for requests over HTTP."""
        return self.slack_app_token is not None

    def of(self, procedure: Procedure[Any, S]) -> S:
        """The settings of one procedure."""
        names = procedure.settings.model_fields
        return procedure.settings.model_validate({name: getattr(self, name) for name in names if hasattr(self, name)})


def with_procedures(procedures: Procedures) -> type[Settings]:
    """`Settings` with those of the procedures. Raises `ValueError` when two of them have the same name."""
    fields: dict[str, Any] = {}
    for procedure in procedures.values():
        for name, field in procedure.settings.model_fields.items():
            if name in ProcedureSettings.model_fields:
                continue
            if name in Settings.model_fields or name in fields:
                raise ValueError(f"{procedure.id}: there is another setting {name}")
            fields[name] = (field.annotation, field)
    return create_model("AllSettings", __base__=Settings, **fields)


def load(env_file: Path | None = Path(".env"), procedures: Procedures = PROCEDURES) -> Settings:
    """The settings of the environment and, below it, of `env_file`. `SettingsError` lists every fault."""
    settings = with_procedures(procedures)
    try:
        renamed = values_of_old_names(env_file)
        in_files, unread = values_of_files(settings, {**given_values(env_file), **renamed})
        loaded = settings(_env_file=env_file, **renamed, **in_files)
        errors: list[ErrorDetails] = []
    except ValidationError as error:
        errors = error.errors(include_input=False)
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"{env_file} cannot be read. It must be a text file in UTF-8 that this user may read."
        ) from None
    if not errors and not unread:
        return loaded
    old_names = {setting.new: setting.old for setting in renamed_settings(env_file) if not setting.ignored}
    # What is missing only because its file cannot be read is not named twice.
    others = [error for error in errors if not _NEEDS.get(error["type"], {str(error["loc"][0])}) & unread.keys()]
    faults = [*unread.values(), *(_fault(settings, error, old_names) for error in others)]
    faults += [f"{one.name} is no setting. Is {one.meant} meant?" for one in misspelt_settings(env_file, procedures)]
    raise SettingsError("\n\n".join(("The settings (environment or .env) cannot be used.", *faults)))


def misspelt_settings(
    env_file: Path | None = Path(".env"), procedures: Procedures = PROCEDURES
) -> tuple[MisspeltSetting, ...]:
    """Names that the environment or `env_file` sets and that look like a setting. Raises what reading it raises."""
    settings = with_procedures(procedures)
    twins = (f"{name}{SUFFIX}" for name in secret_names(settings))
    return misspelt(given_values(env_file), {*settings.model_fields, *OLD_NAMES, *twins})


def where(field: FieldInfo) -> str:
    """Where the operator finds the value of the setting."""
    return next(entry.text for entry in field.metadata if isinstance(entry, Source))


def _fault(settings: type[Settings], error: ErrorDetails, old_names: dict[str, str]) -> str:
    field_name = str(error["loc"][0])
    name = field_name.upper()
    problem = _FAULTS.get(error["type"], f"is wrong: {error['msg'][:1].lower()}{error['msg'][1:]}")
    set_as = f" (set as {old_names[name]})" if name in old_names else ""
    lines = [f"{name}{set_as} {problem}.", *_help(settings, field_name)]
    if error["type"] == "no_way_in":
        lines += _help(settings, "slack_signing_secret", " (SLACK_SIGNING_SECRET)")
    return "\n".join(lines)


def _help(settings: type[Settings], field_name: str, label: str = "") -> list[str]:
    field = settings.model_fields[field_name]
    return [f"  What for{label}: {field.description}", f"  Where{label}: {where(field)}"]


def markdown() -> str:
    """The table of all settings for docs/settings.md."""
    lines = ["| Setting | Default | What for | Where to find it |", "|---|---|---|---|"]
    parts = (DatabaseSettings, SupportSettings, TicketSyncSettings)
    inherited = {name: field for part in parts for name, field in part.model_fields.items()}
    settings = with_procedures(PROCEDURES)
    fields, secret = settings.model_fields, secret_names(settings)
    own = {name: field for name, field in fields.items() if name not in inherited}
    for name, field in {**own, **inherited}.items():
        twin = f" or `{name.upper()}{SUFFIX.upper()}`" if name in secret else ""
        lines.append(f"| `{name.upper()}`{twin} | {_default(field)} | {field.description} | {where(field)} |")
    return "\n".join(lines) + "\n"


def write_table(file: Path) -> None:
    """Replace the table of all settings in `file`."""
    written = re.sub(r"^\| Setting \|(.*\n\|)*.*\n", lambda _: markdown(), file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(written, "utf-8")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True, validated_data={})
    return "" if default in (None, {}, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"


if __name__ == "__main__":
    write_table(Path("docs/settings.md"))
