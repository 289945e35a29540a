"""The slash command, each word of it, and the doors behind its buttons."""

from dataclasses import replace
from functools import partial

import pytest

from bot.services import invitations, start, support_calls
from bot.services.context import AppConfig
from bot.store.models import Person
from tests.bot.services.visits import TEAM, URL, Visit, titled

MERCHANT = Person(team_id=TEAM, user_id="U0ERIKA", name="Erika Beispiel", locale="de-DE")


def values(answer: dict[str, object]) -> dict[str, str]:
    """The buttons of an answer by action ID."""
    blocks: list[dict[str, object]] = answer["blocks"]  # type: ignore[assignment]
    buttons = [e for block in blocks if block["type"] == "actions" for e in block["elements"]]  # type: ignore[attr-defined]
    return {button["action_id"]: button.get("value", "") for button in buttons}


@pytest.mark.parametrize("text", ["", "start", " START "])
def test_the_bare_command_begins_and_then_asks(erika: Visit, text: str) -> None:
    """First it begins and points to the direct message; with a walk under way it asks „go on or start over“."""
    assert "answers.started" in str(erika.command(text))
    assert erika.step == "before_start"
    before = erika.record
    again = erika.command(text)
    assert set(values(again)) == {"door:go_on", "door:restart"}
    assert erika.record == before


def test_going_on_shows_the_step_again(erika: Visit) -> None:
    """„Weitermachen“ makes the present step the newest message, and puts the question away."""
    erika.go_to("settings_menu")
    erika.do(lambda unit: start.go_on_pressed(unit, erika_walk(unit), URL))
    assert "notes.welcome_back" in erika.newest()
    assert erika.rows("respond")[-1]["content"]["replace_original"]
    erika.do(lambda unit: start.start_pressed(unit, URL))
    assert erika.step == "settings_menu"
    assert "answers.going_on" in erika.newest("respond")


def erika_walk(unit: object) -> int:
    return unit.tx.open_walks(TEAM, "U0ERIKA")[0].id  # type: ignore[attr-defined,no-any-return]


def test_a_start_button_begins_where_there_is_no_walk(oliver: Visit) -> None:
    """The introduction's button; without a response URL (Home tab) there is nothing to put away."""
    oliver.do(lambda unit: start.start_pressed(unit, None))
    assert oliver.step == "before_start"
    assert oliver.rows("respond") == []


@pytest.mark.parametrize("text", ["help", "hilfe", "?", "start now please"])
def test_help_explains_every_command(erika: Visit, anna: Visit, text: str) -> None:
    """Every command is explained; those of the agents to agents only."""
    if text.startswith("start"):
        assert "answers.started" in str(erika.command(text))
        return
    merchant, agent = erika.command(text)["text"], anna.command(text)["text"]
    for name in ("status", "back", "restart", "cancel", "language", "support", "help"):
        assert f"commands.{name}" in merchant
    assert "commands.for" not in merchant
    assert "commands.phone" in agent
    assert "commands.for" in agent


@pytest.mark.parametrize("text", ["status", "back", "restart", "cancel"])
def test_without_a_walk_they_say_so(erika: Visit, text: str) -> None:
    """There is nothing to show, to go back in or to end."""
    assert "answers.no_walk" in str(erika.command(text))


@pytest.mark.parametrize("text", ["back", "restart", "cancel"])
def test_with_several_walks_they_ask_for_the_buttons(anna: Visit, text: str) -> None:
    """Which one is meant cannot be told from a command."""
    anna.command("phone Frau Muster")
    anna.command("phone Herr Probe")
    assert "answers.several_walks" in str(anna.command(text))


def test_status_names_step_and_start(erika: Visit, anna: Visit) -> None:
    """Where the walk stands, with a way to its step; several are listed with the callers' names."""
    erika.go_to("settings_menu")
    answer = erika.command("status")
    assert titled("settings_menu") in str(answer)
    assert set(values(answer)) == {"door:go_on"}
    anna.command("phone Frau Muster")
    anna.command("phone Herr Probe")
    both = anna.command("status")
    assert "Frau Muster" in both["text"]
    assert "Herr Probe" in both["text"]
    assert values(both) == {}


def test_back_goes_where_the_merchant_came_from(erika: Visit) -> None:
    """At the first step there is nowhere to go; later it goes back one step."""
    erika.begin()
    assert "answers.nothing_to_go_back" in str(erika.command("back"))
    erika.act("orders_stopped")
    assert "answers.going_on" in str(erika.command("back"))
    assert erika.step == "before_start"


def test_restart_asks_first_and_then_begins_anew(erika: Visit) -> None:
    """The command changes nothing; its button ends the old walk and begins another; pressed again it is too late."""
    erika.go_to("settings_menu")
    old = erika.record
    answer = erika.command("restart")
    assert set(values(answer)) == {"door:restart", "door:keep"}
    assert erika.record == old
    erika.do(lambda unit: start.restart_pressed(unit, old.id, URL))
    assert erika.step == "before_start"
    assert erika.walk_id != old.id
    assert erika.live_steps() == 1
    erika.do(lambda unit: start.restart_pressed(unit, old.id, URL))
    assert "answers.ended" in erika.newest("respond")


