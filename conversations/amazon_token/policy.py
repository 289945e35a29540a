"""What the operator decides about the walkthrough, and which developer ID is valid where."""

import unicodedata
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

DEVELOPER_NAME = "Speed4Trade CONNECT"
DOCUMENTED_ID = "5881-4686-6012"
"""Valid only for a European account with key set „Alternativ“ (source: the documented procedure, row 11)."""
DOCUMENTED_FOR = ("europe", "alternativ")


def digits(developer_id: str) -> str:
    """The digits, which are what counts, in ASCII however they were written."""
    values = (unicodedata.decimal(character, None) for character in developer_id)
    return "".join(str(value) for value in values if value is not None)


class Policy(BaseModel):
    """The settings that the walkthrough itself depends on.

    `configured_ids` maps "region:key_set" to a developer ID; `fetch_wait_minutes` is the pause before the second fetch.
    """

    model_config = ConfigDict(frozen=True)

    mws_notice: bool = True
    configured_ids: Mapping[str, str] = Field(default_factory=dict)
    fetch_wait_minutes: int = Field(default=2, ge=0, le=120)
    answer_minutes: int | None = Field(default=None, ge=2)
    """Within how many minutes support usually answers; `None`: merchants read no such time."""

    def developer_id(self, region: str | None, key_set: str | None) -> str | None:
        """The ID valid for exactly this region and key set, or `None`.

        The documented ID is never returned for any other combination, whatever is configured.
        """
        if region is None or key_set is None:
            return None
        if (region, key_set) == DOCUMENTED_FOR:
            return DOCUMENTED_ID
        configured = self.configured_ids.get(f"{region}:{key_set}")
        return None if configured is None or digits(configured) == digits(DOCUMENTED_ID) else configured
