"""Who is who: looked up once, kept when Slack does not answer."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.services import people
from bot.slack.users import Agents, Users
from bot.store.models import Person
from tests.bot.slack.conftest import NAMES, TEAM, Door, door

__all__ = ["door"]


async def test_a_person_is_looked_up_once_and_again_after_a_change(door: Door) -> None:
    """Name, locale and zone are kept; a change that Slack announces is looked up with the next act."""
    users = door.dispatcher.users
    person = await users.person(TEAM, "U0ERIKA")
    assert person is not None
    assert (person.name, person.locale, person.zone) == ("Erika Beispiel", "de-DE", "Europe/Berlin")
    await users.meet(TEAM, "U0ERIKA")
    assert len(door.slack.called("users.info")) == 1
    users.forget(TEAM, "U0ERIKA")
    await users.meet(TEAM, "U0ERIKA")
    assert len(door.slack.called("users.info")) == 2


def _restarted(door: Door) -> Users:
    """The directory of another process on the same store."""
    client = AsyncWebClient(token="xoxb-test", base_url=str(door.slack.server.make_url("/api/")))
    return Users(client, door.services, door.thread.run)


async def test_nobody_waits_for_a_look_at_somebody_known(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart the first act of a known person asks Slack nothing first."""
    await door.dispatcher.users.meet_all(TEAM, ["U0ERIKA"])
    monkeypatch.setattr("bot.slack.users.REFRESH_SECONDS", 3600)
    users = _restarted(door)
    await users.meet_all(TEAM, ["U0ERIKA"])
    await users.close()
    assert users.met(TEAM, ["U0ERIKA"])
    assert len(door.slack.called("users.info")) == 1


async def test_what_has_changed_while_the_bot_was_away_is_learnt_afterwards(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known person is looked at again, once, after their first act."""
    await door.dispatcher.users.meet_all(TEAM, ["U0ERIKA"])
    monkeypatch.setitem(NAMES, "U0ERIKA", ("Erika Neu", "en-US"))
    monkeypatch.setattr("bot.slack.users.REFRESH_SECONDS", 0)
    users = _restarted(door)
    await users.meet_all(TEAM, ["U0ERIKA"])
    await users.refreshed()
    person = await users.person(TEAM, "U0ERIKA")
    assert person is not None
    assert (person.name, person.locale) == ("Erika Neu", "en-US")
    assert len(door.slack.called("users.info")) == 2


async def test_a_change_that_slack_announced_is_waited_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known or not: whoever has changed their language is spoken to in the new one at once."""
    users = door.dispatcher.users
    await users.meet_all(TEAM, ["U0ERIKA"])
    monkeypatch.setitem(NAMES, "U0ERIKA", ("Erika Neu", "en-US"))
    users.forget(TEAM, "U0ERIKA")
    await users.meet_all(TEAM, ["U0ERIKA"])
    person = await users.person(TEAM, "U0ERIKA")
    assert person is not None
    assert person.locale == "en-US"


async def test_looks_that_nobody_waits_for_come_one_after_the_other(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start with many people asks Slack for one at a time, and a stop gives up the rest."""
    many = [f"U0KNOWN{number}" for number in range(20)]
    for user_id in many:
        await door.thread.run(door.services.unit_of_work, people.meet, Person(team_id=TEAM, user_id=user_id))
    monkeypatch.setattr("bot.slack.users.REFRESH_SECONDS", 3600)
    users = _restarted(door)
    await users.meet_all(TEAM, many)
    assert users.met(TEAM, many)
    await users.close()
    assert door.slack.called("users.info") == []


async def test_somebody_erased_meanwhile_is_met_anew(door: Door) -> None:
    """The command beside the bot forgets somebody: their next act looks them up before anything happens."""
    await door.command("status")
    await door.thread.run(door.services.store.erase_person, TEAM, "U0ERIKA")
    await door.command("status")
    assert [call["user"] for call in door.slack.called("users.info")] == ["U0ERIKA"] * 2
    assert await door.thread.run(door.services.unit_of_work, people.person, TEAM, "U0ERIKA") is not None


@pytest.mark.parametrize("trouble", ["user_not_found", "hang up", "gibberish", "slow"])
async def test_without_an_answer_what_we_knew_stays(door: Door, trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line in the log, no exception, and the next act asks again."""
    monkeypatch.setattr("bot.slack.users.LOOK_UP_SECONDS", 0.2)
    users = door.dispatcher.users
    known = await users.person(TEAM, "U0ERIKA")
    users.forget(TEAM, "U0ERIKA")
    door.slack.trouble["users.info"] = trouble
    with capture_logs() as logs:
        assert await users.person(TEAM, "U0ERIKA") == known
        assert await users.person(TEAM, "U0ANNA") is None or trouble == "slow"
    assert {line["event"] for line in logs} == {"person_unknown"}
    del door.slack.trouble["users.info"]
    assert await users.person(TEAM, "U0ANNA") is not None


async def test_a_bot_is_nobody_and_looked_up_once(door: Door) -> None:
    """Among the members of the support channel are bots: nothing is kept of one, and Slack is not asked each time."""
    for _ in range(3):
        assert await door.dispatcher.users.person(TEAM, "U0BOT") is None
    assert len(door.slack.called("users.info")) == 1
    door.dispatcher.users.forget(TEAM, "U0BOT")
    await door.dispatcher.users.meet(TEAM, "U0BOT")
    assert len(door.slack.called("users.info")) == 2


async def test_a_name_that_slack_does_not_tell_stays_the_known_one(door: Door) -> None:
    """An empty answer takes nothing away."""
    await door.dispatcher.users.meet(TEAM, "U0NOBODY")
    person = await door.dispatcher.users.person(TEAM, "U0NOBODY")
    assert person is not None
    assert person.name in {"U0NOBODY", ""}


async def test_agents_are_the_members_of_all_pages(door: Door) -> None:
    """The list is read once and holds until somebody joins or leaves."""
    agents = door.dispatcher.agents
    assert await agents.has("U0ANNA")
    assert await agents.has("U0BEN")
    assert not await agents.has("U0ERIKA")
    assert len(door.slack.called("conversations.members")) == 2
    door.slack.pages = [["U0ERIKA"]]
    agents.forget()
    assert await agents.has("U0ERIKA")
    assert not await agents.has("U0ANNA")


@pytest.mark.parametrize("trouble", ["channel_not_found", "hang up", "gibberish"])
async def test_without_an_answer_the_last_list_of_agents_stays(
    door: Door, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody becomes an agent by a fault, and agents stay agents."""
    monkeypatch.setattr("bot.slack.users.LOOK_UP_SECONDS", 0.2)
    agents = door.dispatcher.agents
    assert await agents.has("U0ANNA")
    door.slack.trouble["conversations.members"] = trouble
    agents.forget()
    with capture_logs() as logs:
        assert await agents.has("U0ANNA")
        assert not await agents.has("U0ERIKA")
    assert {line["event"] for line in logs} == {"agents_unknown"}
    assert isinstance(agents, Agents)
