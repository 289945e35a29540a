"""The check of a pasted MWS token: what is cleaned, what is refused and why."""

import re
import time

import hypothesis.strategies as st
import pytest
from hypothesis import given
from pastes import ADVERSARIAL, BODY, EXAMPLE_TOKEN, HEX, OTHER_TOKEN, SECRETS, TOKEN, tokens

from conversations.amazon_token.checks import PASTE_LIMIT, TOKEN_LENGTH, Accepted, Reason, Refused, Repair, check_token
from conversations.secrets.credentials import SecretKind

SHORT = TOKEN[:20] + "\n" + TOKEN[20:]


def _refused(text: str) -> Refused:
    checked = check_token(text)
    assert isinstance(checked, Refused), checked
    assert set(checked.details) == checked.reason.placeholders
    return checked


@given(tokens)
def test_every_well_formed_token_is_accepted_as_it_is(token: str) -> None:
    """Any lower-case hex token passes untouched, whatever its nibbles say: it is no UUID."""
    assert check_token(token) == Accepted(token)


@pytest.mark.parametrize(
    ("pasted", "repairs"),
    [
        (f" {TOKEN}\n", {Repair.blanks_around}),
        (f"\u00a0{TOKEN}\u2003", {Repair.blanks_around}),
        (f"\ufeff{TOKEN}", {Repair.invisible_character}),
        (f"{TOKEN[:12]}\u200b{TOKEN[12:]}", {Repair.invisible_character}),
        (f"{TOKEN[:30]}\u00ad{TOKEN[30:]}", {Repair.invisible_character}),
        (f"\u202a{TOKEN}\u202c\u200e", {Repair.invisible_character}),
        (f"{TOKEN}\u2060\u200d", {Repair.invisible_character}),
        (f"`{TOKEN}`", {Repair.code_marks}),
        (f"```\n{TOKEN}\n```", {Repair.code_marks}),
        (f'"{TOKEN}"', {Repair.quotes}),
        (f"„{TOKEN}“", {Repair.quotes}),
        (f"»{TOKEN}«", {Repair.quotes}),
        (f"‘{TOKEN}’", {Repair.quotes}),
        (f"MWS-Autorisierungstoken: {TOKEN}", {Repair.label}),
        (f"MWSAuthToken={TOKEN}", {Repair.label}),
        (f"{TOKEN}.", {Repair.trailing_punctuation}),
        (f"({TOKEN})", {Repair.trailing_punctuation}),
        (f"„{TOKEN}“.", {Repair.quotes, Repair.trailing_punctuation}),
        (f"<http://{TOKEN}|{TOKEN}>", {Repair.slack_wrapping}),
        (f"<{TOKEN}>", {Repair.slack_wrapping}),
        (f"&quot;{TOKEN}&quot;", {Repair.slack_wrapping, Repair.quotes}),
        (f"amzn.mws. {BODY}", {Repair.blank_inside}),
        (SHORT, {Repair.blank_inside}),
        (TOKEN.replace("-", "\u2011"), {Repair.dashes}),
        (TOKEN.replace("-", "–"), {Repair.dashes}),
        (TOKEN.replace("-", "\u2212"), {Repair.dashes}),
        ("".join(chr(ord(c) + 0xFEE0) for c in TOKEN), {Repair.full_width}),
        (TOKEN.upper(), {Repair.upper_case}),
        (f"Hier ist das Token {TOKEN} danke", {Repair.words_around}),
        (f"<MWSAuthToken>{TOKEN}</MWSAuthToken>", {Repair.trailing_punctuation, Repair.words_around}),
        (f"{TOKEN} {TOKEN}", {Repair.doubled}),
        (f"Das ist es:\n{SHORT}\nDanke", {Repair.label, Repair.blank_inside, Repair.words_around}),
    ],
)
def test_wrapping_is_taken_off_and_named(pasted: str, repairs: set[Repair]) -> None:
    """Each kind of wrapping is removed, and exactly what was removed is named."""
    checked = check_token(pasted)
    assert isinstance(checked, Accepted), checked
    assert (checked.value, set(checked.notes)) == (TOKEN, repairs)


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("", Reason.empty),
        (" \n\u200b", Reason.empty),
        ("„“", Reason.empty),
        ("hallo", Reason.not_a_token),
        ("weiter", Reason.not_a_token),
        (BODY, Reason.missing_prefix),
        (BODY.upper(), Reason.missing_prefix),
        (BODY.replace("-", ""), Reason.missing_prefix),
        (f"mws.{BODY}", Reason.missing_prefix),
        (TOKEN.replace("-", ""), Reason.missing_hyphens),
        (TOKEN.replace("-", "", 1), Reason.missing_hyphens),
        ("amzn.mws." + "1" * 36, Reason.missing_hyphens),
        (f"{TOKEN[:30]}…", Reason.masked),
        (f"{TOKEN[:30]}...", Reason.masked),
        ("amzn.mws.********9abc", Reason.masked),
        ("••••••••9abc", Reason.masked),
        (f"{TOKEN}\n{OTHER_TOKEN}", Reason.two_tokens),
        (f"alt: {TOKEN}, neu: {OTHER_TOKEN}", Reason.two_tokens),
        (EXAMPLE_TOKEN, Reason.example_token),
        (f"`{EXAMPLE_TOKEN.upper()}`", Reason.example_token),
        ("a" * (PASTE_LIMIT + 1), Reason.too_long),
    ],
)
def test_what_is_no_token_is_refused_with_its_reason(pasted: str, reason: Reason) -> None:
    """Every fault has its own reason, so that the answer can say what to do."""
    assert _refused(pasted).reason is reason


