"""From filing until closing the conversation is the ticket's; no word that was meant for support is lost or refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.blocks.actions import AnswerDraft
from bot.services import agent_messages, ticket_actions, typed_input
from bot.services.context import AppConfig
from bot.services.merchant_messages import MerchantMessage
from conversations.engine.charts import CANCEL
from conversations.sp_api.procedure import PROCEDURE as SP_API
from tests.bot.blocks.slack_limits import check_content
from tests.bot.services.test_agent_messages import CHANNEL, SECRET, thread
from tests.bot.services.visits import Told, Visit
from tests.guides import guide, shipped

ERROR = "AuthToken is not valid for SellerId and AWSAccountId"


@pytest.fixture
def config() -> AppConfig:
    """With the texts as people read them: this is about people's words."""
    return AppConfig(
        all_texts=shipped(),
        hash_key=b"a key for tests only, 32 bytes!!",
        support_channel="C0SUPPORT",
        workspace="Muster Handel GmbH",
        bot_version="0.0.0",
    )


@pytest.fixture(autouse=True)
def told(request: pytest.FixtureRequest) -> Iterator[None]:
    """What was said is within Slack's limits."""
    kept = Told(request.getfixturevalue("store"))
    yield
    for content in kept.contents():
        check_content(content)


def copies(agent: Visit) -> str:
    """What support reads in the thread."""
    return "\n".join(str(row["content"]) for row in thread(agent))


def answers(merchant: Visit) -> list[str]:
    return [str(row["content"]) for row in merchant.rows("post")]


def send(agent: Visit, text: str) -> None:
    draft = AnswerDraft(1001, agent.services.config.new_key())
    agent.do(lambda unit: agent_messages.answer(unit, draft, {"text.0": text}))


def called(erika: Visit, step: str) -> Visit:
    """She is at `step` and has called a person."""
    erika.go_to(step)
    if step != "with_support":
        erika.submit("help", sentence="")
    return erika


def resolved(erika: Visit, anna: Visit, step: str = "save_account") -> None:
    called(erika, step)
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, None))
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, None))


WORDS = ("hallo? ist da jemand?", "Bei uns steht da etwas ganz anderes", "endlich, danke. was soll ich tun?", "lol")


@pytest.mark.parametrize("claimed", [False, True])
@pytest.mark.parametrize("text", WORDS)
def test_before_anybody_has_answered(erika: Visit, anna: Visit, text: str, *, claimed: bool) -> None:
    """Fault 1: an open or claimed ticket gets the words, with one receipt; "not understood" does not exist then."""
    called(erika, "seller_central")
    if claimed:
        anna.do(lambda unit: ticket_actions.claim(unit, 1001, None))
    before = len(answers(erika))
    erika.type(text)
    erika.type("und noch etwas")
    assert text in copies(anna)
    assert "und noch etwas" in copies(anna)
    said = answers(erika)[before:]
    assert sum("Ist angekommen" in answer for answer in said) == 1
    assert not any("nicht verstanden" in answer for answer in said)
    assert erika.step == "seller_central"


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("connect_version", "Seit 3 Tagen keine Bestellungen"),
        ("new_token", "DE-, FR- und IT-Konto sind alle betroffen"),
        ("connect_version", "Das Update können wir erst am 4.12. machen"),
        ("disable_access", "Zugang ist deaktiviert"),
        ("first_fetch", "Ja, hat geklappt!"),
        ("save_account", "ok"),
        ("new_token", f"CONNECT meldet {ERROR}"),
    ],
)
def test_an_agent_waits_for_an_answer(erika: Visit, anna: Visit, step: str, text: str) -> None:
    """Fault 3: what is no complete value and no exact command is an answer to the agent; no button is pressed by it."""
    called(erika, step)
    send(anna, "Ist der Zugang deaktiviert? Seit wann?")
    erika.type(text)
    assert text in copies(anna)
    assert erika.step == step


def test_a_complete_value_is_taken_and_copied(erika: Visit, anna: Visit) -> None:
    """It moves the walk, and the agent who has asked for it reads it."""
    called(erika, "connect_version")
    send(anna, "Welche Version?")
    erika.type("4.9.24.4")
    assert erika.step == "account_mask"
    assert "4.9.24.4" in copies(anna)


def test_commands_stay_commands(erika: Visit, anna: Visit) -> None:
    """„zurück“ is for the bot also while an agent waits."""
    called(erika, "settings_menu")
    send(anna, "Was sehen Sie?")
    erika.type("zurück")
    assert erika.step != "settings_menu"


