"""What the operator decides about the walkthrough."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from conversations.amazon_token import developer_ids


class Policy(BaseModel):
    """The settings that the walkthrough itself depends on.

    `configured_ids` maps "region:key_set" to a developer ID; `fetch_wait_minutes` is the pause before the second fetch.
    """

    model_config = ConfigDict(frozen=True)

    mws_notice: bool = True
    configured_ids: Mapping[str, str] = Field(default_factory=dict)
    fetch_wait_minutes: int = Field(default=2, ge=0, le=120)
    answer_minutes: int | None = Field(default=None, ge=2)
    """Within how many minutes support usually answers; `None`: no promise is made."""

    def developer_id(self, region: str | None, key_set: str | None) -> str | None:
        """The ID valid for exactly this combination, or `None`."""
        found: str | None = developer_ids.developer_id(region, key_set, self.configured_ids)
        return found
