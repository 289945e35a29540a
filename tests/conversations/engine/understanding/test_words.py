"""Words are compared as people mean them, not as they spell them."""

import unicodedata

import pytest

from conversations.engine.texts import Language
from conversations.engine.understanding.words import fold, stems


@pytest.mark.parametrize(
    ("language", "text", "folded"),
    [
        ("de", "Läuft's, Größe?", "laeufts groesse"),
        ("de", "  „Speichern“\n– und\u00a0dann …? ", "speichern und dann"),
        ("de", unicodedata.normalize("NFD", "Schlüsselset"), "schluesselset"),
        ("de", "SCHLÜSSELSET", "schluesselset"),
        ("de", "Schluesselset", "schluesselset"),
        ("de", "Entwickler-ID", "entwickler id"),
        ("de", "４.9.24", "4 9 24"),
        ("en", "Café", "cafe"),
        ("en", "I can’t", "i can not"),
        ("en", "cannot, cant", "can not can not"),
        ("en", "It doesn't; it WON'T", "it does not it will not"),
        ("en", "seller's ID", "sellers id"),
        ("en", "", ""),
        ("en", "?!", ""),
    ],
)
def test_spellings_of_one_text_are_equal(language: Language, text: str, folded: str) -> None:
    """Case, umlauts, accents, apostrophes, width and punctuation make no difference."""
    assert fold(text, language) == folded


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Auftrag", "Aufträge"),
        ("de", "Auftrag", "Auftraege"),
        ("de", "Tokens", "Token"),
        ("de", "neue neuer neues", "neuen neuem neue"),
        ("de", "deaktivieren", "deaktiviere"),
        ("en", "orders", "order"),
        ("en", "switching", "switched"),
    ],
)
def test_forms_of_one_word_have_one_stem(language: Language, one: str, other: str) -> None:
    """Number, case and tense make no difference."""
    assert stems(one, language) == stems(other, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "nicht nur auch ohne kein noch schon wieder"), ("en", "not only also too without no again yet")],
)
def test_small_words_that_turn_the_sense_are_kept(language: Language, text: str) -> None:
    """Every word has a stem, and no two of these have the same."""
    assert len(set(stems(text, language))) == len(text.split())