@pytest.mark.parametrize("text", ["ok", "👍", "klappt, nur UK nicht", "nein"])
def test_what_would_be_asked_is_for_the_ticket(erika: Visit, anna: Visit, text: str) -> None:
    """While a person is expected, nobody is asked which button an "ok" or a mixed message means."""
    called(erika, "first_fetch")
    erika.type(text)
    assert text in copies(anna)
    assert "notes.which_button" not in answers(erika)[-1]
    assert erika.step == "first_fetch"


@pytest.mark.parametrize("text", ["abbrechen", "bitte abbrechen", "zurück"])
def test_a_command_about_no_walk_is_for_the_ticket(oliver: Visit, anna: Visit, text: str) -> None:
    """Somebody who called a person without a walk has nothing to cancel: support reads it, and nothing is refused."""
    oliver.do(typed_input.support_requested)
    oliver.type(text)
    assert text in copies(anna)
    assert list(oliver.store.db.query("SELECT * FROM not_understood")) == []


@pytest.mark.parametrize("text", [*WORDS, f"hier der Text: {ERROR}", f"mein Token {SECRET} geht nicht"])
def test_with_support_refuses_nothing(erika: Visit, anna: Visit, text: str) -> None:
    """Fault 4: every word goes into the ticket, a secret in it is removed and the rest passed on."""
    called(erika, "with_support")
    erika.type(text)
    assert text.replace(SECRET, "[entfernt: MWS-Token]").split("[")[0].strip() in copies(anna)
    assert SECRET not in copies(anna) + str(list(anna.store.db.query("SELECT * FROM ticket_messages")))


@pytest.mark.parametrize("text", ["ja, danke", "Ja, hat geklappt!", "it works now", "klappt"])
def test_yes_in_words_closes(erika: Visit, anna: Visit, text: str) -> None:
    """Fault 2: the bot's own question is answered by words too, in many forms."""
    resolved(erika, anna)
    erika.type(text)
    assert erika.tickets()[0].state == "closed"


@pytest.mark.parametrize(
    "text", ["nein, noch nicht", "still failing", "nein", "leider nicht", "no", f"jetzt kommt {ERROR}"]
)
def test_no_in_words_reopens(erika: Visit, anna: Visit, text: str) -> None:
    """So does a problem in other words, which the agent reads."""
    resolved(erika, anna)
    erika.type(text)
    assert erika.tickets()[0].state == "waiting_for_support"
    assert text in copies(anna)


@pytest.mark.parametrize("text", ["thanks a lot!", "schaue ich morgen", "Guten Morgen"])
def test_other_words_reopen_nothing(erika: Visit, anna: Visit, text: str) -> None:
    """They are in the thread."""
    resolved(erika, anna)
    erika.type(text)
    assert erika.tickets()[0].state == "resolved"
    assert text in copies(anna)


def test_unclear_words_are_kept_and_asked(erika: Visit, anna: Visit) -> None:
    """Neither yes nor no: with the two buttons."""
    resolved(erika, anna)
    erika.type("der Kollege war gestern im Lager")
    assert erika.tickets()[0].state == "resolved"
    assert "Lager" in copies(anna)
    assert "Ja, es klappt" in answers(erika)[-1]
    assert "Nein, noch nicht" in answers(erika)[-1]


def test_yes_ends_a_walk_that_waited_for_support(erika: Visit, anna: Visit) -> None:
    """The case is solved: nothing is left to press."""
    resolved(erika, anna, "with_support")
    erika.type("ja, klappt")
    assert (erika.step, erika.tickets()[0].state) == ("done", "closed")


@pytest.mark.parametrize(
    "text", ["help", "Ich möchte mit einem Mitarbeiter sprechen", f"{ERROR}", "Wie lange dauert das?"]
)
@pytest.mark.parametrize("ended", [False, True])
def test_without_a_walk_a_person_is_reachable(oliver: Visit, text: str, *, ended: bool) -> None:
    """Fault 11: whoever has finished is not invited to switch the access off again."""
    if ended:
        oliver.go_to("first_fetch").act("fetch_worked")
    oliver.type(text)
    assert "door:person" in answers(oliver)[-1]
    if ended:
        assert "door:start" not in answers(oliver)[-1]


