"""Outages that agents announce: who is held, who reads what, tickets with one answer, and how it ends."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.blocks.actions import OutageDraft, parse_outage_draft
from bot.services import commands, outage_forms, outages, privacy, reminders, timeline
from bot.services.context import Actor
from bot.services.runner import Services
from bot.store.sqlite import SqliteStore
from bot.store.support_models import Outage, OutageRecipient
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.marks import quoted
from tests.bot.services.test_agent_messages import CHANNEL, SECRET
from tests.bot.services.visits import ANNA, ERIKA, TEAM, URL, Clock, Visit

Json = dict[str, Any]
DE, EN = "Amazon ist gestoert", "Amazon is down"


@pytest.fixture
def clock(clocked: Services) -> Clock:
    """The desk's clock, to be put forward."""
    assert isinstance(clocked.config.clock, Clock)
    return clocked.config.clock


def announce(agent: Visit, *tickets: int, outage_id: int = 0, de: str = DE, en: str = EN) -> Json:
    """Fill in the form, look at the preview and confirm it; the preview."""
    raw: Json = {"de": de, "en": en, "tickets": [str(number) for number in tickets]}
    pushed: Json = agent.do(lambda unit: outage_forms.submitted(unit, outage_id, raw))
    assert pushed["response_action"] == "push", pushed
    check_view(pushed["view"])
    draft = parse_outage_draft(pushed["view"]["private_metadata"])
    assert draft is not None
    assert agent.do(lambda unit: outage_forms.confirmed(unit, draft)) == {"response_action": "clear"}
    view: Json = pushed["view"]
    return view


def tell(visit: Visit) -> int:
    """Tell everybody what they are still to be told; how many."""
    return sum(visit.services.unit_of_work(outages.tell_due) for _ in range(20))


def live(visit: Visit) -> Outage:
    found = visit.do(lambda unit: unit.tx.live_outage(TEAM))
    assert found is not None
    return found


def posted(visit: Visit) -> list[str]:
    return [str(row["content"]) for row in visit.rows("post")]


def test_who_can_wait_is_held_and_who_cannot_goes_on(anna: Visit, erika: Visit, oliver: Visit) -> None:
    """Before the old access is off a press leads nowhere; after it, everything works. Each is told once."""
    erika.go_to("select_account")
    oliver.go_to("authorize_developer")
    before = len(erika.rows("post")), len(oliver.rows("post"))
    assert "desk.outage.ask 1 2 1 0" in str(announce(anna))
    assert tell(anna) == 2
    assert tell(anna) == 0
    assert (len(erika.rows("post")), len(oliver.rows("post"))) == (before[0] + 1, before[1] + 1)
    assert f"notes.outage_held {DE}" in posted(erika)[-1]
    assert f"notes.outage_orders_down {EN}" in posted(oliver)[-1]
    erika.press("advance")
    assert erika.step == "select_account"
    assert f"notes.outage_held {DE}" in posted(erika)[-1]
    oliver.press("advance")
    assert oliver.step != "authorize_developer"
    assert "notes.outage_orders_down" in posted(oliver)[-1]


