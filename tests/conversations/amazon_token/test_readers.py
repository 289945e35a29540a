"""From what a person typed to a checked answer: what is accepted, what is refused, and what never gets through."""

import pytest
from token_walks import (
    CONFIGURED_ID,
    HANDBOOK_ID,
    NEW_ENOUGH,
    OTHER_SELLER_ID,
    READER,
    SELLER_ID,
    START,
    TOO_OLD,
    UNDECIDABLE,
    token,
    walk_at,
)

from conversations.amazon_token.facts import Account, Facts
from conversations.amazon_token.forms import FORMS
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.answers import Checked, Interpretation, Raw, Refusal
from conversations.secrets.redact import fingerprint


def _read(event: str, raw: Raw, facts: Facts | None = None) -> Interpretation:
    return walk_at(facts=facts)._interpret(event, raw, READER)


def _accepted(event: str, raw: Raw, facts: Facts | None = None) -> Checked:
    result = _read(event, raw, facts)
    assert isinstance(result, Checked), result
    return result


def _refused(event: str, raw: Raw, facts: Facts | None = None) -> tuple[Refusal, ...]:
    result = _read(event, raw, facts)
    assert not isinstance(result, Checked)
    return result


def _codes(result: Checked) -> list[str]:
    return [note.code for note in result.notes]


def _hash(text: str) -> str:
    return fingerprint(READER.key, text)


@pytest.mark.parametrize("event", ["advance", "ready", "back", "cancel", "fetched", "sees_key_set", "go_on"])
def test_events_without_answer_are_accepted_as_they_are(event: str) -> None:
    """An event that carries nothing ignores whatever is sent with it."""
    result = _accepted(event, {"token": token(), "choice": "europe"})
    assert (result.record, result.notes, result.answer) == ({}, (), None)


@pytest.mark.parametrize(
    ("event", "choice"), [(event, choice) for event, all_ in PROCEDURE.choices.items() for choice in all_]
)
def test_offered_choices_are_accepted(event: str, choice: str) -> None:
    """A choice that a button offers becomes the answer and its record."""
    result = _accepted(event, {"choice": choice})
    assert (result.answer, result.record) == (choice, {"choice": choice})


def test_choice_not_offered_is_a_forgery() -> None:
    """Nobody can press what no button offers."""
    with pytest.raises(ValueError, match="does not offer"):
        _read("choose_region", {"choice": "standard"})


def test_version_is_read_and_recorded() -> None:
    """A plain version is accepted without a note; the record names it."""
    result = _accepted("enter_version", {"version": NEW_ENOUGH})
    assert str(result.answer.version) == NEW_ENOUGH
    assert result.answer.version is not None
    assert result.answer.version.is_enough
    assert (str(result.record["version"]), _codes(result)) == (NEW_ENOUGH, [])


def test_repaired_version_says_what_was_understood() -> None:
    """A version with commas is used, and the note says which; the product's name around it is no repair."""
    result = _accepted("enter_version", {"version": f"CONNECT Version {NEW_ENOUGH}".replace(".", ",")})
    assert str(result.answer.version) == NEW_ENOUGH
    assert _codes(result) == ["version_repaired"]
    assert str(result.notes[0].values["version"]) == NEW_ENOUGH


def test_old_version_is_an_answer_and_no_refusal() -> None:
    """A version that is too old is understood; the chart decides where it leads."""
    result = _accepted("enter_version", {"version": TOO_OLD})
    assert result.answer.version is not None
    assert not result.answer.version.is_enough


@pytest.mark.parametrize("text", ["", "   ", "the newest one", UNDECIDABLE])
def test_no_version_is_refused(text: str) -> None:
    """What holds no version that can be decided is refused at its field."""
    assert [refusal.field for refusal in _refused("enter_version", {"version": text})] == ["version"]


def test_developer_id_is_tidied() -> None:
    """An ID from the handbook is accepted with blanks around it."""
    assert _accepted("enter_developer_id", {"developer_id": f" {HANDBOOK_ID}\n"}).answer.developer_id == HANDBOOK_ID


