"""Guesses the cause from an error message: by message, then code, then status, then host.

Sources: Amazon's developer documentation (errors of the consent page and of SP-API), and its German translations.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from conversations.engine.understanding.error_text import NO_ERROR, hosts_in, read_error, status_in, unwrapped
from conversations.secrets.credentials import NOT_SECRET, SecretKind, find

__all__ = ["VENDOR_ONLY", "Cause", "is_error_message", "page_code", "triage"]


class Cause(StrEnum):
    """Why the consent or a fetch of orders fails."""

    app_not_ready = "app_not_ready"
    app_address = "app_address"
    developer_not_eligible = "developer_not_eligible"
    developer_region = "developer_region"
    authorization_expired = "authorization_expired"
    client_unknown = "client_unknown"
    access_refused = "access_refused"
    throttled = "throttled"
    not_primary_user = "not_primary_user"
    account_ineligible = "account_ineligible"
    sign_in = "sign_in"
    wrong_account = "wrong_account"
    orders_parked = "orders_parked"
    network_trouble = "network_trouble"
    older_interface = "older_interface"
    secret_exposed = "secret_exposed"
    unknown = "unknown"


VENDOR_ONLY = frozenset({Cause.app_not_ready, Cause.app_address, Cause.developer_not_eligible, Cause.client_unknown})
"""Only the vendor can help: a ticket is filed at once."""

_PAGE = re.compile(r"(?<![a-z0-9])md[ -]?([0-9]{4})(?![0-9])", re.IGNORECASE)
_PAGES = {
    "1000": Cause.app_not_ready,
    "5101": Cause.app_address,
    "5110": Cause.app_address,
    "9000": Cause.developer_not_eligible,
    "9010": Cause.developer_region,
}
"""Codes of Amazon's consent page."""


def _either(*expressions: str) -> re.Pattern[str]:
    return re.compile("|".join(expressions))


_SAID: tuple[tuple[Cause, re.Pattern[str]], ...] = (
    (Cause.client_unknown, _either(
        r"\binvalid_client\b", r"\bunauthorized_client\b", r"client authentication failed",
        r"client-?authentifizierung (?:ist )?fehlgeschlagen",
    )),
    (Cause.throttled, _either(
        r"quotaexceeded", r"exceeded your quota", r"too many requests", r"zu viele (?:anfragen|anforderungen)",
        r"kontingent.{0,40}überschritten", r"requestthrottled",
    )),
    (Cause.authorization_expired, _either(
        r"\binvalid_grant\b", r"access to (?:the )?requested resource is denied",
        r"(?:access|refresh|lwa)[- ]?token.{0,60}?(?:expired|revoked|malformed|abgelaufen|widerrufen|ungültig|invalid)",
        r"(?:zugriffs?|aktualisierungs)-?token.{0,60}?(?:abgelaufen|ungültig|widerrufen)",
        r"(?:zugriff|zugang) (?:auf|zu) (?:die |der )?angeforderte\w? ressource",
        r"autori[sz]ierung (?:ist )?(?:abgelaufen|widerrufen)", r"authori[sz]ation (?:has )?(?:expired|been revoked)",
    )),
    (Cause.not_primary_user, _either(
        r"must be (?:signed in as |logged in as )?the primary user", r"only the primary user",
        r"nur der (?:primäre |haupt)\s?-?(?:konto)?benutzer", r"müssen .{0,12}hauptbenutzer",
        r"permission to (?:view|access) this page", r"nicht berechtigt.{0,12}diese seite",
    )),
    (Cause.account_ineligible, _either(
        r"not .{0,12}eligible (?:amazon|seller) account", r"professional (?:selling )?(?:plan|account).{0,12}required",
        r"(?:verkaufs)?tarif professionell.{0,40}(?:erforderlich|benötigt)",
    )),
    (Cause.older_interface, _either(
        r"\bmws\b", r"authtoken", r"awsaccesskeyid", r"invalidaccesskeyid", r"signaturedoesnotmatch",
    )),
)  # fmt: skip
"""What messages say, in small letters with single blanks; the first that fits."""
_NETWORK = _either(
    r"could ?n[o']t (?:be )?resolved?", r"konnte nicht aufgelöst werden",
    r"getaddrinfo|enotfound|econn\w{5,7}|etimedout",
    r"timed? ?out|zeitüberschreitung|zeitlimit", r"connection (?:was )?(?:refused|reset|closed)",
    r"unable to connect|verbindung .{0,40}(?:hergestellt|verweigert|getrennt)", r"\bssl\b|\btls\b|handshake|zertifikat",
)  # fmt: skip
_SIGN_IN = _either(
    r"(?:cannot|can't|can not|could not|unable to) (?:sign|log) in", r"nicht (?:mehr )?(?:anmelden|einloggen)",
    r"(?:password|passwort|kennwort) (?:is|ist) (?:incorrect|wrong|falsch)",
)  # fmt: skip
_OTHER_ACCOUNT = _either(
    r"(?:wrong|another|other) (?:seller|amazon|seller central) ?account", r"falsche\w? (?:verkäufer|amazon)-?konto",
    r"andere\w{0,2} (?:verkäufer|amazon)-?konto",
)  # fmt: skip
_NO_ORDERS = _either(
    r"\bno (?:new )?orders\b", r"\bkeine (?:neuen )?(?:bestellungen|aufträge)\b", r"orders? (?:is|are) missing",
    r"(?:bestellung|auftrag|aufträge)\w{0,4} fehl", r"rückstellung",
)  # fmt: skip
_WENT_WELL = _either(r"ohne fehler", r"without (?:an )?error", r"(?:hat |has )?(?:geklappt|worked)", r"rückstellung")
_FAILED = _either(r"fehler", r"error", r"fehlgeschlagen", r"failed")
_REFUSED, _BUSY = frozenset({401, 403}), frozenset({429, 503})
_NO_EXPOSURE = NOT_SECRET | {SecretKind.possible_token}


