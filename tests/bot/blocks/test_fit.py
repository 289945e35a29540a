"""Whatever the bot says, Slack takes it: in several messages where it must, with every word, and no link cut in two."""

import re
from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from bot.blocks import escalations, home, step, talk, tickets, timeline
from bot.blocks.actions import Address, TimelinePage
from bot.blocks.fit import MESSAGE_LIMIT, TEXT_BYTES, fit, pieces, utf8_bytes, weight, words
from bot.blocks.kit import Content, actions, button, context, date, escape, header, quote, section, top_level_text
from conversations.amazon_token.facts import Account
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import STEPS
from conversations.engine.formatter import StepTime
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.ticket.models import Contact, TicketFacts
from conversations.ticket.ticket_summary import ticket_summary
from tests.bot.blocks.slack_limits import check_message, check_view
from tests.conversations.amazon_token.token_walks import THREE, at
from tests.guides import guide

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LINK = "https://example.slack.com/archives/C0SUPPORT/p1700000000000100"
MARKUP = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
_WORD = st.text("aäß&<>漢😀_*`~", min_size=1, max_size=60).map(escape)
_ENTITY = st.sampled_from([f"<{LINK}|Ticket 1001>", date(NOW), "<@U0ANNA>", "&amp;", "<!here>"])
MRKDWN = st.lists(st.one_of(_WORD, _ENTITY), min_size=1, max_size=400).flatmap(
    lambda parts: st.sampled_from([" ", "\n", ""]).map(lambda between: between.join(parts))
)
BLOCK = st.one_of(
    MRKDWN.map(section), MRKDWN.map(context), MRKDWN.map(quote), st.just({"type": "divider"}), st.just(header("Title"))
)
BUTTONS = actions("ways", button("walk:done", "It is saved", style="primary"), button("form:help", "I need help"))
sixty = [f"Händler Köln Ä{number:02} " + "ü" * 26 for number in range(60)]


@pytest.fixture(params=LANGUAGES, scope="module")
def texts(request: pytest.FixtureRequest) -> Texts:
    language: Language = request.param
    return guide(language)


def letters(text: str) -> str:
    """A text without the white space at which it may be cut."""
    return "".join(text.split())


def check_whole(content: Content) -> list[Content]:
    """The messages of `content`, each within the limits; together they say all of it."""
    messages = fit(content)
    for message in messages:
        check_message(message)
        assert sum(map(weight, message["blocks"])) <= MESSAGE_LIMIT
        assert utf8_bytes(message["text"]) <= TEXT_BYTES
    said = letters("".join(line for message in messages for line in words(message["blocks"])))
    assert said == letters("".join(words(content["blocks"])))
    return messages


@settings(max_examples=60, deadline=None)
@given(MRKDWN, st.integers(100, 700))
def test_no_link_and_no_entity_is_cut_in_two(mrkdwn: str, most: int) -> None:
    """A text in pieces has the same letters and the same markup, whether characters or bytes are counted."""
    for size in (len, utf8_bytes):
        parts = pieces(mrkdwn, most, size)
        assert all(0 < size(part) <= most for part in parts) or not mrkdwn.strip()
        assert letters("".join(parts)) == letters(mrkdwn)
        assert [m for part in parts for m in MARKUP.findall(part)] == MARKUP.findall(mrkdwn)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=70))
def test_any_message_is_said_whole(blocks: list[Any]) -> None:
    """In as many messages as it takes; what can be pressed stays in the first."""
    content = {"text": top_level_text(*words(blocks)) or "…", "blocks": [*blocks, BUTTONS]}
    first, *others = check_whole(content)
    assert BUTTONS in first["blocks"]
    assert all(block["type"] != "actions" for message in others for block in message["blocks"])


@given(MRKDWN)
@settings(max_examples=30, deadline=None)
def test_the_top_level_text_counts_bytes(mrkdwn: str) -> None:
    """Slack counts an umlaut twice. What is cut ends with an ellipsis, and not in the middle of a link."""
    text = top_level_text(mrkdwn * 5)
    assert utf8_bytes(text) <= TEXT_BYTES
    assert text.count("<") == text.count(">")


def test_a_link_at_the_beginning_is_kept_whole_too() -> None:
    """The blank in its label is no place to cut."""
    link = f"<{LINK}|Ticket 1001>"
    assert pieces(link + "x" * 60, 100) == [link + "x" * (100 - len(link)), "x" * (len(link) - 40)]


def test_what_is_short_stays_as_it_is() -> None:
    """One message, unchanged."""
    content = {"text": "Short", "blocks": [section("Short"), BUTTONS]}
    assert fit(content) == [content]
    assert fit({"text": "Short"}) == [{"text": "Short"}]


def test_a_text_without_blocks_goes_on_in_further_messages() -> None:
    """Three times the limit in umlauts are several messages."""
    said = fit({"text": "ü" * 5000 + " " + "ä" * 500})
    assert len(said) > 2
    assert letters("".join(message["text"] for message in said)) == "ü" * 5000 + "ä" * 500


