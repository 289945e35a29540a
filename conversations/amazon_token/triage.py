"""Guesses the category of a ticket from the text of an error message."""

import re
import unicodedata
from enum import StrEnum

from conversations.secrets.credentials import NOT_SECRET, SecretKind, find


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
    Category.authorization_missing: (("access to orders.", "is denied"), ("access to reports.", "is denied")),
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
        ("can't sign in",),
        ("two-step verification",),
        ("zweistufige",),
        ("nicht anmelden",),
    ),
    Category.throttled: (("requestthrottled",), ("request is throttled",), ("quotaexceeded",)),
    Category.orders_parked: (("rückstellung",), ("keine aufträge",), ("keine bestellungen",), ("no orders",)),
    Category.partial_rollout: (("one marketplace works",), ("nur ein marktplatz",), ("anderer marktplatz",)),
    Category.version_or_mask: (("schlüsselset", "fehlt"), ("schlüsselset", "missing")),
    Category.secret_exposed: (),
}
"""For each category, sets of texts that must all occur (source: Amazon's error messages and the vendor's labels).

`secret_exposed` has no text: it is recognized by the secret itself.
"""

_SYMPTOMS = frozenset(
    {
        Category.sign_in,
        Category.orders_parked,
        Category.partial_rollout,
        Category.version_or_mask,
        Category.secret_exposed,
        Category.unknown,
    }
)
"""Categories that people also describe in their own words; the others occur in error messages only."""


VENDOR_ONLY = frozenset({Category.vendor_keys, Category.developer_not_eligible})
"""Only the vendor can help: a ticket is filed at once, and it is urgent."""


def triage(text: str) -> Category:
    """The first category whose texts occur in `text`, ignoring case and line breaks; else `unknown`."""
    folded = _folded(text)
    for category, alternatives in _TEXTS.items():
        if any(all(part in folded for part in parts) for parts in alternatives):
            return category
    exposed = any(span.kind not in _NO_EXPOSURE for span in find(text))
    return Category.secret_exposed if exposed else Category.unknown


_NO_EXPOSURE = NOT_SECRET | {SecretKind.possible_token}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())


_ERROR_WORDS = re.compile(
    r"\b(?:error|exception|fehler|fehlermeldung|fehlercode|denied|invalid|ungültig|unauthorized|forbidden|fehlgeschlagen"
    r"|verweigert|http/?[0-9.]{0,4} ?[45][0-9]{2})\b|<errorresponse|(?:error|exception)[:(]"
)
_SHORTEST = 12


def is_error_message(text: str) -> bool:
    """Whether `text` is probably a pasted error message rather than a sentence or question of the merchant's."""
    if triage(text) not in _SYMPTOMS:
        return True
    folded = _folded(text)
    return len(folded) >= _SHORTEST and not folded.endswith("?") and _ERROR_WORDS.search(folded) is not None
