"""The authorization over SP-API: what proves that it worked, what is done once, and what is never done."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.blocks.actions import Address
from bot.blocks.step import StepView, step_message
from conversations.all_texts import load_texts
from conversations.engine.answers import Reader
from conversations.engine.screens import number_of_item, title_shown
from conversations.engine.texts import LANGUAGES
from conversations.engine.walkthrough import NotOffered, StepResult, Walk
from conversations.sp_api.facts import VALID_FOR, SpApiFacts
from conversations.sp_api.procedure import PROCEDURE
from conversations.sp_api.settings import SpApiSettings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READER = Reader(b"k" * 32, str)
AUTHORIZE = ("advance", "advance", "advance", "advance")
"""From the check of the entry to the look at the field."""


class Merchant:
    """Plays one walk; a minute passes with each act, and before each it is restored from what would be stored."""

    def __init__(self) -> None:
        self.now = START
        self.walk = self._walk(PROCEDURE.begin())

    def _walk(self, state: Any) -> Walk[SpApiFacts, SpApiSettings]:
        return Walk(PROCEDURE, state, SpApiSettings())

    @property
    def facts(self) -> SpApiFacts:
        return self.walk.facts

    @property
    def step(self) -> str:
        return self.walk.step

    def do(self, event: str, **raw: Any) -> StepResult:
        self.walk = self._walk(PROCEDURE.load(self.walk.state.model_dump_json()))
        self.now += timedelta(minutes=1)
        return self.walk.act(event, raw, READER, self.now)

    def all(self, *events: str) -> "Merchant":
        for event in events:
            self.do(event)
        return self

    def named(self, orders: str, field: str, *names: str) -> "Merchant":
        """As far as the accounts are named."""
        self.all(orders, "advance", "sees_refresh_token", field)
        self.do("name_accounts", names=", ".join(names))
        return self


def test_a_first_authorization_with_one_account() -> None:
    """The filled field is looked at, saved only if asked, then reports, start and fetch; the consent's date is kept."""
    me = Merchant().named("orders_stopped", "field_empty", "DE")
    me.all("ready_to_go", *AUTHORIZE)
    consent = me.now
    assert me.step == "look_at_field"
    me.all("field_filled", "advance", "reports_on")
    me.do("note_start", date="01.11.2025")
    me.all("fetch_failed", "fetch_worked", "all_working")
    assert me.step == "done"
    assert me.facts.due_at == consent + VALID_FOR
    assert (me.facts.accounts[0].orders_from, me.facts.kind) == ("01.11.2025", "first")


def test_an_id_that_differs_is_a_question_first_and_never_changed() -> None:
    """The right accounts are looked for, and the entry is checked again; the only other way on is a person."""
    me = Merchant().named("orders_stopped", "field_empty", "DE").all("ready_to_go", "entry_differs")
    assert me.step == "differing_entry"
    assert me.walk.properties.person_first
    assert [offer.event for offer in me.walk.offers()] == ["entry_corrected"]
    assert me.walk.plain_next() is None, "a typed „weiter“ is no answer"
    with pytest.raises(NotOffered):
        me.do("advance")
    me.do("entry_corrected")
    assert me.step == "check_entry"
    me.all("entry_differs", "back", "advance")
    assert me.step == "press_button"


def test_in_a_renewal_a_filled_field_is_no_way_on() -> None:
    """The stale screen is closed and reopened, nothing is saved, and only a fetch counts."""
    me = Merchant().named("orders_arriving", "field_filled", "DE")
    me.all("ready_to_go", *AUTHORIZE)
    assert [offer.event for offer in me.walk.offers()] == ["advance"]
    assert me.walk.text_key == "steps.look_at_field.text.renewal"
    me.do("advance")
    assert me.step == "order_reports"
    assert not me.facts.working
    assert "save_if_asked" not in me.walk.state.repeats
    assert title_shown(me.walk) == "steps.order_reports.title", "no title speaks of saving"


def test_a_first_field_that_stays_empty_is_looked_at_twice_and_never_saved() -> None:
    """Closed, opened, looked at again: then a ticket."""
    me = Merchant().named("orders_stopped", "field_empty", "DE")
    me.all("ready_to_go", *AUTHORIZE, "field_empty")
    assert me.step == "look_again"
    result = me.do("field_empty")
    assert (me.step, result.ticket) == ("with_support", "file")
    assert "save_if_asked" not in me.walk.state.repeats