def test_cancel_asks_first_and_warns_while_orders_are_paused(erika: Visit) -> None:
    """In the danger zone the question says that orders are not fetched; „no“ keeps everything."""
    erika.begin()
    assert "answers.ask_cancel " in str(erika.command("cancel"))
    erika.do(lambda unit: start.kept_pressed(unit, URL))
    assert "answers.kept" in erika.newest("respond")
    assert erika.step == "before_start"
    walk = erika.walk_id
    erika.do(lambda unit: start.cancel_pressed(unit, walk, URL))
    assert erika.step == "cancelled"
    assert erika.rows("respond")[-1]["content"] == {"delete_original": True}
    erika.do(lambda unit: start.cancel_pressed(unit, walk, URL))
    assert "answers.ended" in erika.newest("respond")
    erika.go_to("new_developer")
    assert "answers.ask_cancel_urgent" in str(erika.command("cancel"))


def test_the_doors_of_somebody_elses_walk_are_shut(erika: Visit, oliver: Visit) -> None:
    """Go on, restart and cancel look at whose walk it is, and at numbers that are none."""
    erika.begin()
    before = erika.record
    for case in (start.go_on_pressed, start.restart_pressed, start.cancel_pressed):
        for walk_id in (before.id, None, 999):
            oliver.do(partial(case, walk_id=walk_id, response_url=URL))
    assert len(oliver.rows("respond")) == 9
    assert oliver.rows("post") == []
    assert erika.record == before


@pytest.mark.parametrize(("text", "wanted"), [("language de", "de"), ("language EN", "en")])
def test_language_is_a_choice_over_the_locale(ben: Visit, text: str, wanted: str) -> None:
    """The step is shown again in it; French people get English until they choose."""
    ben.begin()
    assert "«en:" in ben.newest()
    assert f"«{wanted}:answers.language_set" in str(ben.command(text))
    assert f"«{wanted}:steps.before_start.title" in ben.newest()
    ben.meet()
    ben.type("?")
    assert f"«{wanted}:" in ben.newest()


@pytest.mark.parametrize(
    ("text", "key"), [("language", "which"), ("language fr", "unknown"), ("language suomi", "unknown")]
)
def test_an_unknown_language_is_named(erika: Visit, text: str, key: str) -> None:
    """Nothing changes, and the two choices are told."""
    assert f"«de:answers.language_{key}" in str(erika.command(text))


def test_somebody_never_met_speaks_the_default_language(erika: Visit, config: AppConfig) -> None:
    """Without locale and choice it is DEFAULT_LOCALE; a choice is kept for somebody unknown as well."""
    assert config.language_of(None) == "de"
    assert config.language_of(Person(team_id=TEAM, user_id="U9")) == "de"
    assert config.language_of(Person(team_id=TEAM, user_id="U9", locale="pt-BR")) == "en"
    assert config.language_of(Person(team_id=TEAM, user_id="U9", locale="pt-BR", language="xx")) == "en"
    stranger = Visit(erika.services, erika.store, replace(erika.who, user_id="U9"))
    stranger.do(lambda unit: start.choose_language(unit, "en"))
    stranger.type("hello")
    assert "«en:" in stranger.newest()


def test_support_files_a_ticket_with_and_without_a_walk(erika: Visit, oliver: Visit) -> None:
    """A person, now: within a walk its step stays; without one a ticket stands all the same, and only one."""
    erika.go_to("settings_menu")
    assert "answers.support_called" in str(erika.command("support"))
    assert erika.step == "settings_menu"
    assert "notes.ticket_on_its_way" in erika.newest()
    oliver.command("support")
    assert "answers.ticket_on_its_way" in oliver.newest()
    oliver.command("support I am stuck")
    assert oliver.tickets()[0].words == ("I am stuck",)
    mine = [ticket for ticket in oliver.tickets() if ticket.merchant_id == "U0OLIVER"]
    assert [(ticket.walk_id, ticket.reason, ticket.priority) for ticket in mine] == [(None, "help", "P3")]


def test_support_after_a_walk_knows_how_it_ended(erika: Visit) -> None:
    """The last walk's facts are in the card, though it has ended."""
    erika.go_to("settings_menu")
    erika.act("cancel")
    erika.command("support")
    assert "4.9.24.4" in erika.newest("post", to="C0SUPPORT")


@pytest.mark.parametrize("text", ["for <@U0ERIKA|erika>", "phone Frau Muster", "for", "phone"])
def test_the_agents_commands_are_for_agents(erika: Visit, text: str) -> None:
    """A merchant who types them is told so, and nothing happens."""
    assert "answers.agents_only" in str(erika.command(text, MERCHANT))
    assert erika.rows() == []


def test_an_invitation_needs_somebody_else(anna: Visit) -> None:
    """Nobody mentioned, somebody Slack does not know, or the agent themselves: told, and nothing sent."""
    assert "answers.merchant_unknown" in str(anna.command("for Erika"))
    assert "answers.merchant_unknown" in str(anna.command("for <@U9>", Person(team_id=TEAM, user_id="U9")))
    me = Person(team_id=TEAM, user_id="U0ANNA", name="Anna Support")
    assert "answers.not_yourself" in str(anna.command("for <@U0ANNA>", me))
    assert anna.rows() == []


