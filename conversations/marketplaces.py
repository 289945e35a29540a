"""Amazon's marketplaces by region (source: Amazon's developer documentation, marketplace IDs)."""

from types import MappingProxyType

EUROPEAN_MARKETPLACES = MappingProxyType(
    {
        "DE": "A1PA6795UKMFR9",
        "UK": "A1F83G8C2ARO7P",
        "FR": "A13V1IB3VIYZZH",
        "IT": "APJ6JRA9NG5V4",
        "ES": "A1RKKUPIHCS9HS",
        "NL": "A1805IZSGTT6HS",
        "SE": "A2NODRKZP88ZB9",
        "PL": "A1C3SOZRARQ6R3",
        "BE": "AMEN7PMS3EDWL",
        "IE": "A28R8C7NBKEWEA",
    }
)
"""European accounts in the sense of the documented procedure: the documented developer ID is valid for these."""

OTHER_MARKETPLACES = MappingProxyType(
    {
        "near_europe": MappingProxyType(
            {
                "TR": "A33AVAJ2PDY3EV",
                "EG": "ARBP9OOSHTCHU",
                "SA": "A17E79C6D8DWNP",
                "AE": "A2VIGQ35RCS4UG",
                "IN": "A21TJRUUN4KGV",
                "ZA": "AE08WJ6YKNBMC",
            }
        ),
        "north_america": MappingProxyType(
            {"US": "ATVPDKIKX0DER", "CA": "A2EUQ1WTGCTBG2", "MX": "A1AM78C64UM0Y8", "BR": "A2Q3Y263D00KWC"}
        ),
        "far_east": MappingProxyType({"JP": "A1VC38T7YXB528", "AU": "A39IBJ37TRP1C6", "SG": "A19VAU5U5O7RUS"}),
    }
)
"""Regions for which no ID is documented."""

MARKETPLACE_IDS = frozenset(EUROPEAN_MARKETPLACES.values()) | frozenset(
    marketplace_id for group in OTHER_MARKETPLACES.values() for marketplace_id in group.values()
)
"""Every marketplace ID; each of them also has the form of a seller ID."""

_BY_ID = MappingProxyType(
    {
        identifier: (region, country)
        for region, group in {"europe": EUROPEAN_MARKETPLACES, **OTHER_MARKETPLACES}.items()
        for country, identifier in group.items()
    }
)


def marketplace_of(text: str) -> tuple[str, str] | None:
    """Region and country code of the marketplace ID that `text` consists of, whatever its case; else `None`."""
    return _BY_ID.get(text.strip().upper())
