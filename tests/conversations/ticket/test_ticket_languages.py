import pytest
from ticket_samples import SAMPLE_CONTACT, sample_walk, walk_of, whole, write

from conversations.amazon_token.facts import Facts
from conversations.amazon_token.settings import TokenSettings
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.engine.walkthrough import Walk
from tests.guides import guide


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    language: Language = request.param
    return guide(language)


@pytest.mark.parametrize("walk", [None, walk_of(), sample_walk()], ids=["no walk", "nothing known", "much known"])
def test_every_placeholder_is_filled(texts: Texts, walk: Walk[Facts, TokenSettings] | None) -> None:
    """No summary shows a raw placeholder or a key, in either language."""
    text = whole(write(texts, walk=walk))
    assert [mark for mark in ("{", "}", "\x00", "values.", "labels.") if mark in text] == []


@pytest.mark.parametrize("key", ["claim", "resolve"])
def test_buttons_fit_on_a_button(texts: Texts, key: str) -> None:
    """A button has at most 30 characters."""
    assert len(texts.say(f"ticket.buttons.{key}")) <= 30


@pytest.mark.parametrize("intro", ["words", "error_text_intro", "call_again", "second_failure"])
def test_the_thread_says_who_speaks(texts: Texts, intro: str) -> None:
    """Whatever the bot passes on is introduced with the name of its author."""
    assert SAMPLE_CONTACT.name in texts.say(f"ticket.thread.{intro}", name=SAMPLE_CONTACT.name)


def test_the_two_languages_differ() -> None:
    """A summary is written in the support language, from the labels to the durations."""
    german, english = (whole(write(guide(language), walk=sample_walk())) for language in LANGUAGES)
    assert ("Zuletzt erledigt" in german, "Last finished" in english) == (True, True)
    assert german.splitlines()[1] != english.splitlines()[1]