def test_consent_and_reports_once_for_a_seller_and_a_fetch_for_each_account() -> None:
    """Two sellers, three accounts: two consents, two looks at the reports, three fetches."""
    me = Merchant().named("orders_arriving", "field_filled", "DE", "FR", "Second shop")
    me.do("group_accounts", accounts=["FR"])
    assert me.step == "seller_tokens"
    me.do("group_accounts", accounts=[])
    assert [item.group for item in me.walk.items] == ["1", "1", "2"]
    me.all("ready_to_go", *AUTHORIZE, "advance", "reports_activated")
    me.do("start_not_seen")
    me.do("fetch_worked")
    me.do("turn_to_next")
    assert me.step == "further_entry"
    assert number_of_item(me.walk) is None, "not every account takes the same steps"
    me.all("advance", "start_not_seen", "fetch_worked", "turn_to_next")
    assert me.step == "check_entry"
    me.all(*AUTHORIZE, "advance")
    assert me.step == "order_reports"
    me.all("reports_on", "start_not_seen", "fetch_worked", "all_working")
    assert me.step == "done"
    assert me.walk.state.repeats["give_consent"] == me.walk.state.repeats["order_reports"] == len(me.facts.sellers)


def test_a_further_account_with_an_empty_field_is_authorized_too() -> None:
    """Row 8 of a first authorization."""
    me = Merchant().named("orders_stopped", "field_empty", "DE", "FR")
    me.all("one_seller", "ready_to_go", *AUTHORIZE, "field_filled", "advance", "reports_on", "start_not_seen")
    me.all("fetch_worked", "turn_to_next", "field_empty")
    assert (me.step, me.walk.state.item) == ("press_button", 1)


@pytest.mark.parametrize("kind", ["first", "renewal"])
def test_each_account_has_its_own_start_read_once(kind: str) -> None:
    """„Auftragsabholung ab“ is asked at every account before its first fetch, and only once."""
    before, after = ("field_empty", ("field_filled", "advance")) if kind == "first" else ("field_filled", ("advance",))
    me = Merchant().named("orders_stopped", before, "DE", "FR", "IT")
    me.all("one_seller", "ready_to_go", *AUTHORIZE, *after, "reports_on")
    me.do("note_start", date="01.11.2025")
    me.all("fetch_failed", "authorize_again", *AUTHORIZE, "advance")
    assert me.step == "first_fetch"
    me.all("fetch_worked", "turn_to_next", after[0])
    assert (me.step, me.walk.state.item) == ("fetch_start", 1)
    me.do("note_start", date="15.11.2025")
    me.all("fetch_worked", "turn_to_next", after[0], "start_not_seen")
    assert [account.orders_from for account in me.facts.accounts] == ["01.11.2025", "15.11.2025", None]
    me.all("fetch_worked", "all_working")


def test_a_start_noted_by_mistake_is_gone_when_the_field_is_not_found_after_all() -> None:
    """Said, gone back, said right."""
    me = Merchant().named("orders_stopped", "field_filled", "DE")
    me.all("ready_to_go", *AUTHORIZE, "advance", "reports_on")
    me.do("note_start", date="01.11.2025")
    me.all("back", "start_not_seen")
    assert (me.facts.accounts[0].orders_from, me.facts.accounts[0].orders_from_asked) == (None, True)


def test_a_stored_walk_with_one_start_for_all_accounts_is_still_read() -> None:
    """It was read at the first account; the others are asked."""
    me = Merchant().named("orders_stopped", "field_filled", "DE", "FR")
    stored = json.loads(me.walk.state.model_dump_json())
    for account in stored["facts"]["accounts"]:
        del account["orders_from"], account["orders_from_asked"]
    stored["facts"] |= {"orders_from": "01.11.2025", "orders_from_asked": True}
    first, second = PROCEDURE.load(json.dumps(stored)).facts.accounts
    assert (first.orders_from, first.orders_from_asked) == ("01.11.2025", True)
    assert (second.orders_from, second.orders_from_asked) == (None, False)
    stored["facts"]["accounts"] = []
    assert PROCEDURE.load(json.dumps(stored)).facts.accounts == []


def test_orders_down_from_the_start_are_urgent_until_every_account_fetches() -> None:
    """Where they still arrive nothing is urgent before a fetch has failed twice."""
    down = Merchant().named("orders_stopped", "field_empty", "DE")
    assert down.walk.urgency is not None
    down.all("ready_to_go", *AUTHORIZE, "field_filled", "advance", "reports_on", "start_not_seen", "fetch_worked")
    assert down.walk.urgency is None
    up = Merchant().named("orders_arriving", "field_filled", "DE")
    up.all("ready_to_go", *AUTHORIZE, "advance", "reports_on", "start_not_seen", "fetch_failed")
    assert up.walk.urgency is None
    assert up.do("fetch_failed").ticket == "file"
    assert up.walk.urgency is not None


def test_authorizing_again_makes_a_filled_field_worthless() -> None:
    """After that only a fetch counts, also in what began as a first authorization."""
    me = Merchant().named("orders_stopped", "field_empty", "DE")
    me.all("ready_to_go", *AUTHORIZE, "field_filled", "advance", "reports_on", "start_not_seen", "fetch_failed")
    first = me.facts.sellers["1"].consent_at
    me.all("authorize_again", *AUTHORIZE)
    assert me.walk.text_key == "steps.look_at_field.text.renewal"
    assert me.facts.sellers["1"].consent_at > first  # type: ignore[operator]
    assert me.facts.kind == "first"


