"""What only the words around it make a secret: one-time codes and passwords as people and Amazon write them."""

import random
import time

import pytest

from conversations.secrets.credentials import SecretKind
from conversations.secrets.redact import redact
from tests.bytes_written import made_up

CODES = (
    "{} is your Amazon OTP. Do not share it with anyone.", "{} ist Ihr Amazon-Einmalpasswort (OTP)",
    "Bestätigungscode von Amazon: {}", "Your Amazon verification code is: {}", "Use {} as your verification code",
    "Ihr Amazon-Verifizierungscode lautet {}", "Dein Code für die Anmeldung: {}", "{} lautet der Bestätigungscode",
    "Der OTP ist {}", "the code from Amazon is {}", "One Time Password (OTP) for your Amazon account is {}",
    "Amazon-Einmalpasswort: {}", "OTP {}", "Ihr Bestätigungscode lautet: {}", "Code: {}", "TAN {}",
    "Sicherheitscode für Seller Central ist {}", "Mein Code aus der SMS ist {}", "{} is your Amazon security code",
    "Verwenden Sie {} als Einmalpasswort", "SMS-Code: *{}*", "Einmalcode\n{}", "verification code = {}",
    "{} ist dein Amazon-Code", "Your one-time code is {}.", "Prüfcode lautet {}",
)  # fmt: skip
PASSWORDS = (
    "Passwort {}", "Passwort: {}", "Mein Passwort ist {}", "das Passwort lautet {}, danke", "password = {}",
    "my password is {}", "pw: {}", "pw {}", "Kennwort für Seller Central: {}", "Passwort für Amazon {}",
    "password for erika is {}", "{} ist mein Passwort", "use {} as the password", "*Passwort:* `{}`", "_Passwort_ {}",
    "name@example.com / {}", "name@example.com:{}", "name@example.com | {}", "name@example.com\n{}",
    "<mailto:name@example.com|name@example.com> / {}", "Login: erika / {}", "Zugang erika@example.com {}",
)  # fmt: skip


def _label(kind: SecretKind) -> str:
    return f"[{kind}]"


@pytest.mark.parametrize("sentence", CODES)
@pytest.mark.parametrize("form", ["{}{}", "{} {}"])
def test_a_one_time_code_goes_the_sentence_stays(sentence: str, form: str) -> None:
    """In either order of words, in both languages, with a blank in the middle or not."""
    code = form.format(random.randrange(100, 1000), random.randrange(100, 1000))  # noqa: S311 - synthetic
    if "Verwenden" in sentence and " " in code:
        code = code.replace(" ", "-")
    assert redact(sentence.format(code), _label) == sentence.format(_label(SecretKind.one_time_code))


@pytest.mark.parametrize("sentence", PASSWORDS)
@pytest.mark.parametrize("value", ["Sommer{}!", "herbst{}", "W!nter-{}", "{}Blume", "x{}#Y"])
def test_a_password_goes_the_sentence_stays(sentence: str, value: str) -> None:
    """Near its word, before or behind it, and beside a mail address."""
    typed = value.format(random.randrange(1000, 10000))  # noqa: S311 - synthetic
    left = redact(sentence.format(typed), _label)
    assert typed not in left
    assert left.startswith(sentence.partition("{}")[0])
    assert _label(SecretKind.password) in left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("my password is hunter two", "my password is [password]"),
        ("My password is: hunter two", "My password is: [password]"),
        ("mein Kennwort lautet Blumenwiese, bitte prüfen", "mein Kennwort lautet [password], bitte prüfen"),
        ("name@example.com:sommerwiese", "name@example.com:[password]"),
        ("Passwort: geheim", "Passwort: [password]"),
        ("PIN 4711", "PIN [password]"),
    ],
)
def test_a_password_of_letters_goes_where_its_word_announces_it(text: str, left: str) -> None:
    """No digit is needed where nothing but a password can follow."""
    assert redact(text, _label) == left


@pytest.mark.parametrize(
    "name", ["AuthToken-{}", "authtoken_{}", "AuthToken={}", "MWS Key: {}", "mws-{}", "*Token*: {}"]
)
def test_the_core_of_a_token_goes_under_any_name(name: str) -> None:
    """Somebody took off the prefix, and put a name of their own before it."""
    core = made_up("mws_token").removeprefix("amzn.mws.")
    left = redact(name.format(core), _label)
    assert core[:8] not in left
    assert core[-12:] not in left


@pytest.mark.parametrize(
    "piece",
    [
        "password ", "password is ", "Passwort für ", "Passwort: ", "passwort ist geheim ", "pw 1a", "a@a.",
        "a.a-a+", "a@a.de / ", "code ", "code von ", "OTP der ", "der ", "123456 ", "1234", "123456 ist Ihr ",
        "Request ID ", "1a!", "*_*", "<http://a|", "<@a", "> ", "\n> ", "hunter ", "is wrong ", "_a", "token=",
        "token-", "login a", "a@a.de ",
    ],
)  # fmt: skip
def test_no_wording_makes_the_search_slow(piece: str) -> None:
    """40,000 characters take well under a second of one core, whatever they are."""
    text = (piece * 40_000)[:40_000]
    start = time.thread_time()
    redact(text, _label)
    assert time.thread_time() - start < 2
