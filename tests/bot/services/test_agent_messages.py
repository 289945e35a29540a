"""An agent answers, corrects and takes back; only what was sent on purpose reaches the merchant, and once."""

from typing import Any

import pytest

from bot.blocks.actions import AnswerDraft, parse_answer_draft
from bot.services import agent_messages, home_tab, ticket_actions
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.marks import all_marked
from tests.bot.services.visits import URL, Visit

CHANNEL = "C0SUPPORT"
SECRET = "amzn.mws." + "4" * 8 + "-4444-4444-4444-" + "4" * 12
Json = dict[str, Any]


def form(agent: Visit, number: int = 1001) -> Json | None:
    view = agent.do(lambda unit: agent_messages.answer_form(unit, number, URL))
    if view is not None:
        check_view(view)
        all_marked(view)
    return view


def draft(view: Json | None) -> AnswerDraft:
    found = parse_answer_draft((view or {}).get("private_metadata"))
    assert found is not None
    return found


def send(agent: Visit, text: str, number: int = 1001) -> None:
    written = draft(form(agent, number))
    assert agent.do(lambda unit: agent_messages.answer(unit, written, {"text.0": text})) is None


def answers(merchant: Visit) -> list[Json]:
    """What agents wrote into the merchant's direct message."""
    return [row for row in merchant.rows("post") if "talk.to_merchant.intro" in str(row["content"])]


def thread(agent: Visit) -> list[Json]:
    return [row for row in agent.rows("post", to=CHANNEL) if row["thread"]]


@pytest.fixture
def called(erika: Visit) -> Visit:
    """Erika has called a person, without a walk."""
    erika.command("support")
    return erika


def test_answering_an_open_ticket_claims_it_and_reaches_the_merchant(called: Visit, anna: Visit) -> None:
    """One act: claimed, answered, a message with the agent's name and how to answer, a copy in the thread."""
    send(anna, "Please look at the key set.")
    ticket = called.tickets()[0]
    assert (ticket.state, ticket.claimed_by) == ("waiting_for_merchant", "U0ANNA")
    assert ticket.answered_at is not None
    (sent,) = answers(called)
    assert sent["thread"] is None
    assert sent["key"] == ticket.talk_key
    assert "«de:talk.to_merchant.intro Anna Support 1001»" in str(sent["content"])
    assert "talk.to_merchant.how" in str(sent["content"])
    copy = thread(anna)[-1]
    assert copy["thread"] == ticket.card_key
    assert "Please look at the key set." in str(copy["content"])
    assert "talk:correct" in str(copy["content"])
    with anna.store.transaction() as tx:
        assert [event.name for event in tx.ticket_events(1001)] == ["file", "claim", "answer"]
        assert [m.text for m in tx.ticket_messages(1001)] == ["Please look at the key set."]


def test_claim_and_answer_in_one_act_cost_one_edit_of_the_card(called: Visit, anna: Visit) -> None:
    """Of two states of one message or one Home tab Slack gets the last: it takes 50 edits a minute."""
    called.do(home_tab.opened)
    before = {row["key"] for row in (*_pending(anna, "update"), *_pending(called, "publish"))}
    send(anna, "Please look at the key set.")
    (edit,) = [row for row in _pending(anna, "update") if row["key"] not in before]
    assert edit["target"] == called.tickets()[0].card_key
    assert "waiting_for_merchant" in str(edit["content"])
    assert len([row for row in _pending(called, "publish") if row["key"] not in before]) == 1


def _pending(who: Visit, method: str) -> list[Json]:
    rows = (*who.rows(method), *who.rows(method, to=CHANNEL))
    return [row for row in rows if row["state"] == "pending"]


def test_later_answers_stand_in_the_thread_and_in_the_conversation(called: Visit, anna: Visit) -> None:
    """The second is a reply to the first, shown in the direct message as well, without telling again how to answer."""
    send(anna, "first")
    send(anna, "second")
    first, second = answers(called)
    assert second["thread"] == first["key"]
    assert second["content"]["reply_broadcast"] is True
    assert "talk.to_merchant.how" not in str(second["content"])


def test_two_submissions_of_one_modal_send_once(called: Visit, anna: Visit) -> None:
    """Slack delivers a double click twice; the draft's key is the message's."""
    written = draft(form(anna))
    for text in ("hello", "hello", "something else"):
        assert anna.do(lambda unit, text=text: agent_messages.answer(unit, written, {"text.0": text})) is None
    assert len(answers(called)) == 1


def test_only_the_owner_answers(called: Visit, anna: Visit, ben: Visit) -> None:
    """A colleague is told whose ticket it is, at the button and at the form that was open; nothing is sent."""
    opened = draft(form(ben))
    send(anna, "mine")
    assert "«en:talk.late.not_owner Anna Support 1001»" in str(form(ben))
    assert "not_owner" not in str(ben.rows("respond")), "a sentence at the end of the channel is far from an old card"
    late = ben.do(lambda unit: agent_messages.answer(unit, opened, {"text.0": "theirs, long in writing"}))
    assert late is not None
    assert late["response_action"] == "update"
    check_view(late["view"])
    assert "theirs, long in writing" in str(late["view"])
    assert len(answers(called)) == 1


