"""Turns what a person typed or chose into a checked answer for the chart: a function for each event with an answer."""

from collections.abc import Mapping

from conversations.amazon_token.checks import (
    CheckedInput,
    Refused,
    Repair,
    check_developer_id,
    check_seller_id,
    check_token,
    check_version,
    clean_names,
)
from conversations.amazon_token.facts import Facts, TokenMemory
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
from conversations.secrets.redact import fingerprint, same_fingerprint


def _refusal(field_name: str, refused: Refused) -> tuple[Refusal, ...]:
    return (Refusal(field_name, str(refused.reason), dict(refused.details)),)


def _version(raw: Raw, _facts: Facts, _reader: Reader) -> Interpretation:
    checked = check_version(text_of(raw, "version"))
    if isinstance(checked, Refused):
        return _refusal("version", checked)
    notes = (Notice("version_repaired", {"version": checked.value}),) if checked.notes else ()
    return Checked(CheckedInput(version=checked.value), {"version": checked.value}, notes)


def _developer_id(raw: Raw, _facts: Facts, _reader: Reader) -> Interpretation:
    checked = check_developer_id(text_of(raw, "developer_id"))
    if isinstance(checked, Refused):
        return _refusal("developer_id", checked)
    return Checked(CheckedInput(developer_id=checked.value))


def _names(raw: Raw, _facts: Facts, _reader: Reader) -> Interpretation:
    typed = text_of(raw, "names").replace(";", "\n").replace(",", "\n").split("\n")
    checked = clean_names([*list_of(raw, "marketplaces"), *(name for name in typed if name.strip())])
    if isinstance(checked, Refused):
        return _refusal("names", checked)
    if not checked.value:
        return (Refusal("names", "no_accounts"),)
    return Checked(CheckedInput(names=checked.value), {"names": ", ".join(checked.value)})


def _more_names(raw: Raw, facts: Facts, reader: Reader) -> Interpretation:
    result = _names(raw, facts, reader)
    if not isinstance(result, Checked):
        return result
    listed = {account.name.casefold() for account in facts.accounts}
    new = tuple(name for name in result.answer.names if name.casefold() not in listed)
    if not new:
        return (Refusal("names", "nothing_new"),)
    values = {"names": ", ".join(new)}
    return Checked(CheckedInput(names=new), values, (Notice("accounts_added", values),))


def _old_token(raw: Raw, _facts: Facts, reader: Reader) -> Interpretation:
    checked = check_token(text_of(raw, "token"))
    if isinstance(checked, Refused):
        return _refusal("token", checked)
    hashed = fingerprint(reader.key, checked.value)
    return Checked(CheckedInput(token_hash=hashed), {"last4": checked.value[-4:]}, (Notice("token_remembered"),))


def _token(raw: Raw, facts: Facts, reader: Reader) -> Interpretation:
    checked = check_token(text_of(raw, "token"))
    if isinstance(checked, Refused):
        return _refusal("token", checked)
    hashed = fingerprint(reader.key, checked.value)
    old_hashes = [account.old_token_hash for account in facts.accounts if account.old_token_hash is not None]
    if any(same_fingerprint(hashed, old_hash) for old_hash in old_hashes):
        return (Refusal("token", "same_as_old"),)
    first_hash = facts.first_token_hash
    same_as_first = same_fingerprint(hashed, first_hash) if first_hash is not None and facts.saved else None
    memory = TokenMemory(
        last4=checked.value[-4:],
        repairs=tuple(str(repair) for repair in checked.notes),
        same_as_old=False if old_hashes else None,
        same_as_first=same_as_first,
    )
    answer = CheckedInput(token=memory, token_hash=hashed)
    return Checked(answer, {"last4": memory.last4}, _token_notes(memory))


def _token_notes(memory: TokenMemory) -> tuple[Notice, ...]:
    repaired = Notice("token_repaired", {"repairs": memory.repairs}, to_do=True)
    accepted = repaired if memory.repairs else Notice("token_fine")
    if memory.same_as_first is None:
        return (accepted,)
    if memory.same_as_first:
        return (accepted, Notice("token_same_as_first"))
    return (accepted, Notice("token_differs_from_first", to_do=True))


def _seller_ids(raw: Raw, _facts: Facts, _reader: Reader) -> Interpretation:
    connect, central = (check_seller_id(text_of(raw, name)) for name in ("connect", "seller_central"))
    if isinstance(connect, Refused) or isinstance(central, Refused):
        return tuple(
            refusal
            for name, checked in (("connect", connect), ("seller_central", central))
            if isinstance(checked, Refused)
            for refusal in _refusal(name, checked)
        )
    same = connect.value == central.value
    unusual = Repair.unusual_length in central.notes
    compared = (Notice("seller_id_same"),) if same else ()  # that they differ is what the next step says
    doubted = (Notice("seller_id_unusual", to_do=True),) if unusual else ()
    return Checked(CheckedInput(same=same), {}, (*compared, *doubted))


def _failure(raw: Raw, facts: Facts, reader: Reader) -> Interpretation:
    chosen = set(list_of(raw, "accounts"))
    names = tuple(account.name for account in facts.accounts if account.name in chosen)
    return Checked(CheckedInput(names=names, error_text=reader.error_text(text_of(raw, "error_text"))))


READERS: Mapping[str, ReadAnswer] = {
    "enter_version": _version,
    "enter_developer_id": _developer_id,
    "name_accounts": _names,
    "add_accounts": _more_names,
    "remember_token": _old_token,
    "paste_token": _token,
    "compare_seller_id": _seller_ids,
    "describe_failure": _failure,
}
"""How the answer to each event is read."""
