"""What a setting must look like. Faults are told without the value, which may be a secret in the wrong place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

from conversations.amazon_token.checks import Reason, Refused, check_developer_id
from conversations.amazon_token.developer_ids import DOCUMENTED_FOR, DOCUMENTED_ID
from conversations.amazon_token.steps import KEY_SETS, REGIONS


@dataclass(frozen=True)
class Where:
    """Where the operator finds the value of a setting."""

    text: str


OUR_CHOICE = Where("Your choice.")


def wrong(what: str) -> PydanticCustomError:
    """A fault in words that fit after "NAME is wrong: "."""
    return PydanticCustomError("wrong", "{what}", {"what": what})


def token(prefix: str) -> AfterValidator:
    """A check for a Slack token of this prefix."""
    shape = re.compile(rf"{prefix}-[A-Za-z0-9-]+", re.ASCII)

    def check(secret: SecretStr) -> SecretStr:
        if not shape.fullmatch(secret.get_secret_value()):
            raise wrong(f"it must begin with {prefix}- and hold letters, digits and hyphens only")
        return secret

    return AfterValidator(check)


def signing_secret(secret: SecretStr) -> SecretStr:
    """The secret of HTTP mode; a token pasted here by mistake is refused."""
    value = secret.get_secret_value()
    if value.startswith("x") or not re.fullmatch(r"[\w-]{16,}", value, re.ASCII):
        raise wrong("it must be the signing secret (32 hexadecimal digits at Slack), not a token")
    return secret


def channel(value: str) -> str:
    """The ID of a channel; names can change."""
    if not re.fullmatch(r"[CG][A-Z0-9]{5,}", value, re.ASCII):
        raise wrong("it must be the channel's ID, C… or G…, and not its name")
    return value


def api_url(value: str) -> str:
    """A web address, given a slash at its end."""
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or parts.fragment:
        raise wrong("it must be an address such as https://slack.com/api/")
    return value if value.endswith("/") else f"{value}/"


def public_url(value: str) -> str:
    """An encrypted web address, without a slash at its end; unencrypted only on this machine."""
    parts = urlsplit(value)
    here = parts.hostname in {"localhost", "127.0.0.1"}
    if parts.scheme not in ({"https", "http"} if here else {"https"}) or not parts.hostname or parts.query:
        raise wrong("it must be an address such as https://bot.example.com")
    return value.rstrip("/")


def database_url(value: str) -> str:
    """A file of SQLite; memory is none, every restart would forget everybody."""
    path = value.removeprefix("sqlite:///")
    if path == value or not path.strip("/") or path.startswith(":") or "?" in path:
        raise wrong("it must be sqlite:/// and the path of a file (four slashes before an absolute one)")
    return value


def folder(value: Path) -> Path:
    """A folder that exists."""
    if not value.is_dir():
        raise wrong("there is no folder of this name")
    return value


def hexadecimal(secret: SecretStr) -> SecretStr:
    """A key of at least 16 bytes."""
    if not re.fullmatch(r"(?:[0-9a-fA-F]{2}){16,}", secret.get_secret_value(), re.ASCII):
        raise wrong("it must be at least 32 hexadecimal digits, an even number of them")
    return secret


def later_than(name: str) -> Callable[[int, ValidationInfo], int]:
    """A check that an hour comes after that of the setting `name`; a fault of that one is told by itself."""

    def check(value: int, info: ValidationInfo) -> int:
        if value <= info.data.get(name, -1):
            raise wrong(f"it must be later than {name.upper()}")
        return value

    return check


def lower(value: Any) -> Any:
    """Case does not matter."""
    return value.lower() if isinstance(value, str) else value


def upper(value: Any) -> Any:
    """Case does not matter."""
    return value.upper() if isinstance(value, str) else value


def developer_ids(value: Any) -> Any:
    """From "region:key_set=ID,…" to {"region:key_set": "1234-5678-9012"}; the documented ID only where it is valid."""
    return dict(_combinations(value)) if isinstance(value, str) else value


def _combinations(value: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for entry in filter(None, (part.strip() for part in value.split(","))):
        combination, _, given = (part.strip() for part in entry.partition("="))
        region, _, key_set = combination.lower().partition(":")
        if region not in REGIONS or key_set not in KEY_SETS:
            known = f"{', '.join(REGIONS)} and {', '.join(KEY_SETS)}"
            raise wrong(f"each entry must be region:key_set=ID, with the regions and key sets {known}")
        if combination in seen:
            raise wrong(f"{region}:{key_set} stands twice")
        seen.add(combination)
        yield f"{region}:{key_set}", _checked_id(region, key_set, given)


def _checked_id(region: str, key_set: str, given: str) -> str:
    checked = check_developer_id(given)
    documented = isinstance(checked, Refused) and checked.reason is Reason.documented_id
    if documented != ((region, key_set) == DOCUMENTED_FOR):
        raise wrong(f"{DOCUMENTED_ID} is valid for {':'.join(DOCUMENTED_FOR)} only, and no other ID is valid there")
    if documented:
        return DOCUMENTED_ID
    if isinstance(checked, Refused):
        raise wrong(f"the ID for {region}:{key_set} must be twelve digits, 1234-5678-9012")
    return checked.value