def test_a_colleague_takes_the_ticket_and_answers(called: Visit, anna: Visit, ben: Visit, oliver: Visit) -> None:
    """From the modal that said whose it is: the card follows, and the form can be opened in its place."""
    send(anna, "mine")
    assert "'talk:take_over'" in str(form(ben))
    for who in (ben, ben):
        assert who.do(lambda unit: ticket_actions.take_over(unit, 1001, None)) is None
    card = ben.rows("update", to=CHANNEL)[-1]
    assert card["response_url"] is None
    assert called.tickets()[0].claimed_by == "U0BEN"
    assert "talk.late.not_owner Ben Support" in str(form(anna))
    send(ben, "now mine")
    assert len(answers(called)) == 2
    refused = oliver.do(lambda unit: ticket_actions.take_over(unit, 1001, None))
    assert "agents_only" in str(refused)
    assert called.tickets()[0].claimed_by == "U0BEN"


def test_a_merchant_cannot_answer(called: Visit, oliver: Visit, anna: Visit) -> None:
    """Neither by the button nor by a form, nor correct or take back; not even at their own ticket."""
    send(anna, "hello")
    before = len(called.rows()) + len(oliver.rows())
    for merchant in (called, oliver):
        assert "agents_only" in str(form(merchant))
        sent = merchant.do(lambda unit: agent_messages.answer(unit, AnswerDraft(1001, "0" * 32), {"text.0": "x"}))
        assert sent is not None
        assert "agents_only" in str(merchant.do(lambda unit: agent_messages.correct_form(unit, 1, URL)))
        assert merchant.do(lambda unit: agent_messages.correct(unit, 1, {"text.0": "x"})) is not None
        assert "agents_only" in str(merchant.do(lambda unit: agent_messages.take_back(unit, 1, URL)))
    assert len(called.rows()) + len(oliver.rows()) == before


def test_a_ticket_of_another_team_cannot_be_answered(called: Visit, anna: Visit) -> None:
    """Numbers in buttons are looked up within the agent's own team."""
    anna.who = type(anna.who)("T2", "U0ANNA", is_agent=True)
    assert "agents_only" in str(form(anna))
    assert "agents_only" in str(form(anna, 4711))
    assert answers(called) == []


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_answer_is_refused_at_its_field(called: Visit, anna: Visit, text: str) -> None:
    """Blanks are no answer; the ticket stays open."""
    written = draft(form(anna))
    told = anna.do(lambda unit: agent_messages.answer(unit, written, {"text.3": text, "canned": ""}))
    assert told is not None
    assert list(told["errors"]) == ["text.3"]
    assert called.tickets()[0].state == "open"


def test_secrets_are_removed_from_an_answer(called: Visit, anna: Visit) -> None:
    """What an agent pastes by mistake reaches neither the merchant nor the database."""
    send(anna, f"Use {SECRET} please <!channel>")
    kept = str(list(anna.store.db.query("SELECT * FROM ticket_messages"))) + str(anna.rows()) + str(called.rows())
    assert SECRET not in kept + str(anna.rows(to=CHANNEL))
    assert "<!channel>" not in answers(called)[0]["content"]["text"]
    assert [b["type"] for b in answers(called)[0]["content"]["blocks"]] == ["section", "rich_text", "context"]


def test_the_first_answer_begins_with_what_fits_the_category(erika: Visit, anna: Visit) -> None:
    """In the merchant's language, once the category is known; later answers begin empty and show their last words."""
    erika.go_to("with_support")
    erika.submit("fetch_failure", accounts=[], error_text="Error: Invalid seller id: X")
    assert "«de:categories.seller_id.answer »" in str(form(anna))
    assert "Invalid seller id" in str(form(anna))
    send(anna, "x")
    assert "seller_id.answer" not in str(form(anna))


def test_a_canned_answer_goes_beneath_what_was_written(called: Visit, oliver: Visit, ben: Visit) -> None:
    """Chosen in the agent's language, inserted in the merchant's, in a new block; another choice replaces it."""
    view = form(ben)
    assert "«en:talk.canned.general.looking.label »" in str(view)
    empty = ben.do(lambda unit: agent_messages.insert_macro(unit, draft(view), "general.looking", {"text.0": ""}))
    looking = "«de:talk.canned.general.looking.text »"
    assert _text(empty) == ("text.1", looking)
    again = ben.do(
        lambda unit: agent_messages.insert_macro(unit, draft(empty), "category.unknown", {"text.1": looking})
    )
    assert _text(again) == ("text.2", "«de:talk.canned.own.unknown »")
    own = ben.do(lambda unit: agent_messages.insert_macro(unit, draft(again), "general.looking", {"text.2": "Hello."}))
    assert _text(own) == ("text.3", f"Hello.\n\n{looking}")
    for forged in ("", "general.nothing", "category.nothing", "x"):
        assert ben.do(lambda unit, forged=forged: agent_messages.insert_macro(unit, draft(own), forged, {})) is None
    send(ben, "done")
    assert called.tickets()[0].claimed_by == "U0BEN"
    assert oliver.rows() == []