def test_a_person_is_called_with_what_was_typed(oliver: Visit, anna: Visit) -> None:
    """One press, without a form, as is said beside the button; the words are in the ticket."""
    oliver.type("I need a human, our orders are stuck")
    assert guide("en").say("heard.person_at_once") in answers(oliver)[-1]
    oliver.do(lambda unit: typed_input.person_called(unit, "I need a human, our orders are stuck", None))
    assert "orders are stuck" in str([row["content"] for row in anna.rows("post", to=CHANNEL)])


@pytest.mark.parametrize(
    ("answer", "files"), [("ja", True), ("ja bitte", True), ("gerne", True), ("nein", False), ("weiter", False)]
)
def test_yes_calls_the_person_that_was_offered(erika: Visit, anna: Visit, answer: str, *, files: bool) -> None:
    """A typed „ja“ is the button below the offer: the ticket says what was typed before it. Anything else is not."""
    erika.go_to("new_developer")
    erika.type("Ich brauche einen Menschen, unsere Bestellungen stehen")
    assert erika.tickets() == []
    erika.type(answer)
    assert (len(erika.tickets()) == 1) is files
    if files:
        assert "Bestellungen stehen" in str([row["content"] for row in anna.rows("post", to=CHANNEL)])
        assert erika.step == "new_developer"


def test_one_message_twice_is_one(erika: Visit) -> None:
    """Slack may deliver it again under another event."""
    erika.go_to("new_developer")
    said = MerchantMessage(text="weiter", channel="D1", ts="5.5")
    for _ in range(2):
        erika.do(lambda unit: typed_input.message_typed(unit, said))
    assert erika.step == "licence_terms"


def edit(merchant: Visit, text: str, ts: str = "5.5") -> None:
    merchant.do(lambda unit: typed_input.message_edited(unit, MerchantMessage(text=text, channel="D1", ts=ts)))


def typed(merchant: Visit, text: str, ts: str = "5.5") -> None:
    merchant.do(lambda unit: typed_input.message_typed(unit, MerchantMessage(text=text, channel="D1", ts=ts)))


@pytest.mark.parametrize("first", ["4.9.24", "hfdjs"])
def test_an_edit_is_heard_where_the_message_was_not(erika: Visit, first: str) -> None:
    """A refused or misunderstood message may be put right."""
    erika.go_to("connect_version")
    typed(erika, first)
    edit(erika, "4.9.24.4")
    assert erika.step == "account_mask"


def test_an_edit_is_never_a_second_press(erika: Visit) -> None:
    """Nor is it heard once something else has happened, or where the message was understood."""
    erika.go_to("new_developer")
    typed(erika, "weiter")
    edit(erika, "weiter weiter")
    assert erika.step == "licence_terms"
    typed(erika, "hfdjs", "6.6")
    edit(erika, "erledigt", "6.6")
    assert erika.step == "licence_terms"


def last(merchant: Visit) -> dict[str, Any]:
    content: dict[str, Any] = merchant.rows("post")[-1]["content"]
    return content


def test_no_button_carries_a_secret(erika: Visit) -> None:
    """An access key has the form of a seller ID: it is warned of, and no form is prefilled with it."""
    key = "AKIA" + "ZV2OIQBI5QLBCSRO"
    erika.go_to("check_seller_id")
    erika.type(f"meine Verkäufer-ID ist {key}")
    erika.type(key)
    assert key not in str(erika.rows())
    assert "geheim bleiben" in answers(erika)[-1]


def test_a_ticket_from_another_procedure_does_not_confuse_the_walk(oliver: Visit) -> None:
    """Called without a walk after SP-API, then a walk through the first procedure: its questions and calls work."""
    oliver.begin(SP_API)
    oliver.act(CANCEL)
    oliver.do(typed_input.support_requested)
    oliver.begin()
    oliver.type("Is it enough to click Renew?")
    assert "From the guide" in answers(oliver)[-1]
    oliver.act(CANCEL)
    oliver.do(typed_input.support_requested)
    assert [ticket.procedure for ticket in oliver.tickets()] == [SP_API.id]


def test_a_typed_status_is_the_bots_also_after_the_walk(erika: Visit, anna: Visit) -> None:
    """While a person talks with the merchant: it says that none is under way, and support is not asked."""
    called(erika, "seller_central").act(CANCEL)
    anna.do(lambda unit: ticket_actions.claim(unit, 1001, None))
    send(anna, "Schauen Sie bitte nach")
    before = copies(anna)
    erika.type("Status")
    assert guide("de").say("answers.no_walk") in answers(erika)[-1]
    assert copies(anna) == before
