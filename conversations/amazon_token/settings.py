"""What the operator decides about the walkthrough, and which developer ID is valid where."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from conversations.amazon_token.checks import Reason, Refused, check_developer_id
from conversations.amazon_token.developer_ids import DOCUMENTED_FOR, DOCUMENTED_ID, KEY_SETS, REGIONS, digits
from conversations.amazon_token.facts import Facts
from conversations.engine.settings import OUR_CHOICE, ProcedureSettings, Source, wrong


def _combinations(value: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for entry in filter(None, (part.strip() for part in value.split(","))):
        combination, _, given = (part.strip() for part in entry.partition("="))
        region, _, key_set = combination.lower().partition(":")
        if region not in REGIONS or key_set not in KEY_SETS:
            known = f"{', '.join(REGIONS)} and {', '.join(KEY_SETS)}"
            raise wrong(f"each entry must be region:key_set=ID, with the regions and key sets {known}")
        if combination in seen:
            raise wrong(f"{region}:{key_set} is listed twice")
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


def _developer_ids(value: Any) -> Any:
    """From "region:key_set=ID,…" to {"region:key_set": "1234-5678-9012"}; the documented ID only where it is valid."""
    return dict(_combinations(value)) if isinstance(value, str) else value


class TokenSettings(ProcedureSettings):
    """The settings of this procedure. `developer_ids` maps "region:key_set" to a developer ID."""

    mws_notice: Annotated[bool, Source("Your choice: true or false.")] = Field(
        default=True,
        description="Whether the first step says that Amazon retired MWS, and asks if orders still arrive.",
    )
    developer_ids: Annotated[
        Mapping[str, str], BeforeValidator(_developer_ids), Source("Speed4Trade's handbook, „Amazon Accountverwaltung“")
    ] = Field(
        default_factory=dict,
        description=(
            "Developer IDs for other combinations of region and key set, "
            "e.g. `north_america:standard=1234-5678-9012,far_east:standard=…`."
        ),
    )
    fetch_wait_minutes: Annotated[int, OUR_CHOICE] = Field(
        default=2, ge=0, le=120, description="Minutes to wait before the second fetch of orders."
    )

    def developer_id(self, region: str | None, key_set: str | None) -> str | None:
        """The ID valid for exactly this region and key set, or `None`.

        The documented ID is never returned for any other combination, whatever is configured.
        """
        if region is None or key_set is None:
            return None
        if (region, key_set) == DOCUMENTED_FOR:
            return DOCUMENTED_ID
        configured = self.developer_ids.get(f"{region}:{key_set}")
        return None if configured is None or digits(configured) == digits(DOCUMENTED_ID) else configured


def given_developer_id(facts: Facts, settings: TokenSettings) -> str | None:
    """The developer ID that may be shown to this merchant, or `None`. Steps, pictures and tickets use the same."""
    return facts.handbook_developer_id or settings.developer_id(facts.region, facts.key_set)