def test_nobody_is_left_out_however_many_they_are(
    anna: Visit, erika: Visit, oliver: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More walks than are looked at: the preview says how many are told, and each of them is, also at the end."""
    monkeypatch.setattr(outages, "MOST", 1)
    erika.go_to("select_account")
    oliver.go_to("authorize_developer")
    assert "desk.outage.ask_many 2 0" in str(announce(anna))
    assert tell(anna) == 2
    assert f"notes.outage_held {DE}" in posted(erika)[-1]
    assert f"notes.outage_orders_down {EN}" in posted(oliver)[-1]
    outage = live(anna)
    anna.do(lambda unit: outages.over(unit, outage.id, URL))
    assert tell(anna) == 2
    assert all("notes.outage_over" in posted(visit)[-1] for visit in (erika, oliver))


@pytest.mark.parametrize("linked", [(1001,), (1001, 1002)])
def test_a_linked_ticket_that_was_merged_is_followed(anna: Visit, erika: Visit, linked: tuple[int, ...]) -> None:
    """Its answer is corrected where it is now, and the end is said there, once."""
    erika.command("support")
    erika.begin()
    erika.submit("help", sentence="stuck")
    announce(anna, *linked)
    tell(anna)
    assert "desk.history.ticket.absorb" in str(anna.do(lambda unit: timeline.merge_pressed(unit, (1002, 1001), None)))
    announce(anna, outage_id=live(anna).id, de="Es dauert")
    tell(anna)
    outage = live(anna)
    anna.do(lambda unit: outages.over(unit, outage.id, URL))
    tell(anna)
    messages = anna.do(lambda unit: [message.text for message in unit.tx.ticket_messages(1002)])
    assert messages[:-1] == ["Es dauert"] * len(linked)
    assert "notes.outage_over" in messages[-1]


def test_a_person_the_way_back_and_the_end_stay_open(anna: Visit, erika: Visit) -> None:
    """Nobody who is held is locked in: they reach support, go back, and end the walk."""
    erika.go_to("select_account")
    announce(anna)
    erika.press("back")
    assert erika.step != "select_account"
    erika.submit("help", sentence="Please call me")
    assert anna.do(lambda unit: unit.tx.ticket(1001)) is not None
    erika.press("cancel")
    assert erika.step == "cancelled"


def test_a_form_is_not_opened_in_vain(anna: Visit, erika: Visit) -> None:
    """Who is held types nothing that would be lost; what was open already is held when it comes."""
    erika.go_to("connect_version")
    announce(anna)
    shown = len(posted(erika))
    assert erika.form("connect_version") is None
    assert len(posted(erika)) == shown + 1
    assert erika.submit("connect_version", version="99.1") is None
    assert erika.step == "connect_version"


def test_a_kill_while_people_are_told_doubles_and_loses_nothing(anna: Visit, erika: Visit, oliver: Visit) -> None:
    """Who is told and that they were told are one transaction: what was interrupted is done again, and only that."""
    erika.go_to("select_account")
    oliver.go_to("select_account")
    announce(anna)
    before = len(posted(erika)) + len(posted(oliver))

    def killed(point: str) -> None:
        if point == "before_commit":
            raise KeyboardInterrupt

    dying = Services(anna.services.config, anna.store, killed)
    with pytest.raises(KeyboardInterrupt):
        dying.unit_of_work(outages.tell_due)
    assert len(posted(erika)) + len(posted(oliver)) == before
    assert anna.services.unit_of_work(outages.tell_due)
    with pytest.raises(KeyboardInterrupt):
        dying.unit_of_work(outages.tell_due)
    assert tell(anna) == 1
    assert sum("notes.outage_held" in row for visit in (erika, oliver) for row in posted(visit)) == 2
    assert len(posted(erika)) + len(posted(oliver)) == before + 2


def test_who_begins_meanwhile_reads_it_first_and_is_told_the_end(anna: Visit, erika: Visit) -> None:
    """With the first step; when it is over, once."""
    announce(anna)
    erika.begin()
    assert f"notes.outage_held {DE}" in posted(erika)[-1]
    erika.press("orders_arriving")
    assert erika.step == "before_start"
    number = live(anna).id
    anna.do(lambda unit: outages.over(unit, number, URL))
    assert tell(anna) == 1
    assert "notes.outage_over" in posted(erika)[-1]
    assert "notes.outage_held" not in posted(erika)[-1]
    shown = len(posted(erika))
    assert tell(anna) == 0
    erika.press("orders_arriving")
    assert erika.step != "before_start"
    assert len(posted(erika)) == shown + 1


def test_linked_tickets_get_one_answer_that_is_corrected_and_taken_back(anna: Visit, erika: Visit) -> None:
    """In the merchant's language; the same rows as any answer, so one change of the text changes it everywhere."""
    erika.command("support")
    view = anna.do(outage_forms.form)
    check_view(view)
    assert "1001" in str(view)
    announce(anna, 1001)
    assert tell(anna) == 1
    (message,) = anna.do(lambda unit: unit.tx.ticket_messages(1001))
    assert (message.text, message.state, message.author_id) == (DE, "sent", ANNA.user_id)
    assert DE in quoted(erika.rows("post")[-1]["content"])
    number = live(anna).id
    announce(anna, outage_id=number, de="Noch gestoert", en="Still down")
    assert tell(anna) == 1
    (message,) = anna.do(lambda unit: unit.tx.ticket_messages(1001))
    assert (message.text, message.state) == ("Noch gestoert", "corrected")
    anna.do(lambda unit: outages.take_back(unit, number, URL))
    assert tell(anna) == 1
    (message,) = anna.do(lambda unit: unit.tx.ticket_messages(1001))
    assert message.state == "taken_back"


def test_over_means_over_for_all(anna: Visit, ben: Visit, erika: Visit, oliver: Visit) -> None:
    """In tickets as an answer, at steps above the step; whose ticket was closed meanwhile reads it as well."""
    erika.command("support")
    oliver.go_to("select_account")
    announce(anna, 1001)
    tell(anna)
    number = live(anna).id
    ben.do(lambda unit: outages.over(unit, number, URL))
    assert tell(anna) == 2
    assert [m.text for m in anna.do(lambda unit: unit.tx.ticket_messages(1001))] == [DE, "«de:notes.outage_over »"]
    assert "notes.outage_over" in posted(oliver)[-1]
    assert anna.do(lambda unit: unit.tx.live_outage(TEAM)) is None
    assert "board_over" in anna.newest("update", CHANNEL)
    for late in (outages.over, outages.extend, outages.take_back):
        assert "answers.outage_none" in str(ben.do(lambda unit, late=late: late(unit, number, URL)))
    assert ben.rows("respond") == []


def test_it_ends_by_itself_unless_it_is_extended(anna: Visit, erika: Visit, clock: Clock) -> None:
    """After eight hours, with a warning half an hour before; what is said then does not promise that all works."""
    erika.go_to("select_account")
    announce(anna)
    tell(anna)
    look = partial(anna.services.unit_of_work, outages.look_at_end)
    clock.now += outages.LASTS - outages.WARNED_BEFORE
    assert look()
    assert "desk.outage.ends_soon" in anna.newest("post", CHANNEL)
    number = live(anna).id
    anna.do(lambda unit: outages.extend(unit, number, URL))
    clock.now += outages.LASTS - outages.WARNED_BEFORE
    assert look()
    clock.now += outages.WARNED_BEFORE + timedelta(minutes=1)
    assert look()
    assert tell(anna) == 1
    assert "notes.outage_expired" in posted(erika)[-1]
    assert not look()


def test_nobody_is_reminded_of_a_step_they_are_held_at(anna: Visit, erika: Visit, clock: Clock) -> None:
    """The reminder comes when the outage has ended."""
    erika.go_to("select_account")
    announce(anna)
    tell(anna)
    shown, number = len(posted(erika)), live(anna).id
    for _ in range(9):
        clock.now += timedelta(hours=7)
        anna.do(lambda unit: outages.extend(unit, number, URL))
        anna.services.unit_of_work(reminders.remind_due)
    assert len(posted(erika)) == shown
    anna.do(lambda unit: outages.over(unit, number, URL))
    tell(anna)
    clock.now += timedelta(days=2, hours=9)
    assert anna.services.unit_of_work(reminders.remind_due)
    assert "notes.reminder " in posted(erika)[-1]


def test_the_form_refuses_what_cannot_be_announced(anna: Visit, erika: Visit) -> None:
    """A language that is missing, a secret, and anybody who is no agent; what is forged does nothing."""
    refused = anna.do(lambda unit: outage_forms.submitted(unit, 0, {"de": " ", "en": f"Use {SECRET}"}))
    assert "desk.templates.empty" in refused["errors"]["de"]
    assert "desk.templates.secret" in refused["errors"]["en"]
    assert "agents_only" in str(erika.command("outage Amazon is down"))
    assert "agents_only" in str(erika.do(outage_forms.form))
    assert "agents_only" in str(erika.do(lambda unit: outage_forms.submitted(unit, 0, {"de": DE, "en": EN})))
    assert "agents_only" in str(erika.do(lambda unit: outage_forms.confirmed(unit, OutageDraft(0, DE, EN))))
    assert parse_outage_draft("[1]") is parse_outage_draft("{") is parse_outage_draft(None) is None
    assert anna.do(lambda unit: unit.tx.live_outage(TEAM)) is None


def test_the_command_fills_in_the_text_and_ends_it(anna: Visit, ben: Visit, erika: Visit) -> None:
    """In the agent's language; `over` asks first, and says so where there is none."""
    assert "answers.outage_none" in str(anna.command("outage over"))
    view = anna.do(lambda unit: commands.command(unit, "störung „Amazon ist gestoert“", None, "A0"))
    assert "'initial_value': 'Amazon ist gestoert'" in str(view)
    erika.go_to("select_account")
    announce(anna)
    tell(anna)
    announced = live(anna)
    draft = OutageDraft(0, DE, EN)
    assert anna.do(lambda unit: outage_forms.confirmed(unit, draft)) == {"response_action": "clear"}
    assert "outage_running" in str(ben.do(lambda unit: outage_forms.confirmed(unit, draft)))
    assert "desk.outage.ask_over 1" in str(ben.command("outage vorbei"))
    ben.do(lambda unit: outage_forms.over_confirmed(unit, announced.id, URL))
    assert "answers.outage_ended" in ben.newest("respond")
    late = ben.do(lambda unit: outage_forms.over_confirmed(unit, announced.id, URL))
    assert "answers.outage_none" in str(late)
    assert "outage_none" in str(ben.do(lambda unit: outage_forms.form(unit, announced.id)))
    change = OutageDraft(announced.id, DE, EN)
    assert "outage_none" in str(ben.do(lambda unit: outage_forms.confirmed(unit, change)))


def test_another_workspace_knows_nothing_of_it(services: Services, store: SqliteStore, anna: Visit) -> None:
    """Neither held nor able to end it."""
    announce(anna)
    other = Visit(services, store, Actor("T2", "U0ANNA"))
    other.who = Actor("T2", "U0ANNA", is_agent=True)
    number = live(anna).id
    other.do(lambda unit: outages.over(unit, number, URL))
    assert live(anna).id == number
    assert other.do(lambda unit: unit.outage("T2")) is None


def test_export_and_erasure_know_of_it(anna: Visit, erika: Visit) -> None:
    """Who announced it and who reads of it are in their files; after the erasure nobody is told any more."""
    erika.go_to("select_account")
    announce(anna)
    kept = anna.do(lambda unit: unit.tx.export_person(TEAM, ANNA.user_id))
    assert [one["text_de"] for one in kept["outages"]] == [DE]
    kept = anna.do(lambda unit: unit.tx.export_person(TEAM, ERIKA.user_id))
    assert [one["state"] for one in kept["outage_recipients"]] == ["planned"]
    erika.do(privacy.forget)
    anna.do(privacy.forget)
    assert tell(anna) == 0
    assert live(anna).agent_id == ""
    assert anna.do(lambda unit: unit.tx.outage_recipients(1)) == list[OutageRecipient]()
