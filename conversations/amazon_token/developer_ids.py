"""Developer IDs: which one is documented, where it is valid, and what region and key set can be."""

import unicodedata

DEVELOPER_NAME = "Speed4Trade CONNECT"
DOCUMENTED_ID = "5881-4686-6012"
"""Valid only for a European account with key set „Alternativ“ (source: the documented procedure, row 11)."""
DOCUMENTED_FOR = ("europe", "alternativ")
REGIONS = ("europe", "near_europe", "north_america", "far_east")
KEY_SETS = ("standard", "alternativ")


def digits(developer_id: str) -> str:
    """The digits, which are what counts, in ASCII however they were written."""
    values = (unicodedata.decimal(character, None) for character in developer_id)
    return "".join(str(value) for value in values if value is not None)
