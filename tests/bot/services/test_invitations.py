"""Invitations: several at once, what is sent and when, withdrawing them, and that nobody is asked too often."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.blocks.actions import group_value, parse_group
from bot.services import invitation_ends, invitations, privacy
from bot.services.runner import Services
from bot.services.ticket_lists import support_home
from bot.store.support_models import Invitation
from tests.bot.services.test_slash_commands import MERCHANT, values
from tests.bot.services.visits import TEAM, URL, Clock, Visit

ALL = "for <@U0ERIKA> <@U0OLIVER>"
DAY = timedelta(days=1)


@pytest.fixture
def clock(clocked: Services) -> Clock:
    """The desk's clock, to be put forward."""
    assert isinstance(clocked.config.clock, Clock)
    return clocked.config.clock


def sent(visit: Visit) -> list[str]:
    """What was posted to somebody, as the keys of its texts; a step that was withdrawn has none."""
    posted = [row["content"]["text"] for row in visit.rows("post") if row["content"]]
    return [text.split(":", 1)[1].split(" ")[0].strip("»") for text in posted]


def send(visit: Visit, times: int = 9) -> int:
    """Look for what is due so many times; how often something was."""
    return sum(visit.services.unit_of_work(invitations.send_due) for _ in range(times))


def last(visit: Visit) -> Invitation:
    found = visit.do(lambda unit: unit.tx.last_invitation(TEAM, visit.who.user_id))
    assert found is not None
    return found


def invite_all(anna: Visit) -> None:
    group = parse_group(values(anna.command(ALL, MERCHANT))["invitation:all"])
    assert group is not None
    anna.do(lambda unit: invitations.confirmed(unit, *group, URL))


def test_several_are_invited_after_a_preview(anna: Visit, erika: Visit, oliver: Visit, clock: Clock) -> None:
    """Fault 20: nobody mentioned is dropped. The agent confirms first; then each gets one invitation, at a pace."""
    asked = anna.command(ALL, MERCHANT)
    assert "invitations_ask 2 Erika Beispiel, Oliver Sample" in str(asked)
    assert erika.rows() == oliver.rows() == []
    invite_all(anna)
    invite_all_again = parse_group(values(asked)["invitation:all"])
    assert invite_all_again is not None
    anna.do(lambda unit: invitations.confirmed(unit, *invite_all_again, URL))
    assert "answers.invitations_none" in anna.newest("respond")
    assert send(anna, 2) == 1
    assert (sent(erika), sent(oliver)) == (["answers.invitation"], [])
    clock.now += invitations.PACE
    assert send(anna) == 1
    assert (sent(erika), sent(oliver)) == (["answers.invitation"], ["answers.invitation"])
    assert "answers.invitations_asked 2 Erika Beispiel, Oliver Sample" in anna.newest("update")


def test_the_list_shows_who_declined_and_who_finished(anna: Visit, erika: Visit, oliver: Visit, clock: Clock) -> None:
    """One message of the agent's changes with every answer; nothing else is posted to them."""
    invite_all(anna)
    clock.now += invitations.PACE
    send(anna)
    posted = len(anna.rows("post"))
    number = last(oliver).id
    oliver.do(lambda unit: invitations.answered(unit, number, URL, accepted=False))
    number = last(erika).id
    erika.do(lambda unit: invitations.answered(unit, number, URL, accepted=True))
    newest = anna.newest("update")
    assert "invitations_accepted 1 Erika Beispiel" in newest
    assert "invitations_declined 1 Oliver Sample" in newest
    assert "invitation:withdraw_all" not in newest
    erika.do(lambda unit: invitation_ends.finished(unit, "U0ERIKA"))
    assert len(anna.rows("post")) == posted


def test_who_is_not_invited_after_all_is_named(anna: Visit, erika: Visit, oliver: Visit) -> None:
    """Who has begun since the preview; and, where it is confirmed a second time, everybody, with the reason."""
    group = parse_group(values(anna.command(ALL, MERCHANT))["invitation:all"])
    assert group is not None
    oliver.begin()
    for _ in range(2):
        anna.do(lambda unit: invitations.confirmed(unit, *group, URL))
    first, again = (str(row["content"]) for row in anna.rows("respond"))
    assert "answers.invitations_begun 1" in first
    assert "answers.invitation_running Oliver Sample" in first
    assert "answers.invitations_none" in again
    assert "answers.invitation_pending Erika Beispiel" in again
    assert last(erika).answer is None


def test_a_list_at_night_waits_for_the_morning(anna: Visit, erika: Visit, oliver: Visit, clock: Clock) -> None:
    """Nobody is invited at night. The agent's message says from when on, and in the morning it goes at its pace."""
    clock.now += timedelta(hours=12)
    invite_all(anna)
    assert send(anna) == 0
    assert "answers.invitations_from <!date^" in anna.newest("post")
    morning = last(erika).due_at
    assert morning is not None
    clock.now = morning
    assert send(anna, 2) == 1
    assert (sent(erika), sent(oliver)) == (["answers.invitation"], [])
    assert "invitations_from" not in anna.newest("update"), "the other follows at once"
    clock.now += invitations.PACE
    assert send(anna) == 1
    assert sent(oliver) == ["answers.invitation"]


