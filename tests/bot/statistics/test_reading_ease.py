"""How texts are measured: words, sentences, syllables, ease."""

import pytest

from bot.statistics.guide_usage import measure, syllables_of, text_reports


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("Token", "de", 2), ("Haus", "de", 1), ("Entwickler-Schlüsselset", "de", 6), ("Abend", "de", 2),
        ("Berechtigungen", "de", 5), ("token", "en", 2), ("permission", "en", 3), ("x", "en", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_by_the_patterns_of_the_language(word: str, language: str, count: int) -> None:
    """Compounds with hyphens count part by part."""
    assert syllables_of(word, language) == count


@pytest.mark.parametrize(
    ("text", "words", "sentences", "longest"),
    [
        ("Öffnen Sie das Menü. Wählen Sie *Konten*, z. B. Amazon.", 10, 2, 6),
        ("Nötig ist Version 4.9.24.4 oder neuer.", 5, 1, 5),
        ("Drei Zeilen\n• eins\n• zwei drei", 5, 3, 2),
        ("{count} Schritte in {minutes} Minuten", 5, 1, 5),
        ("Sehen Sie „Freigabe widerrufen“? Dann klicken Sie darauf.", 8, 2, 4),
        ("", 0, 0, 0),
    ],
)
def test_sentences_end_where_people_stop(text: str, words: int, sentences: int, longest: int) -> None:
    """Abbreviations and versions end none, lines do; marks are no words, a placeholder is one."""
    reading = measure(text, "de")
    assert (reading.words, reading.sentences, reading.longest) == (words, sentences, longest)


def test_ease_is_flesch_s_and_amstad_s_formula() -> None:
    """Ten words of one syllable in one sentence give what the formulas say; too little text gives nothing."""
    assert measure("The cat sat on the mat and saw the dog.", "en").ease == round(206.835 - 10.15 - 84.6, 1)
    assert measure("Der Hund lief um das Haus und sah den Mann.", "de").ease == 180 - 10 - 58.5
    assert measure("Der Hund lief um das Haus.", "de").ease is None


def test_the_same_thought_in_long_words_is_harder() -> None:
    """The order is what an editor needs."""
    easy = "Klicken Sie auf den Knopf. Dann sehen Sie das neue Feld."
    hard = "Nach Betätigung der Schaltfläche erfolgt die Anzeige des Eingabebereichs für Berechtigungsinformationen."
    easier, harder = measure(easy, "de").ease, measure(hard, "de").ease
    assert easier is not None
    assert harder is not None
    assert easier - harder > 40


def test_what_merchants_walk_by_and_is_hard_comes_first() -> None:
    """Then other hard texts, then the rest; each text of each language is there once."""
    hard = "Berechtigungsinformationen Entwicklerfreigabe Kontoverwaltungsbereich " * 4
    texts = {"de": {"answers.a": hard, "steps.b.text": hard, "steps.c.text": "Gut."}, "en": {"answers.a": "Fine."}}
    reports = [(report.key, report.language, bool(report.remarks)) for report in text_reports(texts)]
    assert reports[:2] == [("steps.b.text", "de", True), ("answers.a", "de", True)]
    assert len(reports) == 4