def test_going_back_asks_anew_which_accounts_belong_together() -> None:
    """What was put together by mistake is not kept."""
    me = Merchant().named("orders_stopped", "field_empty", "DE", "FR")
    me.all("one_seller", "back")
    assert [item.group for item in me.walk.items] == ["", ""]
    me.do("group_accounts", accounts=[])
    me.do("group_accounts", accounts=[])
    assert [item.group for item in me.walk.items] == ["1", "2"]


def test_a_fetch_that_fails_after_one_that_worked_counts() -> None:
    """Said by mistake, gone back, said right: the account is open again."""
    me = Merchant().named("orders_stopped", "field_empty", "DE")
    me.all("ready_to_go", *AUTHORIZE, "field_filled", "advance", "reports_on", "start_not_seen", "fetch_worked")
    me.all("back", "fetch_failed")
    assert [item.done for item in me.walk.items] == [False]


def test_accounts_that_are_added_later_get_their_turn() -> None:
    """Also where they belong to a seller of whom consent was given."""
    me = Merchant().named("orders_stopped", "field_filled", "DE")
    me.all("ready_to_go", *AUTHORIZE, "advance", "reports_on", "start_not_seen", "fetch_worked")
    me.do("add_accounts", names="FR")
    assert me.step == "seller_tokens"
    me.do("one_seller")
    assert me.step == "next_entry"
    with pytest.raises(NotOffered):
        me.do("all_working")
    me.do("turn_to_next")
    assert (me.step, me.walk.state.item) == ("further_entry", 1)


@pytest.mark.parametrize(
    ("field", "on", "label"),
    [("field_empty", ("field_filled", "advance"), "how_to_tell"), ("field_filled", ("advance",), "where")],
)
def test_what_explains_a_further_account_is_called_what_it_explains(
    field: str, on: tuple[str, ...], label: str
) -> None:
    """Whether its field is filled is a question; in a renewal it is only to be selected, and nothing can be told."""
    me = Merchant().named("orders_stopped", field, "DE", "FR").all("one_seller", "ready_to_go", *AUTHORIZE, *on)
    me.all("reports_on", "start_not_seen", "fetch_worked", "turn_to_next")
    assert me.step == "further_entry"
    texts = load_texts().of("de", PROCEDURE.id)
    message = step_message(StepView(texts=texts, walk=me.walk, address=Address(1, 1, me.step, "k" * 32)))
    main = next(block for block in message["blocks"] if block["type"] == "actions")["elements"][0]
    expected = "advance" if label == "where" else "field_filled"
    assert main["action_id"] == f"walk:{expected}", "one consent should be enough: filled is what is expected"
    for one in ("how_to_tell", "where"):
        assert (texts.say(f"buttons.{one}") in str(message["blocks"])) is (one == label)


def test_somebody_with_one_account_does_not_read_about_several() -> None:
    """Before the sign-in, and when it fetches."""
    one = Merchant().named("orders_arriving", "field_filled", "DE")
    assert one.walk.text_key == "steps.ready_to_authorize.text.arriving_one"
    one.all("ready_to_go", *AUTHORIZE, "advance", "reports_on", "start_not_seen", "fetch_worked")
    assert one.walk.text_key == "steps.next_entry.text.complete_one"
    two = Merchant().named("orders_arriving", "field_filled", "DE", "FR")
    two.do("one_seller")
    assert two.walk.text_key == "steps.ready_to_authorize.text.arriving"


def _keys(step: str) -> Iterator[str]:
    for language in LANGUAGES:
        texts = load_texts().of(language, PROCEDURE.id)
        yield from (text for key, text in texts.texts.items() if key.startswith(f"steps.{step}."))


def test_what_is_only_concluded_is_marked_in_both_languages_with_a_reason() -> None:
    """The same keys in both, and each is worded as a conclusion or a precaution."""
    marks = [load_texts().of(language, PROCEDURE.id).unsure for language in LANGUAGES]
    assert list(marks[0]) == list(marks[1])
    assert marks[0]
    assert all(mark.values() for mark in marks)


def test_the_plain_words_are_said() -> None:
    """Nothing is switched off, and the old token cannot be brought back."""
    said = " ".join(_keys("ready_to_authorize"))
    for words in ("nichts abgeschaltet", "nicht zurückholen", "Nothing is switched off", "cannot be brought back"):
        assert words in said


def test_a_message_of_one_act_is_short() -> None:
    """At most 60 words, title included."""
    for language in LANGUAGES:
        texts = load_texts().of(language, PROCEDURE.id).texts
        for step, properties in PROCEDURE.steps.items():
            for key in properties.variants or ("",) if properties.end != "transferred" else ():
                text = texts[f"steps.{step}.text.{key}".removesuffix(".")]
                words = re.findall(r"\w[\w„“’'.:-]*", f"{texts[f'steps.{step}.title']} {text}")
                assert len(words) <= 60, (step, words)
