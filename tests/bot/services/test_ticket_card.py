"""What the card shows of what was written, and the first reply of its thread with everything else."""

from datetime import timedelta
from functools import partial

from bot.services import awaited, deliveries, evidence, ticket_actions, ticket_card, typed_input
from bot.services.merchant_messages import MerchantMessage
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore
from conversations.ticket.card_lines import Written
from tests.bot.services.test_agent_messages import send
from tests.bot.services.test_error_evidence import SELLER
from tests.bot.services.visits import NOON, URL, Clock, Visit
from tests.guides import GUIDES

CHANNEL = "C0SUPPORT"


def written(visit: Visit) -> Written:
    ticket = visit.tickets()[0]
    record = visit.do(lambda unit: unit.walk_of(ticket))
    assert record is not None
    return visit.do(lambda unit: evidence.written(unit, ticket, unit.open(record)))


def card(visit: Visit) -> str:
    rows = [row for row in visit.rows(to=CHANNEL) if row["method"] in {"post", "update"} and not row["thread"]]
    shown = [row for row in rows if row["method"] == "post" or row["target"] == visit.tickets()[0].card_key]
    return str(shown[-1]["content"])


def test_the_newest_words_and_what_else_is_new(erika: Visit, anna: Visit) -> None:
    """Own words and error message apart; what support has answered is not new any more."""
    erika.go_to("key_set")
    erika.submit("help", sentence="first words")
    erika.type("second words")
    erika.type(SELLER)
    assert written(erika) == Written("second words", SELLER, more=1)
    assert "«de:ticket.card.words second words» · «de:ticket.card.more 1»" in card(erika)
    send(anna, "an answer")
    assert written(erika).more == 0
    assert "second words" in card(erika)
    assert "card.more" not in card(erika)
    erika.type("third words")
    erika.type("fourth words")
    assert (written(erika).words, written(erika).more) == ("fourth words", 1)
    assert "«de:ticket.card.words fourth words» · «de:ticket.card.more 1»" in card(erika)


def test_what_is_written_again_is_the_newest(erika: Visit) -> None:
    """„Es geht nicht“ after something else says that it does not work again."""
    erika.command("support")
    for text in ("it does not work", "now it does", "it does not work"):
        erika.type(text)
        assert f"card.words {text}" in card(erika)


def test_the_card_follows_the_conversation(erika: Visit, anna: Visit) -> None:
    """At once, with one change: what is written, edited, or only kept because the ticket is resolved."""
    erika.command("support")
    send(anna, "an answer")
    erika.type("new words")
    assert "card.words new words" in card(erika)
    edited = MerchantMessage(text="newer words", channel="DU0ERIKA", ts="1700000001.000100")
    erika.do(lambda unit: typed_input.message_edited(unit, edited))
    assert "card.words newer words" in card(erika)
    anna.do(lambda unit: ticket_actions.resolve(unit, 1001, URL))
    changes = len(erika.rows("update", to=CHANNEL))
    erika.type("ich schaue gleich nach dem Hund")
    assert anna.tickets()[0].state == "resolved"
    assert "card.words ich schaue gleich nach dem Hund" in card(erika)
    assert len(erika.rows("update", to=CHANNEL)) == changes + 1


def test_an_exposed_secret_is_never_folded_away(erika: Visit) -> None:
    """Whatever is written after it, and wherever the secret stood."""
    erika.go_to("key_set")
    erika.submit("help", sentence="")
    assert not written(erika).exposed
    erika.type("Mein Passwort: Sommer2026!")
    for number in range(4):
        erika.type(f"and another thing, number {number}")
    assert written(erika).exposed
    assert "ticket.card.exposed" in card(erika)
    assert "Sommer2026" not in card(erika)


def test_an_answer_that_does_not_arrive_is_on_the_card(
    clocked: Services, erika: Visit, anna: Visit, store: SqliteStore
) -> None:
    """As long as it has not arrived, or for good when Slack refuses it; once it arrives the card says nothing."""
    clock = clocked.config.clock
    assert isinstance(clock, Clock)
    erika.go_to("with_support")
    send(anna, "an answer")
    look = partial(clocked.unit_of_work, deliveries.look_for_answer)
    assert "card.undelivered" not in card(erika)
    clock.now += awaited.LATE + timedelta(seconds=1)
    assert look()
    assert "card.undelivered" in card(erika)
    while (row := store.claim(NOON + timedelta(days=1), timedelta(seconds=30), frozenset())) is not None:
        store.delivered(row, row.destination.to, f"{row.id}.0001")
    clock.now += timedelta(minutes=10)
    assert look()
    erika.do(lambda unit: ticket_card.save_and_refresh(unit, unit.tx.tickets()[0]))
    assert "card.undelivered" not in card(erika)


def test_everything_that_is_known_is_the_first_reply_once(erika: Visit) -> None:
    """Below the card, before anybody's words; a later call and a second failure post none again."""
    erika.go_to("first_fetch")
    erika.submit("help", sentence="so nervous")
    erika.submit("help", sentence="still nervous")
    erika.act("fetch_failed")
    erika.act("fetch_failed")
    replies = [row for row in erika.rows("post", to=CHANNEL) if row["thread"]]
    assert ["ticket.thread.snapshot" in str(row["content"]) for row in replies] == [True, *[False] * (len(replies) - 1)]
    said = str(replies[0]["content"])
    for key in ("sections.case", "sections.contact", "sections.tokens", "labels.first_answer", "thread.internal"):
        assert f"«de:ticket.{key} »" in said, key
    assert "labels.backup" not in card(erika)


def test_the_first_reply_stays_and_says_where_news_are(erika: Visit) -> None:
    """It is not edited with the card, which Slack takes but 50 times a minute; so it sends the reader to what is."""
    erika.go_to("first_fetch")
    erika.submit("help", sentence="nothing arrives")
    before = erika.tickets()[0]
    erika.type(SELLER)
    assert SELLER in erika.tickets()[0].words
    changed = [row["target"] for row in erika.rows("update", to="C0SUPPORT")]
    assert before.card_key in changed
    assert ticket_card.snapshot_key(before) not in changed
    named = {"de": "Fehlermeldung Karte „Verlauf“", "en": 'error message card "Timeline"'}
    for language, texts in GUIDES.items():
        said = texts.say("ticket.thread.snapshot", at="10:01")
        assert all(name in said for name in ("10:01", *named[language].split()))
