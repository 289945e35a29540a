"""The gate changes a text only where a secret stands in it, however it is dressed; the rest stays byte for byte."""

from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import given

import conversations
from conversations.secrets.credentials import SecretKind
from conversations.secrets.gate import Gate
from tests.bytes_written import made_up
from tests.conversations.amazon_token.pastes import BODY, SECRETS, TOKEN


def _label(kind: SecretKind) -> str:
    return f"[{kind} entfernt]"


@pytest.fixture
def gate() -> Gate:
    """It knows the labels of another language too."""
    return Gate(_label, [f"[{kind} removed]" for kind in SecretKind])


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("mark", ["*", "_", "~", "`", "**", "\u200b", "\u2060", "*_~`"])
def test_formatting_on_every_character_hides_nothing(gate: Gate, kind: SecretKind, mark: str) -> None:
    """What Slack shows as one word is one word; the text around it is as it was, and the kind is told."""
    text, kinds = gate.text(f"vorher _hier_ {mark.join(SECRETS[kind])}, *nachher*")
    assert text == f"vorher _hier_ {_label(kind)}, *nachher*"
    assert kinds == (kind,)


@pytest.mark.parametrize(
    "worn",
    [
        f"*amzn.mws*.{BODY}", f"<https://shop.example/|amzn.mws>.{BODY}", f"amzn.mws.<https://a.example|{BODY}>",
        f"amzn.mws.{BODY[:9]}\n> {BODY[9:]}", f"amzn.mws.{BODY[:9]}\n&gt; {BODY[9:]}", f"&#97;mzn.*mws*.{BODY}",
        f"```\namzn.mws.\n{BODY}\n```", f"<mailto:x@shop.example|amzn>.mws.{BODY}", f"a*m*z_n_.mws.{BODY}",
    ],
)  # fmt: skip
def test_links_wraps_and_entities_hide_nothing(gate: Gate, worn: str) -> None:
    """A link is read as its words, a quotation without its signs, an entity as its character."""
    text, kinds = gate.text(worn)
    assert BODY[-12:] not in text
    assert kinds == (SecretKind.mws_token,)


@given(text=st.text(max_size=200))
def test_what_holds_no_secret_is_the_same_text(text: str) -> None:
    """Nothing is normalized, shortened or escaped."""
    gate = Gate(_label)
    clean, kinds = gate.text(text)
    assert kinds or clean is text
    assert gate.text(clean) == (clean, ())


def test_private_characters_stay_beside_a_secret(gate: Gate) -> None:
    """Also those of the planes with which places are marked."""
    strange = "\ue000\uf8ff\U000f0000\U000f0008\U0010fffd"
    assert gate.text(f"{strange} {TOKEN} {strange}")[0] == f"{strange} {_label(SecretKind.mws_token)} {strange}"


def test_the_labels_of_another_language_are_no_secrets(gate: Gate) -> None:
    """What was removed once is not removed again, whoever reads it."""
    text = "Passwort: [password removed], password = [password entfernt]"
    assert gate.text(text) == (text, ())


def test_typed_fields_pass(gate: Gate) -> None:
    """Identifiers, addresses and keyed hashes are no words; everything else of a structure is looked at."""
    digits = "0a" * 16
    content = {
        "blocks": [{"type": "section", "text": {"text": f"*{TOKEN[:12]}*{TOKEN[12:]}"}, "value": f"1:2:step:{digits}"}],
        "token_hash": digits * 2,
        "names": ("Erika", digits),
        "count": 3,
    }
    gated = gate.content(content, {"value"})
    assert gated.value["blocks"][0] == {
        "type": "section", "text": {"text": f"*{_label(SecretKind.mws_token)}"}, "value": f"1:2:step:{digits}",
    }  # fmt: skip
    assert gated.value["token_hash"] == digits * 2
    assert gated.value["names"] == ("Erika", _label(SecretKind.possible_token))
    assert gated.value["count"] == 3
    assert gated.kinds == (SecretKind.mws_token, SecretKind.possible_token)


def test_a_structure_without_secrets_is_the_same_object(gate: Gate) -> None:
    """Nothing is copied for nothing, the second time neither."""
    content: dict[str, Any] = {"text": "Guten Tag", "blocks": [{"text": {"text": "AccessDenied"}}]}
    assert gate.content(content).value is content
    assert gate.content(content).value is content


def test_nothing_written_stays_in_memory(gate: Gate) -> None:
    """That a text is clean is remembered; its words are not."""
    gate.text("Erika Beispiel aus Musterstadt")
    assert "Erika" not in repr(vars(gate))


def _all(texts: Any) -> list[str]:
    if isinstance(texts, str):
        return [texts]
    return [text for part in (texts.values() if isinstance(texts, dict) else texts) for text in _all(part)]


def test_our_own_sentences_pass(gate: Gate) -> None:
    """No sentence of the text files holds what the gate would take for a secret."""
    files = Path(conversations.__path__[0]).rglob("*.yaml")
    sentences = [text for file in files for text in _all(yaml.safe_load(file.read_text("utf-8")))]
    assert len(sentences) > 500
    read = [text.replace("{kind}", name) for text in sentences for name in ("MWS-Token", "Passwort", "AWS secret key")]
    assert [text for text in read if gate.text(text)[1]] == []


def test_a_secret_made_at_run_time_is_found_in_its_label_s_company(gate: Gate) -> None:
    """Two secrets and a label in one line: both go, the label stays."""
    first, second = made_up("mws_token"), made_up("lwa_refresh_token")
    text, kinds = gate.text(f"{first} [password removed] {second}")
    expected = f"{_label(SecretKind.mws_token)} [password removed] {_label(SecretKind.lwa_refresh_token)}"
    assert (text, kinds) == (expected, (SecretKind.mws_token, SecretKind.lwa_refresh_token))