def test_an_invitation_is_accepted_once(anna: Visit, erika: Visit) -> None:
    """The merchant starts only by agreeing, the agent hears of it; a second press changes nothing."""
    assert "answers.invited" in str(anna.command("for <@U0ERIKA>", MERCHANT))
    assert "«de:answers.invitation Anna Support»" in erika.newest()
    assert erika.do(lambda unit: unit.tx.open_walks(TEAM, "U0ERIKA")) == []
    erika.do(lambda unit: invitations.answered(unit, 1, URL, accepted=True))
    assert erika.step == "before_start"
    assert erika.record.invited_by == "U0ANNA"
    assert "notes.invited Anna Support" in erika.newest()
    assert "answers.invitation_accepted_agent Erika Beispiel" in anna.newest()
    before = (erika.record, len(erika.rows()), len(anna.rows()))
    erika.do(lambda unit: invitations.answered(unit, 1, URL, accepted=False))
    assert (erika.record, len(erika.rows()), len(anna.rows())) == before


def test_an_invitation_may_be_declined(anna: Visit, erika: Visit) -> None:
    """Nothing begins, and the agent hears of it."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    erika.do(lambda unit: invitations.answered(unit, 1, URL, accepted=False))
    assert "answers.invitation_declined_agent" in anna.newest()
    assert erika.do(lambda unit: unit.tx.last_walk(TEAM, "U0ERIKA")) is None


@pytest.mark.parametrize("number", [1, 999, None])
def test_a_foreign_invitation_is_nobodys_business(anna: Visit, oliver: Visit, number: int | None) -> None:
    """Neither somebody else's invitation nor a made-up one can be accepted."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    oliver.do(lambda unit: invitations.answered(unit, number, URL, accepted=True))
    assert "answers.foreign" in oliver.newest("respond")
    assert oliver.rows("post") == []


def test_whoever_is_under_way_needs_no_invitation(anna: Visit, erika: Visit) -> None:
    """The agent is told; an older invitation accepted meanwhile leads to the walk that is there."""
    anna.command("for <@U0ERIKA>", MERCHANT)
    erika.begin()
    assert "answers.invitation_running" in str(anna.command("for <@U0ERIKA>", MERCHANT))
    walk = erika.walk_id
    erika.do(lambda unit: invitations.answered(unit, 1, URL, accepted=True))
    assert erika.walk_id == walk
    assert "notes.welcome_back" in erika.newest()


def test_an_agent_works_several_walks_on_the_phone(anna: Visit) -> None:
    """Each caller has a walk of their own; the same name again goes on with it; the name stands above the step."""
    assert "answers.phone_started" in str(anna.command("phone Frau Muster"))
    first = anna.walk_id
    anna.command("phone Herr Probe")
    anna.begin()
    anna.command("phone frau muster")
    assert anna.walk_id == first
    assert "frame.on_the_phone Frau Muster" in anna.newest()
    walks = anna.do(lambda unit: unit.tx.open_walks(TEAM, "U0ANNA"))
    assert sorted(walk.for_name for walk in walks) == ["", "Frau Muster", "Herr Probe"]
    assert set(values(anna.command(""))) == {"door:go_on", "door:restart"}


def test_an_agents_support_is_asked_for_whom(erika: Visit, anna: Visit, ben: Visit) -> None:
    """One of the callers, themselves, or a merchant whom they name, and who is told; nobody is assumed."""
    anna.command("phone Frau Muster")
    anna.command("phone Herr Probe")
    caller = anna.walk_id
    asked = anna.command("support")
    assert "answers.support_for_whom" in str(asked)
    assert len(values(asked)) == 3
    assert anna.tickets() == []
    anna.do(lambda unit: support_calls.chosen(unit, caller, URL))
    anna.do(lambda unit: support_calls.chosen(unit, None, URL))
    assert [ticket.walk_id for ticket in anna.tickets()] == [None, caller]
    ben.do(lambda unit: support_calls.chosen(unit, caller, URL))
    assert "answers.foreign" in ben.newest("respond")
    erika.begin()
    person = erika.do(lambda unit: unit.tx.person(TEAM, "U0ERIKA"))
    answer = anna.command("support <@U0ERIKA> cannot sign in", person)
    assert "answers.support_called_for" in str(answer)
    ticket = erika.tickets()[0]
    assert (ticket.merchant_id, ticket.walk_id, ticket.words) == ("U0ERIKA", erika.walk_id, ("cannot sign in",))
    assert "notes.ticket_on_its_way" in erika.newest()


@pytest.mark.parametrize("text", ["phone", "phone    ", "phone \u200b", "phone " + "x" * 200])
def test_a_call_needs_a_name(anna: Visit, text: str) -> None:
    """Without one, or with one that cannot be a name, nothing begins."""
    assert "answers.phone_name_missing" in str(anna.command(text))
    assert anna.rows() == []
