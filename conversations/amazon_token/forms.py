"""The forms of the walkthrough, and which of their values may be typed into the conversation."""

from collections.abc import Sequence

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.sentences import (
    accounts_in,
    developer_ids_in,
    european_accounts_in,
    seller_ids_in,
    tokens_in,
    version_in,
)
from conversations.amazon_token.triage import is_error_message
from conversations.engine.procedure import Field, Form, Option
from conversations.engine.texts import Texts
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from conversations.secrets.credentials import SecretKind

_TOKEN_SIZE, _TOKEN_HYPHENS = 30, 2
"""What is nearly as long as a token and has hyphens is taken for one, so that its fault is named."""


def _like_a_token(text: str, kind: SecretKind | None) -> bool:
    compact = "".join(text.split())
    return (
        kind is not None
        or "amzn" in text.casefold()
        or (len(compact) >= _TOKEN_SIZE and compact.count("-") >= _TOKEN_HYPHENS)
    )


def _like_a_number(text: str, kind: SecretKind | None) -> bool:
    return kind is None and any(character.isdigit() for character in text) and not is_error_message(text)


def _european(texts: Texts, _facts: Facts) -> list[Option]:
    return [Option(label, label) for label in (texts.say(f"marketplaces.{code}") for code in EUROPEAN_MARKETPLACES)]


def _marketplaces(texts: Texts, facts: Facts) -> list[Option] | None:
    """The European marketplaces, for a European seller account."""
    return _european(texts, facts) if facts.region == "europe" else None


def _other_marketplaces(texts: Texts, facts: Facts) -> list[Option] | None:
    listed = {account.name.casefold() for account in facts.accounts}
    return [option for option in _marketplaces(texts, facts) or () if option.value.casefold() not in listed] or None


def _listed(texts: Texts, facts: Facts) -> Sequence[str]:
    listed = {account.name.casefold() for account in facts.accounts}
    return [option.value for option in _european(texts, facts) if option.value.casefold() in listed]


def _accounts(_texts: Texts, facts: Facts) -> list[Option] | None:
    return [Option(account.name, account.name) for account in facts.accounts] or None


_NAMES = Field(name="names", paragraph=True, optional=True)

FORMS: dict[str, Form] = {
    "connect_version": Form(
        fields=(Field(name="version"),),
        typed="version",
        in_message=True,
        looks_like=_like_a_number,
        in_sentence=version_in,
    ),
    "own_developer_id": Form(
        fields=(Field(name="developer_id"),),
        typed="developer_id",
        looks_like=_like_a_number,
        in_sentence=developer_ids_in,
    ),
    "european_accounts": Form(
        fields=(Field(name="marketplaces", optional=True, options=_european, chosen=_listed), _NAMES),
        in_sentence=european_accounts_in,
    ),
    "account_names": Form(
        fields=(Field(name="marketplaces", optional=True, options=_marketplaces, chosen=_listed), _NAMES),
        in_sentence=accounts_in,
    ),
    "more_accounts": Form(
        fields=(Field(name="marketplaces", optional=True, options=_other_marketplaces), _NAMES), in_sentence=accounts_in
    ),
    "old_token": Form(
        fields=(Field(name="token"),), typed="token", looks_like=_like_a_token, in_sentence=tokens_in, secret=True
    ),
    "seller_ids": Form(fields=(Field(name="connect"), Field(name="seller_central")), in_sentence=seller_ids_in),
    "new_token": Form(
        fields=(Field(name="token"),), typed="token", looks_like=_like_a_token, in_sentence=tokens_in, secret=True
    ),
    "fetch_failure": Form(
        fields=(
            Field(name="accounts", optional=True, options=_accounts),
            Field(name="error_text", paragraph=True, optional=True),
        )
    ),
}
