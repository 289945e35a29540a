"""Which developer ID is valid where: region and key set -> ID, or nothing."""

import unicodedata
from collections.abc import Mapping

DEVELOPER_NAME = "Speed4Trade CONNECT"
DOCUMENTED_ID = "5881-4686-6012"
"""Valid only for a European account with key set „Alternativ“ (source: the documented procedure, row 11)."""
DOCUMENTED_FOR = ("europe", "alternativ")


def digits(developer_id: str) -> str:
    """The digits, which are what counts, in ASCII however they were written."""
    values = (unicodedata.decimal(character, None) for character in developer_id)
    return "".join(str(value) for value in values if value is not None)


def developer_id(region: str | None, key_set: str | None, configured: Mapping[str, str]) -> str | None:
    """The ID for exactly this combination. `configured` maps "region:key_set" to an ID.

    The documented ID never comes out for any other combination, whatever is configured.
    """
    if region is None or key_set is None:
        return None
    if (region, key_set) == DOCUMENTED_FOR:
        return DOCUMENTED_ID
    found = configured.get(f"{region}:{key_set}")
    return None if found is None or digits(found) == digits(DOCUMENTED_ID) else found
