"""What the conversation shows, in the words people will read: within Slack's limits, both languages."""

import pytest

from bot.blocks import talk
from bot.blocks.actions import Draft, Pictures, parse_draft
from conversations.engine.texts import LANGUAGES, Guide, Language, load
from conversations.text_schema import CATALOGUE
from conversations.ticket.macros import NAMES, canned_text
from tests.bot.blocks.slack_limits import check_content, check_view

KEY = "0123456789abcdef" * 2
LONG = "x" * 3000


@pytest.fixture(scope="module", params=LANGUAGES)
def guide(request: pytest.FixtureRequest) -> Guide:
    language: Language = request.param
    return load(language, CATALOGUE)


@pytest.mark.parametrize("text", ["", LONG])
@pytest.mark.parametrize("category", ["unknown", "seller_id"])
def test_the_modals_fit(guide: Guide, text: str, category: str) -> None:
    """With nothing and with as much as can be written; labels of 30 characters at most."""
    draft = Draft(10**17, KEY, 999999)
    answer = talk.answer_view(
        guide, draft, merchant="Erika Beispiel", language="en", category=category, text=text, last=text
    )
    for view in (answer, talk.correct_view(guide, 10**17, merchant="Erika Beispiel", text=text or "x")):
        check_view(view, label_limit=30)
    check_view(talk.not_sent_view(guide, "because", LONG), label_limit=30)


def test_the_messages_fit(guide: Guide) -> None:
    """As long as words can be, on either side."""
    for first in (True, False):
        for corrected in (True, False):
            check_content(talk.to_merchant(guide, "Anna", 1001, LONG, first=first, corrected=corrected), label_limit=30)
    for state in ("sent", "corrected", "taken_back"):
        check_content(talk.sent_copy(guide, 10**17, "Anna", "Erika", LONG, state), label_limit=30)
    check_content(talk.heard_copy(guide, 1001, "Erika", LONG, owner="U0ANNA"), label_limit=30)
    check_content(talk.settled_question(guide, Draft(1001, KEY), "Anna"), label_limit=30)
    files = tuple(f"F{'A' * 30}.webp" for _ in range(10))
    check_content(talk.question(guide, Pictures(10**17, KEY, files)), label_limit=30)
    check_content(talk.not_sent(guide, "because", 1001), label_limit=30)


def test_every_canned_answer_has_words(guide: Guide) -> None:
    """None of them sends the merchant to support: support is who writes."""
    for name in NAMES:
        text = canned_text(guide, name)
        assert text
        assert "Support" not in text.replace("Seller Support", "")
    assert canned_text(guide, "general") is None


@pytest.mark.parametrize("text", [None, "", "1001", f"0:{KEY}:0", f"1:{KEY}", f"1:{KEY.upper()}:0", f"1:{KEY}:-1"])
def test_only_our_own_drafts_are_read(text: object) -> None:
    """Anything else in a modal's metadata or a button's value is none of ours."""
    assert parse_draft(text) is None


def test_a_draft_survives_the_way_through_slack() -> None:
    """Written and read again it is the same."""
    draft = Draft(1001, KEY, 7)
    assert parse_draft(str(draft)) == draft
