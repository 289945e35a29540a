"""Settings that were renamed. Their old names still work, and are reported, until `UNTIL`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings.given import given_values

OLD_NAMES = {
    f"mirror_{name}": f"ticket_sync_{name}"
    for name in (
        "smtp_host", "smtp_port", "smtp_tls", "smtp_user", "smtp_password", "smtp_from", "smtp_to", "smtp_reply_to",
        "webhook_url", "webhook_secret",
    )
}  # fmt: skip
"""From the old name to the new one."""
UNTIL = "0.3"


@dataclass(frozen=True)
class RenamedSetting:
    """An old name that is in use. `ignored`: the new name is set as well, and wins."""

    old: str
    new: str
    ignored: bool = False


def renamed_settings(env_file: Path | None = Path(".env")) -> tuple[RenamedSetting, ...]:
    """The old names that the environment or `env_file` uses. Raises what reading `env_file` raises."""
    values = given_values(env_file)
    return tuple(
        RenamedSetting(old.upper(), new.upper(), ignored=new in values)
        for old, new in OLD_NAMES.items()
        if old in values
    )


def values_of_old_names(env_file: Path | None) -> dict[str, Any]:
    """The values given under old names, by new name, where the new name is not set itself."""
    values = given_values(env_file)
    return {new: values[old] for old, new in OLD_NAMES.items() if old in values and new not in values}