def triage(text: str) -> Cause:
    """The category that `text` belongs to, else `unknown`."""
    return next(_causes(text), Cause.unknown)


def page_code(text: str) -> str | None:
    """The code of Amazon's consent page in the text, such as MD5101."""
    match = _PAGE.search(text)
    return f"MD{match[1]}" if match is not None else None


def is_error_message(text: str) -> bool:
    """Whether `text` is probably a pasted error message rather than a sentence or question of the merchant's."""
    if text.rstrip().endswith("?") and read_error(text) is None:
        return False
    return read_error(text) is not None or page_code(text) is not None


def _causes(text: str) -> Iterator[Cause]:
    plain = unwrapped(text)
    words = " ".join(plain.replace("|", " ").casefold().split())
    code = page_code(plain)
    if code is not None:
        yield _PAGES.get(code.removeprefix("MD"), Cause.unknown)
    for category, expression in _SAID:
        if expression.search(words):
            yield category
    error, status = read_error(text), status_in(plain)
    if status in _BUSY:
        yield Cause.throttled
    if status in _REFUSED or (error is not None and error.code.casefold() in {"unauthorized", "accessdenied"}):
        amazon = any("sellingpartnerapi" in host or host.startswith("api.amazon") for host in hosts_in(plain))
        listed = error is not None and error.envelope in {"errors", "oauth"}
        yield Cause.authorization_expired if amazon or listed else Cause.access_refused
    if error is not None and _NETWORK.search(words):
        yield Cause.network_trouble
    yield from _told(words)
    if any(span.kind not in _NO_EXPOSURE for span in find(text)):
        yield Cause.secret_exposed


def _told(words: str) -> Iterator[Cause]:
    """What people say in their own words."""
    if _SIGN_IN.search(words):
        yield Cause.sign_in
    if _OTHER_ACCOUNT.search(words):
        yield Cause.wrong_account
    failed = _FAILED.search(NO_ERROR.sub(" ", words)) is not None
    if not failed and _NO_ORDERS.search(words) and _WENT_WELL.search(words):
        yield Cause.orders_parked
