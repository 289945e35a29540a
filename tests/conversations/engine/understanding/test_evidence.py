"""How much words speak for each question: more, the rarer they are elsewhere."""

from conversations.engine.understanding.evidence import Evidence, hashed

TEA, COFFEE, WATER = {"hot": 1.0, "leaf": 2.0}, {"hot": 1.0, "bean": 2.0}, {"cold": 1.0, "tap": 1.0}
DRINKS = Evidence([hashed(TEA), hashed(COFFEE), hashed(WATER)])


def test_a_word_of_one_question_speaks_for_that_one() -> None:
    """A word of two speaks for both, and less."""
    leaf, hot = DRINKS.of({"leaf": 1.0}), DRINKS.of({"hot": 1.0})
    assert leaf[0] == max(leaf)
    assert leaf[0] > hot[0] > hot[2]
    assert hot[0] == hot[1]


def test_how_many_words_there_are_makes_no_difference() -> None:
    """Evidence is their average."""
    assert DRINKS.of({"leaf": 1.0}) == DRINKS.of({"leaf": 3.0})


def test_no_words_speak_for_none() -> None:
    """Nor do they without questions."""
    assert DRINKS.of({}) == [0.0, 0.0, 0.0]
    assert Evidence([]).of({"leaf": 1.0}) == []


def test_the_share_of_unknown_words_is_known() -> None:
    """From 0 to 1, an unknown word more than a known one; no words are none that are unknown."""
    assert 0.5 < DRINKS.unknown({"leaf": 1.0, "milk": 1.0}) < 1.0
    assert (DRINKS.unknown({}), DRINKS.unknown({"milk": 1.0})) == (0.0, 1.0)
