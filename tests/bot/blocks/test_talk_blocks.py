"""What the conversation shows, in the words people will read: within Slack's limits, both languages."""

import pytest

from bot.blocks import talk
from bot.blocks.actions import AnswerDraft, SharedPictures, parse_answer_draft
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.registry import PROCEDURES
from conversations.ticket.macros import macro_names, macro_text
from tests.bot.blocks.slack_limits import check_content, check_view
from tests.guides import FIRST, guide

KEY = "0123456789abcdef" * 2
LONG = "x" * 3000
RULES = PROCEDURES[FIRST].tickets


@pytest.fixture(scope="module", params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    language: Language = request.param
    return guide(language)


@pytest.mark.parametrize("text", ["", LONG])
@pytest.mark.parametrize("category", ["unknown", "seller_id"])
def test_the_modals_fit(texts: Texts, text: str, category: str) -> None:
    """With nothing and with as much as can be written; labels of 30 characters at most."""
    draft = AnswerDraft(10**17, KEY, 999999)
    answer = talk.answer_view(
        texts, RULES, draft, merchant="Erika Beispiel", language="en", category=category, text=text, last=text
    )
    for view in (answer, talk.correct_view(texts, 10**17, merchant="Erika Beispiel", text=text or "x")):
        check_view(view, label_limit=30)
    check_view(talk.not_sent_view(texts, "because", LONG), label_limit=30)


def test_the_messages_fit(texts: Texts) -> None:
    """As long as words can be, on either side."""
    for first in (True, False):
        for corrected in (True, False):
            check_content(talk.to_merchant(texts, "Anna", 1001, LONG, first=first, corrected=corrected), label_limit=30)
    for state in ("sent", "corrected", "taken_back"):
        for why in ("", "waiting", "gone", "closed", "refused"):
            undelivered = talk.Undelivered(why, "error " * 30)
            check_content(talk.sent_copy(texts, 10**17, "Anna", "Erika", LONG, state, undelivered), label_limit=30)
    check_content(talk.heard_copy(texts, 1001, "Erika", LONG, owner="U0ANNA"), label_limit=30)
    check_content(talk.settled_question(texts, AnswerDraft(1001, KEY), "Anna"), label_limit=30)
    files = tuple(f"F{'A' * 30}.webp" for _ in range(10))
    check_content(talk.question(texts, SharedPictures(10**17, KEY, files)), label_limit=30)
    check_view(talk.refused_view(texts, "because", ("answer", 1001)))


def test_every_canned_answer_has_words(texts: Texts) -> None:
    """None of them sends the merchant to support: support is who writes."""
    for name in macro_names(RULES):
        text = macro_text(texts, RULES, name)
        assert text
        assert "Support" not in text.replace("Seller Support", "")
    assert macro_text(texts, RULES, "general") is None


@pytest.mark.parametrize("text", [None, "", "1001", f"0:{KEY}:0", f"1:{KEY}", f"1:{KEY.upper()}:0", f"1:{KEY}:-1"])
def test_only_our_own_drafts_are_read(text: object) -> None:
    """Anything else in a modal's metadata or a button's value is none of ours."""
    assert parse_answer_draft(text) is None


def test_a_draft_survives_the_way_through_slack() -> None:
    """Written and read again it is the same."""
    draft = AnswerDraft(1001, KEY, 7)
    assert parse_answer_draft(str(draft)) == draft