def _text(view: Json | None) -> tuple[str, str]:
    assert view is not None
    check_view(view)
    block = view["blocks"][-1]
    return block["block_id"], block["element"].get("initial_value", "")


def test_an_answer_is_corrected_where_it_stands(called: Visit, anna: Visit) -> None:
    """Message and copy change and say so, and the merchant is told once; the same text again changes nothing."""
    send(anna, "wrong")
    view = anna.do(lambda unit: agent_messages.correct_form(unit, 1, URL))
    check_view(view)
    assert _text(view) == ("text.0", "wrong")
    for _ in range(2):
        assert anna.do(lambda unit: agent_messages.correct(unit, 1, {"text.0": f"right, not {SECRET}"})) is None
    (shown,) = called.rows("update")
    assert shown["target"] == called.tickets()[0].talk_key
    assert "talk.to_merchant.intro_corrected" in str(shown["content"])
    assert "talk.to_merchant.how" in str(shown["content"])
    assert len([row for row in called.rows("post") if "told_corrected" in str(row["content"])]) == 1
    copy = anna.rows("update", to=CHANNEL)[-1]
    assert "talk.to_support.corrected" in str(copy["content"])
    assert copy["target"] == thread(anna)[1]["key"]
    assert SECRET not in str(anna.rows(to=CHANNEL)) + str(called.rows())
    told = anna.do(lambda unit: agent_messages.correct(unit, 1, {"text.0": " "}))
    assert told is not None
    assert list(told["errors"]) == ["text.0"]


def test_an_answer_is_taken_back(called: Visit, anna: Visit) -> None:
    """A sentence stands in its place, as rich_text, or Slack may refuse it; support still sees what it was."""
    send(anna, "too early")
    anna.do(lambda unit: agent_messages.take_back(unit, 1, URL))
    (shown,) = called.rows("update")
    assert "talk.to_merchant.taken_back" in str(shown["content"])
    assert [block["type"] for block in shown["content"]["blocks"]] == ["rich_text"]
    assert "too early" not in str(shown["content"])
    copy = anna.newest("update", to=CHANNEL)
    assert "talk.to_support.taken_back" in copy
    assert "too early" in copy
    assert "talk:correct" not in copy
    for again in (agent_messages.take_back, agent_messages.correct_form):
        assert "talk.late.message_gone" in str(anna.do(lambda unit, again=again: again(unit, 1, URL)))
    assert len(called.rows("update")) == 1


def test_only_author_and_owner_change_an_answer(called: Visit, anna: Visit, ben: Visit) -> None:
    """Another agent is told whose it is."""
    send(anna, "mine")
    for change in (agent_messages.correct_form, agent_messages.take_back):
        refused = ben.do(lambda unit, change=change: change(unit, 1, URL))
        assert "talk.late.not_owner Anna Support" in str(refused)
    late = ben.do(lambda unit: agent_messages.correct(unit, 1, {"text.0": "theirs"}))
    assert late is not None
    assert "theirs" in str(late["view"])
    assert called.rows("update") == []


@pytest.mark.parametrize("message_id", [2, 4711])
def test_what_is_no_answer_cannot_be_changed(called: Visit, anna: Visit, message_id: int) -> None:
    """Neither a merchant's words nor a number that is none."""
    send(anna, "hello")
    called.type("a question of mine")
    refused = anna.do(lambda unit: agent_messages.take_back(unit, message_id, URL))
    assert "talk.late.message_gone" in str(refused)


def test_a_settled_ticket_is_not_answered(called: Visit, anna: Visit) -> None:
    """Reopen it first."""
    opened = draft(form(anna))
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    assert "talk.late.over 1001" in str(form(anna))
    assert anna.do(lambda unit: agent_messages.answer(unit, opened, {"text.0": "x"})) is not None
    redrawn = anna.do(lambda unit: agent_messages.insert_macro(unit, opened, "general.looking", {}))
    assert "talk.late.over" in str(redrawn)
    assert answers(called) == []


def test_nobody_is_left_to_answer_after_erasing(called: Visit, anna: Visit) -> None:
    """The ticket of somebody erased has a pseudonym, and no message goes to one."""
    with anna.store.transaction() as tx:
        tx.erase_person("T1", "U0ERIKA")
    assert "talk.late.nobody" in str(form(anna))
    assert answers(called) == []


def test_an_answer_reads_the_merchants_language(oliver: Visit, anna: Visit) -> None:
    """The modal speaks to the agent, the message to the merchant, the copy to the channel."""
    oliver.command("support")
    assert "«de:talk.answer.languages.en »" in str(form(anna))
    send(anna, "hello")
    assert "«en:talk.to_merchant.intro" in str(answers(oliver)[0]["content"])
    assert "«de:talk.to_support.sent" in str(thread(anna)[-1]["content"])
