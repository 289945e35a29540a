"""Values in what people type: a version, accounts, a region, seller IDs, a developer ID, a token."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.amazon_token.developer_ids import DOCUMENTED_ID, digits
from conversations.amazon_token.version_check import MINIMUM_VERSION, check_version
from conversations.engine.checks import Accepted
from conversations.engine.steps import FoundValue, Sentence
from conversations.engine.understanding.phrases import WordRow, message, phrase, words_of
from conversations.marketplaces import EUROPEAN_MARKETPLACES, OTHER_MARKETPLACES, marketplace_of
from conversations.secrets.credentials import SecretKind, find

REGION_OF = {
    country: region
    for region, group in {"europe": EUROPEAN_MARKETPLACES, **OTHER_MARKETPLACES}.items()
    for country in group
}
"""The region of each country for which there is a list `countries.<code>`."""
LISTS = ("version_labels", "version_others", "version_mentioned", "around_countries", "all_of_them")
"""What people write around values: the lists `around.<name>`."""

_NUMBERS = re.compile(r"(?<![\w.,])v?\.?\s?([0-9]{1,6}(?:\s?[.,]\s?[0-9]{1,6}){1,3})(?![\w]|[.,][0-9])", re.IGNORECASE)
_MOST, _DATED = 99, 1000
"""A version begins with no larger number, and holds no year."""
_CODE = re.compile(r"(?<![\w])([A-Z]{2})(?![\w])")
_SELLER_ID = re.compile(r"(?<![^\W_])(A(?=[A-Za-z]{0,20}[0-9])[A-Za-z0-9]{9,20})(?![^\W_])", re.IGNORECASE)
_DEVELOPER_ID = re.compile(r"(?<![\w-])[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}(?![\w-])", re.ASCII)
_TOKEN_LIKE = re.compile(r"amzn|[*•●∙·x]{4,}-|(?=[^\s]*[0-9])[0-9a-zäöü*]{4,}(?:-[0-9a-z*]{3,}){2,}", re.IGNORECASE)
_FEW_WORDS = 5
_LONGEST = 400
"""A longer message states no short value."""


@dataclass(frozen=True)
class _Number:
    text: str
    parts: tuple[int, ...]
    before: WordRow
    after: WordRow


def version_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The version that is stated; of „ist 4.9.24.10 neuer als 4.9.24.4?“ the first.

    It is asked about where more is said of it: „das Update auf 4.9.24.4 kommt erst“ mentions one that does not run yet.
    """
    if len(sentence.text) > _LONGEST:
        return ()
    labels, others, mentioned = (set(words_of(" ".join(sentence.words(f"around.{name}")))) for name in LISTS[:3])
    numbers = list(_numbers(sentence.text))
    rest = set(words_of(_NUMBERS.sub(" ", sentence.text))) - {"v", "ver"}
    whole = len(numbers) == 1 and rest <= labels
    stated = [one for one in numbers if whole or _may_be_version(one, labels, others)]
    asks = "?" in sentence.text
    values = list(dict.fromkeys(one.text for one in stated))
    only_minimum = asks and values == [str(MINIMUM_VERSION)]
    if whole and isinstance(check_version(sentence.text), Accepted):  # as it was typed, so that repairs are told
        return [FoundValue({"version": sentence.text.strip()}, whole=True, sure=not only_minimum)]
    sure = not only_minimum and len(values) == 1 and not rest & mentioned
    typed = sentence.text.strip()
    return [FoundValue({"version": value}, value if value != typed else "", whole=whole, sure=sure) for value in values]


def _numbers(text: str) -> Iterator[_Number]:
    for match in _NUMBERS.finditer(text):
        number = re.sub(r"\s", "", match[1]).replace(",", ".")
        parts = tuple(map(int, number.split(".")))
        before, after = words_of(text[: match.start()])[-2:], words_of(text[match.end() :])[:1]
        if parts[0] <= _MOST and max(parts) < _DATED:
            yield _Number(number, parts, before, after)


def _may_be_version(number: _Number, labels: set[str], others: set[str]) -> bool:
    """Whether it is the version that runs there: no date, no amount, and not what it is compared with."""
    if others & set(number.before[-1:]):
        return False
    labelled = bool(labels & set(number.before[-1:]))
    return len(number.parts) > 2 or labelled  # noqa: PLR2004 - two numbers are a date, or an amount


def countries_in(sentence: Sentence) -> tuple[list[str], WordRow]:
    """The codes of the countries in the sentence, in their order, and the other words of it."""
    by_words = {phrase(entry): code for code in REGION_OF for entry in sentence.words(f"countries.{code}")}
    longest = max(map(len, by_words))
    words = list(message(sentence.text).words)
    capitals = set(_CODE.findall(sentence.text))
    alone = len(words) == 1
    found: dict[str, None] = {}
    rest: list[str] = []
    while words:
        for length in range(min(longest, len(words)), 0, -1):
            code = by_words.get(tuple(words[:length]))
            # „es“, "it" and "in" are words as well: a code counts in capitals, or alone.
            if code is not None and (len(words[0]) > 2 or alone or _is_code(words[0], capitals, sentence.text)):  # noqa: PLR2004 - codes have two letters
                found[code] = None
                del words[:length]
                break
        else:
            rest.append(words.pop(0))
    return list(found), tuple(rest)


