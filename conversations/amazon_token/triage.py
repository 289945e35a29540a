"""From the text of an error to the category of a ticket. A guess, which heads the ticket."""

from enum import StrEnum


class Category(StrEnum):
    """Why a fetch of orders fails, in the order in which the texts are tried."""

    token_mismatch = "token_mismatch"
    authorization_missing = "authorization_missing"
    access_denied = "access_denied"
    token_missing = "token_missing"
    seller_id = "seller_id"
    vendor_keys = "vendor_keys"
    account_ineligible = "account_ineligible"
    marketplace = "marketplace"
    developer_not_eligible = "developer_not_eligible"
    developer_region = "developer_region"
    not_primary_user = "not_primary_user"
    sign_in = "sign_in"
    throttled = "throttled"
    orders_parked = "orders_parked"
    partial_rollout = "partial_rollout"
    version_or_mask = "version_or_mask"
    secret_exposed = "secret_exposed"
    unknown = "unknown"


_TEXTS: dict[Category, tuple[tuple[str, ...], ...]] = {
    Category.token_mismatch: (("authtoken is not valid for sellerid",),),
    Category.authorization_missing: (
        ("access to orders.listorders is denied",),
        ("access to reports.", "is denied"),
        ("access to orders.", "is denied"),
    ),
    Category.access_denied: (("access denied",), ("accessdenied",)),
    Category.token_missing: (("missing required mwsauthtoken",),),
    Category.seller_id: (("invalid seller id",),),
    Category.vendor_keys: (("invalidaccesskeyid",), ("signaturedoesnotmatch",)),
    Category.account_ineligible: (("does not have an eligible amazon account",),),
    Category.marketplace: (("does not have access to the given marketplace",),),
    Category.developer_not_eligible: (("not currently eligible for new authorizations",), ("md9000",)),
    Category.developer_region: (("md9010",),),
    Category.not_primary_user: (("must be the primary user",),),
    Category.sign_in: (
        ("cannot sign in",),
        ("two-step verification",),
        ("zweistufige",),
        ("kann mich nicht anmelden",),
    ),
    Category.throttled: (("requestthrottled",), ("quotaexceeded",)),
    Category.orders_parked: (("rückstellung",), ("keine aufträge",), ("no orders",)),
    Category.partial_rollout: (("one marketplace works",), ("nur ein marktplatz",), ("anderer marktplatz",)),
    Category.version_or_mask: (("entwickler-schlüsselset", "fehlt"), ("entwickler-schlüsselset", "missing")),
    Category.secret_exposed: (),
}
"""For each category, sets of texts that must all occur (source: Amazon's error messages and the vendor's labels)."""

_SYMPTOMS = frozenset({Category.sign_in, Category.orders_parked, Category.partial_rollout, Category.version_or_mask})


def triage(text: str) -> Category:
    """The first category whose texts occur in `text`, without regard to case; else `unknown`."""
    low = text.casefold()
    for category, choices in _TEXTS.items():
        if any(all(part in low for part in parts) for parts in choices):
            return category
    return Category.unknown


_ERROR_WORDS = ("error", "fehler", "exception", "denied", "ungültig", "invalid", "fehlgeschlagen", "http 4", "http 5")
_SHORTEST = 12


def is_error_message(text: str) -> bool:
    """Whether `text` reads like a pasted error message rather than like a sentence to us."""
    category = triage(text)
    if category is not Category.unknown and category not in _SYMPTOMS:
        return True
    low = text.casefold()
    return len(low) >= _SHORTEST and any(word in low for word in _ERROR_WORDS)
