"""Guesses the category of a ticket from the text of an error message: by message, then code, then status, then host."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.amazon_token import error_rows as rows
from conversations.amazon_token.error_rows import Category, Hint
from conversations.engine.understanding.error_text import NO_ERROR, hosts_in, read_error, status_in, unwrapped
from conversations.secrets.credentials import NOT_SECRET, SecretKind, find

__all__ = ["VENDOR_ONLY", "Category", "Diagnosis", "Hint", "diagnose", "is_error_message", "triage"]

VENDOR_ONLY = frozenset({Category.vendor_keys, Category.developer_not_eligible})
"""Only the vendor can help: a ticket is filed at once, and it is urgent."""

_REFUSED, _BUSY, _BROKEN, _GONE = frozenset({401, 403}), frozenset({429, 503}), frozenset({500, 502}), 410
_NOT_ALNUM = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Diagnosis:
    """What a text says about the cause. `told`: in people's own words, so that it need not be an error message."""

    category: Category
    hint: Hint = Hint.nothing
    told: bool = False


_UNKNOWN = Diagnosis(Category.unknown, told=True)


def triage(text: str) -> Category:
    """The category that `text` belongs to, else `unknown`."""
    return diagnose(text).category


def diagnose(text: str) -> Diagnosis:
    """What `text` says about the cause; its time grows with the length only.

    A text without a cause may still have a secret in it, or the placeholder of one that was removed.
    """
    return next(_causes(text), None) or _exposed(text) or _UNKNOWN


def is_error_message(text: str) -> bool:
    """Whether `text` is probably a pasted error message rather than a sentence or question of the merchant's."""
    cause = next(_causes(text), _UNKNOWN)
    return not cause.told or read_error(text) is not None


def _causes(text: str) -> Iterator[Diagnosis]:
    """What the text says, the surest first."""
    plain = unwrapped(text)
    words = " ".join(plain.replace("|", " ").casefold().split())
    yield from _by_message(plain, words)
    error = read_error(text)
    status = status_in(plain)
    if error is not None and error.envelope in {"errors", "oauth"}:
        yield Diagnosis(Category.version_or_mask, Hint.sp_api)
    if any("sellingpartnerapi" in host for host in hosts_in(plain)):
        yield Diagnosis(Category.version_or_mask, Hint.sp_api)
    yield from _by_status(words, status, machine=error is not None)
    yield from _told(words)


def _by_message(plain: str, words: str) -> Iterator[Diagnosis]:
    letters = _NOT_ALNUM.sub("", plain.casefold())
    if rows.OPERATION_DENIED.search(words):
        yield Diagnosis(Category.authorization_missing)
    for category, expression in rows.MESSAGES.items():
        if expression.search(letters):
            yield Diagnosis(category, told=_is_told(category, words, letters))
    for category, expression in rows.CODES.items():
        if expression.search(words):
            yield Diagnosis(category)
    if rows.SP_API.search(words):
        yield Diagnosis(Category.version_or_mask, Hint.sp_api)
    if rows.APP_PAGE.search(words):
        yield Diagnosis(Category.unknown, Hint.app_page)
    if rows.CLOCK.search(words):
        yield Diagnosis(Category.unknown, Hint.clock)


_SAID_TOO = frozenset({Category.not_primary_user, Category.account_ineligible, Category.seller_id})
"""What people ask about in nearly the words of the message."""


def _is_told(category: Category, words: str, letters: str) -> bool:
    """Whether people say or ask this in their own words."""
    if category is Category.sign_in:
        return rows.PERSON.search(words) is not None or rows.WRONG.search(letters) is None
    return category in _SAID_TOO and words.endswith("?")


def _by_status(words: str, status: int | None, *, machine: bool) -> Iterator[Diagnosis]:
    if status in _REFUSED:
        yield Diagnosis(Category.access_denied, Hint.nothing if rows.DENIED.search(words) else Hint.refused)
    if status in _BUSY or (status is None and rows.BUSY.search(words)):
        yield Diagnosis(Category.throttled)
    if status is None and rows.DENIED.search(words):
        yield Diagnosis(Category.access_denied)
    if rows.NETWORK.search(words):
        yield Diagnosis(Category.unknown, Hint.network)
    if status in _BROKEN or rows.AMAZON_SIDE.search(words):
        yield Diagnosis(Category.unknown, Hint.amazon_side)
    if machine:
        yield from _in_error_only(words, status)


def _in_error_only(words: str, status: int | None) -> Iterator[Diagnosis]:
    """What words mean in an error message only."""
    if status == _GONE:
        yield Diagnosis(Category.unknown, Hint.mws_gone)
    if status is None and rows.DENIED_WORDS.search(words):
        yield Diagnosis(Category.access_denied, Hint.refused)
    if rows.NETWORK_WORDS.search(words):
        yield Diagnosis(Category.unknown, Hint.network)


def _told(words: str) -> Iterator[Diagnosis]:
    """What people say in their own words."""
    failed = rows.FAILED.search(NO_ERROR.sub(" ", words)) is not None
    if not failed and (rows.PARKED.search(words) or (rows.NO_ORDERS.search(words) and rows.WORKED.search(words))):
        yield Diagnosis(Category.orders_parked, told=True)
    if rows.PARTIAL.search(words):
        yield Diagnosis(Category.partial_rollout, told=True)
    if rows.NO_KEY_SET.search(words):
        yield Diagnosis(Category.version_or_mask, told=True)


# Secrets

_NO_EXPOSURE = NOT_SECRET | {SecretKind.possible_token}
_REMOVED = re.compile(r"\[(?:entfernt|removed): ([^\[\]]{1,60})\]", re.IGNORECASE)
_HINTS = {
    SecretKind.password: Hint.secret_password,
    SecretKind.one_time_code: Hint.secret_code,
    SecretKind.mws_token: Hint.secret_access,
    SecretKind.lwa_refresh_token: Hint.secret_access,
    SecretKind.lwa_access_token: Hint.secret_access,
}
_NAMED = (
    ("passw", Hint.secret_password),
    ("kennw", Hint.secret_password),
    ("code", Hint.secret_code),
    ("mws", Hint.secret_access),
    ("sp-api", Hint.secret_access),
    ("lwa_refresh", Hint.secret_access),
    ("lwa_access", Hint.secret_access),
)


def _exposed(text: str) -> Diagnosis | None:
    """What to do about the first secret in the text, or about what stood where its placeholder is."""
    kinds = [span.kind for span in find(text) if span.kind not in _NO_EXPOSURE]
    if kinds:
        return Diagnosis(Category.secret_exposed, _HINTS.get(kinds[0], Hint.secret_keys), told=True)
    for match in _REMOVED.finditer(text):
        name = match[1].casefold()
        if name in _NO_EXPOSURE:
            continue
        hint = next((hint for word, hint in _NAMED if word in name), Hint.secret_keys)
        if not name.endswith(("ein token", "a token")):
            return Diagnosis(Category.secret_exposed, hint, told=True)
    return None