@pytest.mark.parametrize("text", ["", "12", "not an ID", token()])
def test_no_developer_id_is_refused(text: str) -> None:
    """What is no developer ID is refused at its field, without repeating it."""
    (refusal,) = _refused("enter_developer_id", {"developer_id": text})
    assert refusal.field == "developer_id"
    assert not text or text not in repr(refusal)


def test_accounts_come_from_boxes_and_lines() -> None:
    """Ticked marketplaces and typed names make one list; commas, semicolons and lines separate."""
    result = _accepted(
        "name_accounts", {"marketplaces": ["Amazon DE"], "names": "Amazon FR, Amazon IT;Amazon ES\n\nAmazon NL"}
    )
    assert result.answer.names == ("Amazon DE", "Amazon FR", "Amazon IT", "Amazon ES", "Amazon NL")
    assert result.record == {"names": "Amazon DE, Amazon FR, Amazon IT, Amazon ES, Amazon NL"}


def test_an_account_named_twice_is_one() -> None:
    """The same name in another case is the same account."""
    names = _accepted("name_accounts", {"marketplaces": "Amazon DE", "names": "amazon de\nAmazon DE "}).answer.names
    assert [name.casefold() for name in names] == ["amazon de"]


@pytest.mark.parametrize("raw", [{}, {"names": ""}, {"names": " ,;\n "}, {"marketplaces": [], "names": ""}])
def test_no_account_is_refused(raw: Raw) -> None:
    """At least one account has to be named."""
    assert [(refusal.field, refusal.reason) for refusal in _refused("name_accounts", raw)] == [("names", "no_accounts")]


@pytest.mark.parametrize("text", ["x" * 2000, "\n".join(f"Account {number}" for number in range(500)), token()])
def test_account_names_fit_what_is_stored(text: str) -> None:
    """Whatever is typed is either refused at its field or can be stored; a token is never kept as a name."""
    result = _read("name_accounts", {"names": text})
    if isinstance(result, Checked):
        assert all(Account(name=name).name == name for name in result.answer.names)
    else:
        assert {refusal.field for refusal in result} == {"names"}
    assert token() not in repr(result)


def test_added_accounts_are_the_new_ones() -> None:
    """Of the accounts added late only those not listed yet count, and they are named."""
    facts = Facts(accounts=[Account(name="Amazon DE")])
    result = _accepted("add_accounts", {"names": "amazon de, Amazon FR"}, facts)
    assert (result.answer.names, _codes(result)) == (("Amazon FR",), ["accounts_added"])
    assert [refusal.reason for refusal in _refused("add_accounts", {"names": "AMAZON DE"}, facts)] == ["nothing_new"]
    assert [refusal.reason for refusal in _refused("add_accounts", {"names": ""}, facts)] == ["no_accounts"]


def test_old_token_leaves_a_hash_and_four_characters() -> None:
    """Of the old token nothing is kept but a keyed hash; its record names the last four."""
    result = _accepted("remember_token", {"token": token("a")})
    assert result.answer.token_hash == _hash(token("a"))
    assert result.record == {"last4": "aaaa"}
    assert token("a")[9:20] not in repr(result)


def test_whole_token_is_accepted() -> None:
    """A token without fault is fine; the record names the last four."""
    result = _accepted("paste_token", {"token": token("b")})
    assert (result.record, _codes(result)) == ({"last4": "bbbb"}, ["token_fine"])
    assert result.answer.token is not None
    assert result.answer.token.repairs == ()
    assert (result.answer.token.same_as_old, result.answer.token.same_as_first) == (None, None)
    assert token("b")[9:20] not in repr(result)


@pytest.mark.parametrize("text", [f" {token()}", f"{token()}\n", f"„{token()}“", token()[:20] + " " + token()[20:]])
def test_repairable_token_is_repaired_and_said(text: str) -> None:
    """Blanks and quotes that came with copying are taken away, and what was done is said."""
    result = _accepted("paste_token", {"token": text})
    assert result.answer.token_hash == _hash(token())
    assert _codes(result) == ["token_repaired"]
    assert result.answer.token is not None
    assert result.answer.token.repairs
    assert result.notes[0].values["repairs"] == result.answer.token.repairs