def test_what_is_not_understood_stops_the_invitation(anna: Visit) -> None:
    """A word that names no procedure, and a person whom Slack does not know: nobody is invited, and that is said."""
    assert "invitees_unclear @otto" in str(anna.command("for <@U0ERIKA> @otto", MERCHANT))
    assert "merchant_unknown" in str(anna.command("for <@U0ERIKA> <@U0NOBODY>", MERCHANT))
    assert anna.do(lambda unit: unit.tx.pending_invitations(TEAM, 9)) == []


@pytest.mark.usefixtures("oliver")
def test_one_live_invitation_a_person(anna: Visit, ben: Visit, erika: Visit) -> None:
    """A second agent's invitation is not sent while the first is not answered, and declined is declined."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    assert "invitation_pending" in str(ben.command("for <@U0ERIKA>", MERCHANT))
    number = last(erika).id
    erika.do(lambda unit: invitations.answered(unit, number, URL, accepted=False))
    assert "invitation_declined_before" in str(ben.command("for <@U0ERIKA>", MERCHANT))
    assert "invitation_declined_before" in str(anna.command(ALL, MERCHANT))
    assert sent(erika) == ["answers.invitation"]


def test_two_reminders_and_no_more(anna: Visit, erika: Visit, clock: Clock) -> None:
    """After three days and after seven, by day only; the message before says where the invitation is now."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    clock.now += 3 * DAY + timedelta(hours=12)
    assert send(anna) == 1  # it is night: put off until the morning
    assert len(sent(erika)) == 1
    clock.now += timedelta(hours=10)
    assert send(anna) == 1
    clock.now += 3 * DAY
    assert send(anna) == 0
    clock.now += 2 * DAY
    assert send(anna) == 1
    clock.now += 90 * DAY
    assert send(anna) == 0
    assert sent(erika) == ["answers.invitation", "answers.invitation_reminder", "answers.invitation_reminder"]
    assert [row["content"]["text"] for row in erika.rows("update")] == ["«de:answers.invitation_below »"] * 2


def test_no_reminders_is_heard(anna: Visit, erika: Visit, clock: Clock) -> None:
    """„Keine Erinnerungen“ ends reminders and invitations; what is open may still be accepted."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    clock.now += 3 * DAY
    send(anna)
    assert "invitation:quiet" in erika.newest()
    number = last(erika).id
    erika.do(lambda unit: invitations.no_reminders(unit, number, URL))
    assert "answers.invitation_quiet Anna Support" in erika.newest("update")
    clock.now += 30 * DAY
    assert send(anna) == 0
    number = last(erika).id
    anna.do(lambda unit: invitations.withdraw(unit, number, URL))
    clock.now += 30 * DAY
    assert "invitation_unwanted" in str(
        anna.command("for <@U0ERIKA>", erika.do(lambda unit: unit.tx.person(TEAM, "U0ERIKA")))
    )


def test_whoever_began_alone_is_not_reminded(anna: Visit, erika: Visit, clock: Clock) -> None:
    """From then on the invitation is over: on agents' Home tabs, for who would remind them, and for a press on it."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    number = last(erika).id
    clock.now += DAY
    erika.begin()
    assert last(erika).answer == "over"
    assert anna.do(lambda unit: support_home(unit).invitations) == []
    assert "invitation_not_open" in str(anna.do(lambda unit: invitations.remind(unit, number, None)))
    clock.now += 3 * DAY
    assert send(anna) == 0
    erika.do(lambda unit: invitations.answered(unit, number, URL, accepted=True))
    assert "answers.invitation_over" in str(erika.rows("update"))
    assert "notes.welcome_back" in erika.newest()
    assert "answers.invitation_reminder" not in sent(erika)


def test_invitations_are_withdrawn(anna: Visit, ben: Visit, erika: Visit, oliver: Visit) -> None:
    """One press takes back a whole list, also what was not sent yet; nobody is asked again within a week."""
    invite_all(anna)
    send(anna, 1)
    number = last(erika).id
    ben.do(lambda unit: invitations.withdraw_all(unit, number, URL))
    assert "answers.invitation_withdrawn" in erika.newest("update")
    assert oliver.rows() == []
    assert "invitations_withdrawn 2" in anna.newest("update")
    assert send(anna) == 0
    number = last(erika).id
    erika.do(lambda unit: invitations.answered(unit, number, URL, accepted=True))
    assert erika.do(lambda unit: unit.tx.open_walks(TEAM, "U0ERIKA")) == []
    assert "invitation_recent" in str(anna.command("for <@U0ERIKA>", MERCHANT))
    assert "invitations_ask 1 Oliver Sample" in str(anna.command(ALL, MERCHANT))


