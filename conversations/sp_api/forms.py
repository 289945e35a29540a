"""The modals, and which of their values may be typed into the conversation."""

import re
from collections.abc import Sequence

from conversations.engine.procedure import Field, Form, Option
from conversations.engine.steps import FoundValue, Sentence
from conversations.engine.texts import Texts
from conversations.marketplaces import EUROPEAN_MARKETPLACES
from conversations.secrets.credentials import SecretKind
from conversations.sp_api.checks import has_date
from conversations.sp_api.facts import SpApiFacts
from conversations.sp_api.triage import is_error_message

_BETWEEN = re.compile(r"[,;/&+\n]|\bund\b|\band\b")
_SHORT = 60


def _marketplaces(texts: Texts, _facts: SpApiFacts) -> list[Option]:
    """The European marketplaces; accounts of others are written."""
    return [Option(name, name) for name in (texts.say(f"marketplaces.{code}") for code in EUROPEAN_MARKETPLACES)]


def _other_marketplaces(texts: Texts, facts: SpApiFacts) -> list[Option] | None:
    listed = {account.name.casefold() for account in facts.accounts}
    return [option for option in _marketplaces(texts, facts) if option.value.casefold() not in listed] or None


def _listed(texts: Texts, facts: SpApiFacts) -> Sequence[str]:
    listed = {account.name.casefold() for account in facts.accounts}
    return [option.value for option in _marketplaces(texts, facts) if option.value.casefold() in listed]


def _accounts(_texts: Texts, facts: SpApiFacts) -> list[Option] | None:
    return [Option(account.name, account.name) for account in facts.accounts] or None


def _beside_the_first_open(_texts: Texts, facts: SpApiFacts) -> list[Option] | None:
    """The accounts that may have the same „Verkäufertoken“ as the one that is asked about."""
    asked = {account.name for account in facts.ungrouped[:1]}
    return [Option(account.name, account.name) for account in facts.accounts if account.name not in asked] or None


def _marketplaces_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The marketplaces that a sentence names, if it names nothing else."""
    by_word = {code.casefold(): code for code in EUROPEAN_MARKETPLACES}
    for texts in sentence.texts.values():
        by_word |= {texts.say(f"marketplaces.{code}").casefold(): code for code in EUROPEAN_MARKETPLACES}
    words = [word.strip(" .").casefold() for word in _BETWEEN.split(sentence.text)]
    if not all(word in by_word for word in words):
        return ()
    texts = sentence.texts[sentence.language]
    names = list(dict.fromkeys(texts.say(f"marketplaces.{by_word[word]}") for word in words))
    return [FoundValue({"marketplaces": names, "names": ""}, ", ".join(names), whole=True)]


def _like_a_date(text: str, kind: SecretKind | None) -> bool:
    numbers_alone = any(character.isdigit() for character in text) and not any(map(str.isalpha, text))
    like = has_date(text) or numbers_alone
    return kind is None and like and len(text) <= _SHORT and not is_error_message(text)


_NAMES = Field(name="names", paragraph=True, optional=True)

FORMS: dict[str, Form] = {
    "account_names": Form(
        fields=(Field(name="marketplaces", optional=True, options=_marketplaces, chosen=_listed), _NAMES),
        in_sentence=_marketplaces_in,
    ),
    "more_accounts": Form(
        fields=(Field(name="marketplaces", optional=True, options=_other_marketplaces), _NAMES),
        in_sentence=_marketplaces_in,
    ),
    "same_seller": Form(fields=(Field(name="accounts", optional=True, options=_beside_the_first_open),)),
    "orders_from": Form(fields=(Field(name="date"),), typed="date", looks_like=_like_a_date),
    "fetch_failure": Form(
        fields=(
            Field(name="accounts", optional=True, options=_accounts),
            Field(name="error_text", paragraph=True, optional=True),
        )
    ),
}