def test_the_hint_stands_above_the_buttons() -> None:
    """Who reads the first message learns there that it goes on."""
    hint = context("The rest is in the thread below.")
    content = {"text": "x", "blocks": [*[section("a" * 2900) for _ in range(5)], BUTTONS]}
    first, *_ = fit(content, hint)
    assert first["blocks"][-2:] == [hint, BUTTONS]


def test_the_morning_list_names_every_ticket(texts: Texts) -> None:
    """Forty-five tickets, each with its link and a long name."""
    entries = [
        escalations.DigestEntry(
            number=number, link=f"{LINK}?thread_ts={number}&cid=C0SUPPORT", priority="P1", category="Zugang " * 8,
            since=NOW, owner="U1", owner_name="ä" * 40,
        )
        for number in range(1001, 1046)
    ]  # fmt: skip
    messages = check_whole(escalations.digest(texts, {"late": entries[:20], "support": entries[20:], "merchant": []}))
    links = re.findall(r"thread_ts=(\d+)&amp;cid=C0SUPPORT\|[^<>]*>", str([m["blocks"] for m in messages]))
    assert links == [str(number) for number in range(1001, 1046)]


def test_the_lists_of_tickets_name_every_one(texts: Texts) -> None:
    """An answer with sixty tickets of merchants with long names."""
    listed = [
        home.ListedTicket(
            number=number, priority="P1", category="Ä" * 60, name="ü" * 40, status="ö" * 80, since=NOW, link=LINK
        )
        for number in range(60)
    ]
    messages = check_whole(home.ticket_list_message(texts, "*Title*", listed, 3))
    pressed = [block["accessory"]["value"] for m in messages for block in m["blocks"] if "accessory" in block]
    assert pressed == [f"t{number}:0" for number in range(60)]


@pytest.mark.parametrize("count", [20, 60])
@pytest.mark.parametrize("name", ["account_names", "new_token", "next_account", "with_support"])
def test_a_step_with_many_accounts_is_said_whole(texts: Texts, count: int, name: str) -> None:
    """Names of forty letters, half of them done; the buttons are in the first message."""
    walk = at(name).walk
    walk.facts.accounts = [Account(name=n, saved_at=NOW if i % 2 else None) for i, n in enumerate(sixty[:count])]
    address = Address(1, 1, name, "f" * 32)
    content = step.step_message(step.StepView(texts=texts, walk=walk, address=address, notes=("&" * 900,)))
    first, *_ = check_whole(content)
    assert [b for b in first["blocks"] if b["type"] == "actions"] == [
        b for b in content["blocks"] if b["type"] == "actions"
    ]


@pytest.mark.parametrize("count", [1, 20, 60])
def test_a_card_is_said_whole(texts: Texts, count: int) -> None:
    """Everything known, sixty accounts with long names, every step visited."""
    case = TicketFacts(1001, "second_failure", "claimed", "unknown", "P1", NOW, "U1", NOW, "U2", NOW)
    contact = Contact("ü" * 80, "U1", "ä" * 80, "de", "ö" * 60, "U2", "ß" * 80, LINK)
    full = at("with_support", answers=THREE).walk
    full.facts.accounts = [Account(name=name) for name in sixty[:count]]
    summary = ticket_summary(
        texts, case, contact, PROCEDURE, TokenSettings(), full, [StepTime(name, 90.0, 9) for name in STEPS],
        bot_version="1.2.3", guide_version="a" * 17,
    )  # fmt: skip
    first, *_ = check_whole(tickets.card(texts, summary, case))
    assert any(block["type"] == "actions" for block in first["blocks"])


def test_what_people_write_is_said_whole(texts: Texts) -> None:
    """Twelve thousand characters, as long as Slack lets somebody write: quoted in several messages."""
    long = " ".join(["Straße<&>"] * 1300)
    for content in (
        talk.heard_copy(texts, 1001, "ü" * 40, long, owner="U0ANNA"),
        talk.sent_copy(texts, 1, "A", "B", long, "sent", talk.Undelivered()),
        tickets.in_thread(texts, "ticket.thread.words", long, name="x"),
        talk.to_merchant(texts, "A", 1, long, first=True),
    ):  # fmt: skip
        assert len(check_whole(content)) > 1


def test_a_timeline_is_a_modal_that_fits(texts: Texts) -> None:
    """Full pages, with facts and entries longer than a block may be."""
    entries = [timeline.TimelineEntry(NOW, "&amp;" * 900, "ü" * 600) for _ in range(40)]
    facts, quotes = [f"*Title*\n{'ä ' * 2500}"], ["ü" * 600] * 3
    for page in (0, 1):
        shown = timeline.Timeline(TimelinePage("t", 1, page), "Title", "lead " * 900, facts, quotes, entries)
        check_view(timeline.timeline_view(texts, shown))
