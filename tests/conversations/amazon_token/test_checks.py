"""The checks of seller IDs, developer IDs and account names, and what all reasons have in common."""

import unicodedata

import hypothesis.strategies as st
import pytest
from hypothesis import given
from pastes import ADVERSARIAL, SECRETS, TOKEN

from conversations.amazon_token.checks import (
    PASTE_LIMIT,
    Accepted,
    Reason,
    Refused,
    Repair,
    check_developer_id,
    check_seller_id,
    clean_names,
)
from conversations.amazon_token.developer_ids import REGIONS
from conversations.engine.checks import NAME_LIMIT, NAME_REASONS, NAMES_LIMIT
from conversations.marketplaces import EUROPEAN_MARKETPLACES, MARKETPLACE_IDS, marketplace_of
from conversations.secrets.credentials import SecretKind

SELLER_ID = "A1EXAMPLE12345"


@pytest.mark.parametrize(
    ("pasted", "notes"),
    [
        (SELLER_ID, set()),
        ("ABCDEFGHIJKLM", set()),
        (f" {SELLER_ID}\n", {Repair.blanks_around}),
        ("a1example12345", {Repair.lower_case}),
        (f"Händler-ID: {SELLER_ID}", {Repair.label}),
        (f"Seller ID {SELLER_ID}", {Repair.words_around}),
        ("A1EX AMPLE12345", {Repair.blank_inside}),
        ("A1EXAMPLE1", {Repair.unusual_length}),
        ("A" + "1" * 20, {Repair.unusual_length}),
    ],
)
def test_seller_ids_are_tidied(pasted: str, notes: set[Repair]) -> None:
    """10 to 21 characters are accepted, 13 and 14 without a remark; the value is the ID in capitals."""
    checked = check_seller_id(pasted)
    assert isinstance(checked, Accepted), checked
    assert set(checked.notes) == notes
    assert checked.value.isupper()
    assert checked.value in "".join(pasted.split()).upper()


@pytest.mark.parametrize("marketplace", sorted(MARKETPLACE_IDS))
def test_every_marketplace_id_is_told_from_a_seller_id(marketplace: str) -> None:
    """Marketplace IDs have the shape of seller IDs and are refused, in any case."""
    assert check_seller_id(marketplace) == check_seller_id(marketplace.lower()) == Refused(Reason.marketplace_id)


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", Reason.empty),
        ("M_ACMEINC_012345", Reason.legacy_merchant_token),
        ("B1EXAMPLE12345", Reason.not_a_seller_id),
        ("A1EXAMPL", Reason.not_a_seller_id),
        ("A" + "1" * 21, Reason.not_a_seller_id),
        ("A1EXAMPLE1 A1EXAMPLE2", Reason.not_a_seller_id),
        ("amazonhaendler", Reason.not_a_seller_id),
        ("Amazon Deutschland", Reason.not_a_seller_id),
        ("Müller", Reason.not_a_seller_id),
        ("A" * (PASTE_LIMIT + 1), Reason.too_long),
    ],
)
def test_what_is_no_seller_id_is_refused(pasted: str, reason: Reason) -> None:
    """Words in small letters, two IDs and other shapes are not taken for an ID."""
    assert check_seller_id(pasted) == Refused(reason)


def test_a_look_alike_in_a_seller_id_is_named() -> None:
    """A Cyrillic А would never be equal to the Latin one."""
    assert check_seller_id("А" + SELLER_ID[1:]) == Refused(Reason.look_alike, {"position": 1, "character": "А"})


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_in_the_field_of_an_id_is_named(kind: SecretKind) -> None:
    """Access keys have the shape of seller IDs; every secret is refused by its kind before shapes are compared."""
    expected = Refused(Reason.other_credential, {"kind": str(kind)})
    assert check_seller_id(SECRETS[kind]) == check_developer_id(SECRETS[kind]) == expected


@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from(["", "-", " ", "–", " - "]))
def test_developer_ids_are_written_one_way(number: str, between: str) -> None:
    """However the twelve digits are grouped, they come out as dddd-dddd-dddd; the documented ID never does."""
    pasted = between.join((number[:4], number[4:8], number[8:]))
    checked = check_developer_id(pasted)
    if number == "588146866012":
        assert checked == Refused(Reason.documented_id)
    else:
        assert isinstance(checked, Accepted)
        assert checked.value == f"{number[:4]}-{number[4:8]}-{number[8:]}"