@pytest.mark.parametrize("text", ["", token()[:-3], token() + "0", "Atzr|" + "x" * 60, "hello"])
def test_damaged_token_is_refused_without_being_repeated(text: str) -> None:
    """A token that cannot be whole is refused at its field; the refusal does not hold it."""
    for event in ("paste_token", "remember_token"):
        (refusal,) = _refused(event, {"token": text})
        assert refusal.field == "token"
        assert not text or text not in repr(refusal)


def test_the_old_token_of_any_account_is_noticed() -> None:
    """Pasting an old token as the new one is refused, whichever account it was of."""
    facts = Facts(accounts=[Account(name="A"), Account(name="B", old_token_hash=_hash(token("a")))])
    (refusal,) = _refused("paste_token", {"token": f" {token('a')} "}, facts)
    assert (refusal.field, refusal.reason) == ("token", "same_as_old")
    other = _accepted("paste_token", {"token": token("b")}, facts).answer.token
    assert other is not None
    assert other.same_as_old is False


@pytest.mark.parametrize(("mark", "code"), [("a", "token_same_as_first"), ("b", "token_differs_from_first")])
def test_a_further_token_is_compared_with_the_first(mark: str, code: str) -> None:
    """Once an account is saved the next token is compared with the first; both outcomes are accepted and said."""
    facts = Facts(accounts=[Account(name="A", saved_at=START), Account(name="B")], first_token_hash=_hash(token("a")))
    assert _codes(_accepted("paste_token", {"token": token(mark)}, facts)) == ["token_fine", code]


def test_nothing_is_compared_before_a_save() -> None:
    """A first token typed anew is no further token."""
    facts = Facts(accounts=[Account(name="A")], first_token_hash=_hash(token("a")))
    assert _codes(_accepted("paste_token", {"token": token("b")}, facts)) == ["token_fine"]


def test_seller_ids_are_compared_and_not_kept() -> None:
    """Only whether the two IDs are the same remains."""
    same = _accepted("compare_seller_id", {"connect": SELLER_ID, "seller_central": f" {SELLER_ID} "})
    differs = _accepted("compare_seller_id", {"connect": SELLER_ID, "seller_central": OTHER_SELLER_ID})
    assert (same.answer.same, _codes(same)) == (True, ["seller_id_same"])
    assert (differs.answer.same, _codes(differs)) == (False, [])
    assert SELLER_ID not in repr((same, differs))


def test_each_bad_seller_id_is_refused_at_its_field() -> None:
    """Both fields are judged in one go."""
    both = _refused("compare_seller_id", {"connect": "", "seller_central": "!"})
    assert [refusal.field for refusal in both] == ["connect", "seller_central"]
    refusals = _refused("compare_seller_id", {"connect": SELLER_ID, "seller_central": ""})
    assert [refusal.field for refusal in refusals] == ["seller_central"]


def test_failure_is_redacted_and_names_known_accounts_only() -> None:
    """People's words lose their secrets before they are kept; accounts that are none of theirs are left out."""
    facts = Facts(accounts=[Account(name="Amazon DE"), Account(name="Amazon FR")])
    raw: Raw = {"accounts": ["Amazon FR", "Amazon XX"], "error_text": f"AccessDenied for {token()}"}
    answer = _accepted("describe_failure", raw, facts).answer
    assert answer.names == ("Amazon FR",)
    assert "AccessDenied" in answer.error_text
    assert token()[9:] not in answer.error_text


def test_failure_without_words_is_accepted() -> None:
    """Nobody has to explain anything to get help."""
    assert _accepted("describe_failure", {}).answer.error_text == ""


@pytest.mark.parametrize("form", list(PROCEDURE.form_events))
@pytest.mark.parametrize(
    "value", ["", " \n", "\x00", "🙂" * 3000, "<@U123> & <!channel>", "{token} {0} %s", CONFIGURED_ID]
)
def test_no_text_at_all_breaks_a_form(form: str, value: str) -> None:
    """Whatever is typed into any form is accepted or refused at one of its fields."""
    fields = [field.name for field in FORMS[form].fields]
    result = _read(PROCEDURE.form_events[form], dict.fromkeys(fields, value))
    if not isinstance(result, Checked):
        assert {refusal.field for refusal in result} <= set(fields)
