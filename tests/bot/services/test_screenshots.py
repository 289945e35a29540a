"""A merchant's pictures reach support only after the merchant has said that no token is visible, and once."""

import pytest

from bot.blocks.actions import SharedPictures, parse_pictures
from bot.services import screenshots, ticket_actions
from bot.services.merchant_messages import SlackFile
from tests.bot.services.test_agent_messages import CHANNEL, send
from tests.bot.services.visits import URL, Visit

SHOT = SlackFile("F1", "image/png", 1000)


def called(merchant: Visit, agent: Visit) -> Visit:
    merchant.command("support")
    send(agent, "Could you send a picture?")
    return merchant


def asked(merchant: Visit, *files: SlackFile, text: str = "") -> SharedPictures:
    """The merchant sends files; the question that comes back."""
    merchant.type(text, has_files=True, files=files)
    row = next(row for row in reversed(merchant.rows("post")) if "talk.screenshots.ask" in str(row["content"]))
    question = parse_pictures(row["content"]["blocks"][-1]["elements"][0]["value"])
    assert question is not None
    assert question.key == row["key"]
    return question


def pass_on(merchant: Visit, question: SharedPictures) -> None:
    merchant.do(lambda unit: screenshots.share_screenshots(unit, question, URL))


def uploads(agent: Visit) -> list[dict[str, object]]:
    return agent.rows("upload", to=CHANNEL)


def test_nothing_is_passed_on_before_the_answer(erika: Visit, anna: Visit) -> None:
    """The question stands in the conversation; support gets nothing yet, and the merchant still owes the word."""
    question = asked(called(erika, anna), SHOT)
    assert question.files == ("F1.png",)
    assert uploads(anna) == []
    assert "F1" not in str(anna.rows(to=CHANNEL))
    assert erika.tickets()[0].state == "waiting_for_merchant"
    row = erika.rows("post")[-1]
    assert (row["thread"], row["content"]["reply_broadcast"]) == (erika.tickets()[0].talk_key, True)


def test_after_the_answer_each_picture_is_passed_on_once(erika: Visit, anna: Visit) -> None:
    """The rows carry file IDs and no bytes, beside the messages' lane; pressing again passes on nothing more."""
    question = asked(called(erika, anna), SHOT, SlackFile("F2", "image/jpeg"))
    for _ in range(2):
        pass_on(erika, question)
    first, second = uploads(anna)
    ticket = erika.tickets()[0]
    assert ticket.state == "waiting_for_support"
    assert [row["content"]["file"] for row in (first, second)] == ["F1", "F2"]
    assert {row["thread"] for row in (first, second)} == {ticket.card_key}
    assert {row["ordering_key"] for row in (first, second)} == {f"T1:{CHANNEL}:pictures"}
    assert "<@U0ANNA>" in first["content"]["text"]
    assert "<@U0ANNA>" not in second["content"]["text"]
    assert first["content"]["filename"] in first["content"]["text"]
    assert str(second["content"]["filename"]).endswith(".jpg")
    assert "talk.screenshots.passed_on" in erika.newest("update")
    assert erika.rows("update")[-1]["target"] == question.key


def test_whoever_is_unsure_learns_how_to_cover_it(erika: Visit, anna: Visit) -> None:
    """Nothing is passed on."""
    question = asked(called(erika, anna), SHOT)
    erika.do(lambda unit: screenshots.decline_screenshots(unit, question, URL))
    assert uploads(anna) == []
    assert "talk.screenshots.held_back" in erika.newest("update")


def test_words_beside_a_picture_go_at_once(erika: Visit, anna: Visit) -> None:
    """Only the picture waits for the answer."""
    asked(called(erika, anna), SHOT, text="this is what I see")
    assert "this is what I see" in anna.newest("post", to=CHANNEL)
    assert uploads(anna) == []


@pytest.mark.parametrize(
    "file",
    [
        SlackFile("F1", "application/pdf", 10),
        SlackFile("F1", ""),
        SlackFile("F1", "image/svg+xml"),
        SlackFile("F1", "image/png", 2**24),
    ],
)
def test_what_is_no_picture_stays_where_it_is(erika: Visit, anna: Visit, file: SlackFile) -> None:
    """Documents, unknown kinds, drawings that can hold scripts, and what is too large: said so, nothing asked."""
    called(erika, anna).type("", has_files=True, files=(file,))
    assert "talk.screenshots.not_a_picture" in erika.newest()
    assert "talk.screenshots.ask" not in str(erika.rows("post"))


def test_a_picture_while_a_ticket_waits_is_asked_about(erika: Visit, anna: Visit) -> None:
    """At a step with nobody answering yet the picture is support's all the same; without a case it is nobody's."""
    erika.begin()
    erika.type("", has_files=True, files=(SHOT,))
    assert "notes.files_not_needed" in erika.newest()
    erika.submit("help", sentence="")
    pass_on(erika, asked(erika, SHOT))
    assert len(uploads(anna)) == 1
    assert "notes.files_not_needed" not in erika.newest()
    assert erika.tickets()[0].state == "open"


def test_a_late_answer_wakes_a_settled_ticket(erika: Visit, anna: Visit) -> None:
    """It is a word of the merchant's like any other."""
    question = asked(called(erika, anna), SHOT)
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    pass_on(erika, question)
    assert erika.tickets()[0].state == "waiting_for_support"


@pytest.mark.parametrize("number", [1001, 4711])
def test_somebody_else_cannot_pass_it_on(erika: Visit, oliver: Visit, anna: Visit, number: int) -> None:
    """Neither another merchant nor an agent answers for the merchant."""
    question = asked(called(erika, anna), SHOT)
    forged = SharedPictures(number, question.key, question.files)
    for visitor in (oliver, anna):
        pass_on(visitor, forged)
        visitor.do(lambda unit: screenshots.decline_screenshots(unit, forged, None))
        assert "answers.foreign" in visitor.newest("respond")
    assert uploads(anna) == []


@pytest.mark.parametrize("text", [None, "", "1001:x:F1.png", f"1001:{'0' * 32}:", f"1001:{'0' * 32}:../x.png"])
def test_only_our_own_questions_are_read(text: object) -> None:
    """Anything else in a button's value is none of ours."""
    assert parse_pictures(text) is None


def test_erasing_names_the_pictures_that_stand_in_the_thread(erika: Visit, anna: Visit) -> None:
    """What was passed on is told to whoever deletes it."""
    pass_on(erika, asked(called(erika, anna), SHOT))
    (row,) = uploads(anna)
    anna.do(lambda unit: unit.tx.mark_delivered(str(row["key"]), CHANNEL, "F77"))
    erased = anna.do(lambda unit: unit.tx.erase_person("T1", "U0ERIKA"))
    assert [(one.channel, one.ts) for one in erased.files] == [(CHANNEL, "F77")]