@pytest.mark.parametrize(
    ("pasted", "length"),
    [
        (TOKEN[:-1], 44),
        (TOKEN + "a", 46),
        (f"Token: {TOKEN[:-1]}.", 44),
        (f"{TOKEN[:-1]} bitte", 44),
        (f"{TOKEN}-f", 47),
    ],
)
def test_wrong_length_says_how_long_it_is(pasted: str, length: int) -> None:
    """The length counted is that of the cleaned value, without the words around it."""
    assert _refused(pasted) == Refused(Reason.wrong_length, {"length": length, "expected": TOKEN_LENGTH})


@given(tokens, st.integers(min_value=0, max_value=31), st.sampled_from("ghijklmnopqrstuvwxyz~ü"))
def test_a_letter_that_is_no_hex_digit_is_found_where_it_stands(token: str, nth: int, letter: str) -> None:
    """Positions count from 1 in the cleaned value, whatever was cleaned before it."""
    places = [index for index, character in enumerate(token) if index >= len("amzn.mws.") and character != "-"]
    at = places[nth]
    broken = token[:at] + letter + token[at + 1 :]
    expected = Refused(Reason.not_hexadecimal, {"position": at + 1, "character": letter})
    assert _refused(broken) == _refused(f" \u200b„{broken}“ ") == expected


@pytest.mark.parametrize(("at", "letter"), [(0, "а"), (13, "о"), (20, "с"), (13, "ο"), (13, "٣"), (15, "\u212a")])
def test_look_alike_is_named_with_its_place(at: int, letter: str) -> None:
    """A letter or digit of another script is told apart from a wrong Latin one, also inside the prefix."""
    broken = TOKEN[:at] + letter + TOKEN[at + 1 :]
    expected = Reason.look_alike if letter != "\u212a" else _refused(broken).reason
    assert _refused(broken) == Refused(expected, {"position": at + 1, "character": letter})


@pytest.mark.parametrize("kind", [kind for kind in SECRETS if kind is not SecretKind.mws_token])
def test_another_credential_is_named(kind: SecretKind) -> None:
    """Another secret in the token's field is refused by its kind, alone or beside a token."""
    assert _refused(SECRETS[kind]) == Refused(Reason.other_credential, {"kind": str(kind)})
    assert _refused(f"{TOKEN}\n{SECRETS[kind]}").details == {"kind": str(kind)}


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        ("A1PA6795UKMFR9", SecretKind.marketplace_id),
        ("A1EXAMPLE12345", SecretKind.seller_id),
        ("1111-2222-3333", SecretKind.developer_id),
        ("amzn1.sellerapps.app." + BODY, SecretKind.sp_api_app),
        ("Passwort: hund", SecretKind.password),
        ("Einmalcode 123456", SecretKind.one_time_code),
    ],
)
def test_a_value_from_another_field_is_named(pasted: str, kind: SecretKind) -> None:
    """What belongs into another field is recognized, so that the answer can say where it belongs."""
    assert _refused(pasted) == Refused(Reason.other_credential, {"kind": str(kind)})


def test_the_pipe_of_a_refresh_token_is_no_link() -> None:
    """A refresh token in Slack's angle brackets is classified before anything is unwrapped."""
    assert _refused(f"<{SECRETS[SecretKind.lwa_refresh_token]}>").details == {"kind": "lwa_refresh_token"}


def test_a_token_after_the_word_secret_is_still_a_token() -> None:
    """A label that announces a password does not turn a token into one."""
    assert isinstance(check_token(f"Secret: {TOKEN}"), Accepted)


@given(st.text(max_size=200) | st.text(alphabet=HEX + "-.amznws \n…*оА<>|", max_size=120))
def test_whatever_is_pasted_is_accepted_well_formed_or_refused_without_echo(text: str) -> None:
    """No text makes the check fail; an accepted value is well formed; details hold no more than one character."""
    checked = check_token(text)
    if isinstance(checked, Accepted):
        assert re.fullmatch(r"amzn\.mws\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", checked.value, re.ASCII)
        return
    assert set(checked.details) == checked.reason.placeholders
    assert len(str(checked.details.get("character", ""))) <= 1


@given(
    tokens,
    st.lists(st.sampled_from(["\u200b", "\ufeff", "\u00ad", "\u200e", " ", "\n", "\u00a0"]), max_size=8),
    st.data(),
)
def test_stray_characters_never_change_the_token(token: str, strays: list[str], data: st.DataObject) -> None:
    """Blanks and invisible characters may be anywhere; the result is the token that was meant."""
    pasted = token
    for stray in strays:
        at = data.draw(st.integers(min_value=0, max_value=len(pasted)))
        pasted = pasted[:at] + stray + pasted[at:]
    checked = check_token(pasted)
    assert isinstance(checked, Accepted), checked
    assert checked.value == token


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_no_paste_makes_the_check_slow(piece: str) -> None:
    """The longest paste takes 20 ms of a core at most (measured: 12); a slow one gets five times that."""
    pasted = (piece * PASTE_LIMIT)[:PASTE_LIMIT]
    spent = []
    for _ in range(3):
        start = time.thread_time()
        check_token(pasted)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.1