def test_a_no_outlives_the_erasure(anna: Visit, erika: Visit) -> None:
    """Who has declined, or wants no reminders, is not asked again when they are met anew; no name or ID is kept."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    number = last(erika).id
    erika.do(lambda unit: invitations.answered(unit, number, URL, accepted=False))
    erika.do(privacy.forget)
    erika.meet()
    assert "invitation_declined_before" in str(anna.command("for <@U0ERIKA>", MERCHANT))
    assert "invitations_ask" not in str(anna.command("for <@U0ERIKA>", MERCHANT))
    kept = list(erika.store.db.query("SELECT * FROM refusals"))
    assert [len(row["mark"]) for row in kept] == [64]
    assert "ERIKA" not in str(kept).upper()


def test_a_no_from_before_it_was_kept_apart_outlives_the_erasure(anna: Visit, erika: Visit) -> None:
    """A database of an earlier version knows it only from the invitation or the person."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    before = replace(last(erika), answer="declined", due_at=None)
    erika.do(lambda unit: unit.tx.save_invitation(before))
    erika.do(privacy.forget)
    erika.meet()
    assert "invitation_declined_before" in str(anna.command("for <@U0ERIKA>", MERCHANT))


def test_a_week_is_counted_from_the_newest_message(anna: Visit, erika: Visit, clock: Clock) -> None:
    """After a reminder the next invitation waits as long as after the first message."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    clock.now += 3 * DAY
    send(anna)
    clock.now += 5 * DAY  # 8 days after the invitation; the last reminder is sent
    send(anna)
    number = last(erika).id
    anna.do(lambda unit: invitations.withdraw(unit, number, URL))
    assert "invitation_recent" in str(anna.command("for <@U0ERIKA>", MERCHANT))
    clock.now += 7 * DAY
    assert "answers.invited" in str(anna.command("for <@U0ERIKA>", MERCHANT))


def test_merchants_invite_and_withdraw_nothing(anna: Visit, erika: Visit, oliver: Visit) -> None:
    """A forged press changes nothing."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    before = last(erika)
    for case in (invitations.withdraw, invitations.withdraw_all, invitations.remind):
        assert "agents_only" in str(oliver.do(lambda unit, case=case: case(unit, before.id, None)))
    erika.do(lambda unit: invitations.confirmed(unit, "amazon_token", ["U0OLIVER"], URL))
    assert "agents_only" in erika.newest("respond")
    assert last(erika) == before
    assert sent(oliver) == []


def test_what_is_refused_on_home_is_said(anna: Visit, ben: Visit, erika: Visit, clock: Clock) -> None:
    """In a window: on the Home tab there is no message below which it could be. Withdrawn twice is withdrawn."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    number = last(erika).id
    assert "invitation_not_now" in str(ben.do(lambda unit: invitations.remind(unit, number, None)))
    clock.now += DAY
    for _ in range(2):
        assert ben.do(lambda unit: invitations.withdraw(unit, number, None)) is None
    assert "invitation_not_open" in str(ben.do(lambda unit: invitations.remind(unit, number, None)))
    clock.now += 7 * DAY
    anna.command("for <@U0ERIKA>", MERCHANT)
    number = last(erika).id
    erika.do(lambda unit: invitations.answered(unit, number, URL, accepted=True))
    assert "invitation_not_open" in str(ben.do(lambda unit: invitations.withdraw(unit, number, None)))


def test_an_agent_reminds_from_home(anna: Visit, erika: Visit, clock: Clock) -> None:
    """Home lists what is not answered; a reminder can be sent now, once a day at most, and counts as one of the two."""

    def buttons() -> str:
        return anna.do(lambda unit: str([(one.name, one.can_remind) for one in support_home(unit).invitations]))

    anna.command("for <@U0ERIKA>", MERCHANT)
    assert buttons() == "[('Erika Beispiel', False)]"
    clock.now += DAY
    assert buttons() == "[('Erika Beispiel', True)]"
    for _ in range(2):
        number = last(erika).id
        anna.do(lambda unit, number=number: invitations.remind(unit, number, None))
    assert sent(erika) == ["answers.invitation", "answers.invitation_reminder"]
    clock.now += 4 * DAY
    assert send(anna) == 1
    clock.now += 90 * DAY
    assert send(anna) == 0


def test_the_value_of_a_button_holds_a_group() -> None:
    """80 people of the longest ID fit into a button; anything else is no group."""
    people = [f"U{number:020}" for number in range(80)]
    value = group_value("amazon_token", people)
    assert len(value) < 2000
    assert parse_group(value) == ("amazon_token", people)
    assert parse_group("amazon_token:") is None
    assert parse_group(None) is None
