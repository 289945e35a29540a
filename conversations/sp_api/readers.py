"""How the answer to each event is read."""

from collections.abc import Mapping

from conversations.engine.answers import (
    Checked,
    Interpretation,
    Notice,
    Raw,
    ReadAnswer,
    Reader,
    Refusal,
    list_of,
    text_of,
)
from conversations.engine.checks import Refused, clean_names
from conversations.sp_api.checks import check_start
from conversations.sp_api.facts import SpApiFacts


def _names(raw: Raw, _facts: SpApiFacts, _reader: Reader) -> Interpretation:
    typed = text_of(raw, "names").replace(";", "\n").replace(",", "\n").split("\n")
    checked = clean_names([*list_of(raw, "marketplaces"), *(name for name in typed if name.strip())])
    if isinstance(checked, Refused):
        return (Refusal("names", checked.reason, checked.details),)
    if not checked.value:
        return (Refusal("names", "no_accounts"),)
    return Checked(checked.value, {"names": ", ".join(checked.value)})


def _more_names(raw: Raw, facts: SpApiFacts, reader: Reader) -> Interpretation:
    result = _names(raw, facts, reader)
    if not isinstance(result, Checked):
        return result
    listed = {account.name.casefold() for account in facts.accounts}
    new = tuple(name for name in result.answer if name.casefold() not in listed)
    if not new:
        return (Refusal("names", "nothing_new"),)
    values = {"names": ", ".join(new)}
    return Checked(new, values, (Notice("accounts_added", values),))


def _same_seller(raw: Raw, facts: SpApiFacts, _reader: Reader) -> Interpretation:
    """The accounts with the „Verkäufertoken“ of the first that is open; none chosen: it has one of its own."""
    chosen = set(list_of(raw, "accounts"))
    first = [account.name for account in facts.ungrouped[:1]]
    together = [account.name for account in facts.accounts if account.name in chosen and account.name not in first]
    return Checked(tuple(together), {"names": ", ".join([*first, *together])})


def _start(raw: Raw, _facts: SpApiFacts, _reader: Reader) -> Interpretation:
    checked = check_start(text_of(raw, "date"))
    if isinstance(checked, Refused):
        return (Refusal("date", checked.reason, checked.details),)
    return Checked(checked.value, {"date": checked.value})


def _failure(raw: Raw, facts: SpApiFacts, reader: Reader) -> Interpretation:
    chosen = set(list_of(raw, "accounts"))
    names = tuple(account.name for account in facts.accounts if account.name in chosen)
    return Checked((names, reader.error_text(text_of(raw, "error_text"))))


READERS: Mapping[str, ReadAnswer] = {
    "name_accounts": _names,
    "add_accounts": _more_names,
    "group_accounts": _same_seller,
    "note_start": _start,
    "describe_failure": _failure,
}