def _is_code(word: str, capitals: set[str], text: str) -> bool:
    return word.upper() in capitals or all(len(one) == len("de") for one in words_of(text))


def _countries(sentence: Sentence) -> tuple[list[str], bool]:
    """The countries, if the sentence says nothing else, and whether it is nothing but them."""
    if "?" in sentence.text or len(sentence.text) > _LONGEST:
        return [], False
    found, rest = countries_in(sentence)
    around = set(words_of(" ".join(sentence.words("around.around_countries"))))
    return (found if set(rest) <= around else []), set(rest) <= {"und", "and", "amazon", "sowie"}


def regions_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The region of the countries that are named; which one is asked outside of Europe, and where they have several.

    European countries alone are the accounts as well (`european_accounts_in`), unless those are named already.
    """
    found, whole = _countries(sentence)
    regions = dict.fromkeys(REGION_OF[code] for code in found)
    if set(regions) == {"europe"} and not sentence.facts.accounts_brought:
        return ()
    names = ", ".join(_name(sentence, code) for code in found)
    sure = len(regions) == 1 and "near_europe" not in regions
    return [FoundValue({"choice": region}, names, whole=whole and sure, sure=sure) for region in regions]


def accounts_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The accounts of the countries that are named, as far as they belong to the region of the walk."""
    found, whole = _countries(sentence)
    region = sentence.facts.region
    if not found or any(REGION_OF[code] != region for code in found):
        return ()
    names = [_name(sentence, code) for code in found]
    # Only European accounts are options of the form.
    raw: dict[str, str | list[str]] = (
        {"marketplaces": names, "names": ""} if region == "europe" else {"names": "\n".join(names)}
    )
    return [FoundValue(raw, ", ".join(names), whole=whole)]


def european_accounts_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The accounts of the countries that are named, if all of them are European and no account is known yet."""
    found, whole = _countries(sentence)
    if not found or sentence.facts.accounts_brought or any(REGION_OF[code] != "europe" for code in found):
        return ()
    names = [_name(sentence, code) for code in found]
    return [FoundValue({"marketplaces": names, "names": ""}, ", ".join(names), whole=whole)]


def _name(sentence: Sentence, code: str) -> str:
    texts = sentence.texts[sentence.language]
    return texts.say(f"marketplaces.{code}") if code in EUROPEAN_MARKETPLACES else texts.words(f"countries.{code}")[0]


def seller_ids_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The seller IDs in the sentence: two to compare, or one that goes into the form."""
    ids = [match.upper() for match in _SELLER_ID.findall(sentence.text)]
    asks = "?" in sentence.text
    if not ids or (asks and any(marketplace_of(one) is not None for one in ids)):
        return ()
    whole = not asks and len(words_of(sentence.text)) <= len(ids) + _FEW_WORDS
    if len(ids) == 1:
        return [FoundValue({"seller_central": ids[0]}, ids[0], whole=whole, sure=not asks, complete=False)]
    if len(ids) == 2:  # noqa: PLR2004 - one of CONNECT, one of Seller Central
        return [FoundValue({"connect": ids[0], "seller_central": ids[1]}, ", ".join(ids), whole=whole, sure=not asks)]
    return ()


def developer_ids_in(sentence: Sentence) -> Sequence[FoundValue]:
    """The developer IDs in the sentence. The documented one is taken only where it is all that was typed."""
    ids = list(dict.fromkeys(_DEVELOPER_ID.findall(sentence.text)))
    rest = words_of(_DEVELOPER_ID.sub(" ", sentence.text))
    whole = len(ids) == 1 and len(rest) <= 1
    asks = "?" in sentence.text
    return [
        FoundValue({"developer_id": one}, "" if whole else one, whole=whole, sure=not asks)
        for one in ids
        if whole or digits(one) != digits(DOCUMENTED_ID)
    ]


def tokens_in(sentence: Sentence) -> Sequence[FoundValue]:
    """A token, whole or faulty, with a few words around it; or another secret, which is refused by its kind."""
    kinds = {span.kind for span in find(sentence.text)} - {SecretKind.seller_id, SecretKind.developer_id}
    like = _TOKEN_LIKE.search(sentence.text)
    if not kinds and like is None:
        return ()
    plain = _TOKEN_LIKE.sub(" ", sentence.text)
    whole = len([word for word in words_of(plain) if word.isalpha() and len(word) > 1]) <= _FEW_WORDS
    return [FoundValue({"token": sentence.text}, whole=whole, sure="?" not in sentence.text)]