@pytest.mark.parametrize(
    "pasted", ["5881-4686-6012", "588146866012", "5881 4686 6012", "5881–4686–6012", "ID: 5881-4686-6012."]
)
def test_the_documented_id_is_refused_in_every_spelling(pasted: str) -> None:
    """It is given where it is valid; nobody brings it to another combination by typing it."""
    assert check_developer_id(pasted) == Refused(Reason.documented_id)


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [("", Reason.empty), ("12", Reason.not_a_developer_id), ("1111-2222-33333", Reason.not_a_developer_id),
     ("1111--2222-3333", Reason.not_a_developer_id), ("1" * 4001, Reason.too_long)],
)  # fmt: skip
def test_what_is_no_developer_id_is_refused(pasted: str, reason: Reason) -> None:
    """Anything but twelve digits in three groups is refused."""
    assert check_developer_id(pasted) == Refused(reason)


def test_foreign_digits_in_a_developer_id_are_named() -> None:
    """A pattern of mere digits would take them; the handbook has no such digits."""
    assert check_developer_id("١111-2222-3333") == Refused(Reason.foreign_digits, {"position": 1, "character": "١"})


def test_names_are_tidied_and_doubles_dropped() -> None:
    """Blanks, controls and invisible characters go; of two names that differ in case the first stays."""
    names = ["  Amazon   DE ", "amazon de", "Ama\u200bzon FR", "Amazon\x00IT", "", " \t", "Mu\u0308ller"]
    assert clean_names(names) == Accepted(("Amazon DE", "Amazon FR", "AmazonIT", "Müller"))


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_no_name(kind: SecretKind) -> None:
    """What looks like a credential is never kept as the name of an account."""
    assert clean_names(["Amazon DE", SECRETS[kind]]) == Refused("name_is_secret", {"kind": str(kind)})


def test_names_are_few_and_short() -> None:
    """60 characters and 20 names are the most."""
    assert clean_names(["x" * NAME_LIMIT]) == Accepted(("x" * NAME_LIMIT,))
    assert clean_names(["x" * (NAME_LIMIT + 1)]) == Refused("name_too_long", {"limit": NAME_LIMIT})
    many = [f"Amazon {number}" for number in range(NAMES_LIMIT + 1)]
    assert isinstance(clean_names(many[:-1] * 3), Accepted)
    assert clean_names(many) == Refused("too_many_names", {"limit": NAMES_LIMIT})


@given(st.lists(st.text(max_size=80), max_size=30))
def test_accepted_names_can_be_stored_and_stay_as_they_are(names: list[str]) -> None:
    """An accepted name is printable, trimmed and short, and cleaning it again changes nothing."""
    checked = clean_names(names)
    if isinstance(checked, Accepted):
        assert clean_names(list(checked.value)) == checked
        for name in checked.value:
            assert 0 < len(name) <= NAME_LIMIT
            assert name == name.strip()
            assert not any(unicodedata.category(character) in {"Cc", "Cf"} for character in name)
    else:
        assert set(checked.details) == {NAME_REASONS[checked.reason]}


@given(st.text(max_size=120))
def test_no_check_fails_or_repeats_what_was_pasted(text: str) -> None:
    """Every text is answered; details are exactly those that the reason's text may name."""
    for check in (check_seller_id, check_developer_id):
        checked = check(text)
        if isinstance(checked, Refused):
            assert set(checked.details) == Reason(checked.reason).placeholders


def test_a_refusal_never_holds_the_token() -> None:
    """Neither a token nor most of it is found in what a refusal says."""
    for refused in (check_seller_id(TOKEN), check_developer_id(TOKEN), clean_names([TOKEN])):
        assert TOKEN[9:17] not in repr(refused)


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_long_pastes_are_answered(piece: str) -> None:
    """The longest pastes that are looked at are answered too (the suite's timeout would tell)."""
    pasted = (piece * PASTE_LIMIT)[:PASTE_LIMIT]
    assert check_seller_id(pasted) is not None
    assert check_developer_id(pasted) is not None
    assert clean_names([pasted] * 5) is not None


def test_marketplaces_are_known_by_region() -> None:
    """Ten European marketplaces, and every other one belongs to another of the offered regions."""
    assert len(EUROPEAN_MARKETPLACES) == 10
    assert marketplace_of(" a1pa6795ukmfr9 ") == ("europe", "DE")
    assert marketplace_of("ATVPDKIKX0DER") == ("north_america", "US")
    assert marketplace_of(SELLER_ID) is None
    regions = {marketplace[0] for marketplace in map(marketplace_of, MARKETPLACE_IDS) if marketplace is not None}
    assert regions == set(REGIONS)
