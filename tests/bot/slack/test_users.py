"""People are looked up once, and what is known of them is used when Slack does not answer."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.services import people
from bot.slack.users import Agents, Users
from bot.store.models import Person
from tests.bot.slack.conftest import NAMES, TEAM, Harness, harness
from tests.one_transaction import OneTransaction

__all__ = ["harness"]


async def test_a_person_is_looked_up_once_and_again_after_a_change(harness: Harness) -> None:
    """Name, locale and time zone are stored; after a change that Slack announces they are looked up again."""
    users = harness.dispatcher.users
    person = await users.person(TEAM, "U0ERIKA")
    assert person is not None
    assert (person.name, person.locale, person.zone) == ("Erika Beispiel", "de-DE", "Europe/Berlin")
    await users.meet(TEAM, "U0ERIKA")
    assert len(harness.slack.called("users.info")) == 1
    users.forget(TEAM, "U0ERIKA")
    await users.meet(TEAM, "U0ERIKA")
    assert len(harness.slack.called("users.info")) == 2


def _restarted(harness: Harness) -> Users:
    """The users of another process with the same store."""
    client = AsyncWebClient(token="xoxb-test", base_url=str(harness.slack.server.make_url("/api/")))
    return Users(client, harness.services, harness.thread.run)


async def test_nobody_waits_for_the_lookup_of_a_known_person(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart the first request of a known person does not ask Slack first."""
    await harness.dispatcher.users.meet_all(TEAM, ["U0ERIKA"])
    monkeypatch.setattr("bot.slack.users.REFRESH_SECONDS", 3600)
    users = _restarted(harness)
    await users.meet_all(TEAM, ["U0ERIKA"])
    await users.close()
    assert users.met(TEAM, ["U0ERIKA"])
    assert len(harness.slack.called("users.info")) == 1


async def test_changes_while_the_bot_was_stopped_are_looked_up_later(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known person is looked up again, once, after their first request."""
    await harness.dispatcher.users.meet_all(TEAM, ["U0ERIKA"])
    monkeypatch.setitem(NAMES, "U0ERIKA", ("Erika Neu", "en-US"))
    monkeypatch.setattr("bot.slack.users.REFRESH_SECONDS", 0)
    users = _restarted(harness)
    await users.meet_all(TEAM, ["U0ERIKA"])
    await users.refreshed()
    person = await users.person(TEAM, "U0ERIKA")
    assert person is not None
    assert (person.name, person.locale) == ("Erika Neu", "en-US")
    assert len(harness.slack.called("users.info")) == 2


async def test_a_change_that_slack_announced_is_waited_for(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who has changed their language is addressed in the new one at once."""
    users = harness.dispatcher.users
    await users.meet_all(TEAM, ["U0ERIKA"])
    monkeypatch.setitem(NAMES, "U0ERIKA", ("Erika Neu", "en-US"))
    users.forget(TEAM, "U0ERIKA")
    await users.meet_all(TEAM, ["U0ERIKA"])
    person = await users.person(TEAM, "U0ERIKA")
    assert person is not None
    assert person.locale == "en-US"


async def test_lookups_in_the_background_come_one_after_the_other(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many known people are looked up one at a time, and a stop cancels the rest."""
    many = [f"U0KNOWN{number}" for number in range(20)]
    for user_id in many:
        await harness.thread.run(harness.services.unit_of_work, people.meet, Person(team_id=TEAM, user_id=user_id))
    monkeypatch.setattr("bot.slack.users.REFRESH_SECONDS", 3600)
    users = _restarted(harness)
    await users.meet_all(TEAM, many)
    assert users.met(TEAM, many)
    await users.close()
    assert harness.slack.called("users.info") == []


async def test_somebody_erased_is_looked_up_again(harness: Harness) -> None:
    """After the operator's command has erased somebody, their next request looks them up first."""
    await harness.command("status")
    await harness.thread.run(OneTransaction(harness.services.store).erase_person, TEAM, "U0ERIKA")
    await harness.command("status")
    assert [call["user"] for call in harness.slack.called("users.info")] == ["U0ERIKA"] * 2
    assert await harness.thread.run(harness.services.unit_of_work, people.person, TEAM, "U0ERIKA") is not None


@pytest.mark.parametrize("fault", ["user_not_found", "hang up", "gibberish", "slow"])
async def test_without_an_answer_the_stored_data_is_used(
    harness: Harness, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One log line, no exception, and the next request asks again."""
    monkeypatch.setattr("bot.slack.users.LOOK_UP_SECONDS", 0.2)
    users = harness.dispatcher.users
    known = await users.person(TEAM, "U0ERIKA")
    users.forget(TEAM, "U0ERIKA")
    harness.slack.faults["users.info"] = fault
    with capture_logs() as logs:
        assert await users.person(TEAM, "U0ERIKA") == known
        assert await users.person(TEAM, "U0ANNA") is None or fault == "slow"
    assert {line["event"] for line in logs} == {"person_unknown"}
    del harness.slack.faults["users.info"]
    assert await users.person(TEAM, "U0ANNA") is not None


async def test_a_bot_is_not_stored_and_looked_up_once(harness: Harness) -> None:
    """Bots are members of the support channel too; Slack is not asked about them each time."""
    for _ in range(3):
        assert await harness.dispatcher.users.person(TEAM, "U0BOT") is None
    assert len(harness.slack.called("users.info")) == 1
    harness.dispatcher.users.forget(TEAM, "U0BOT")
    await harness.dispatcher.users.meet(TEAM, "U0BOT")
    assert len(harness.slack.called("users.info")) == 2


async def test_an_empty_name_does_not_replace_a_known_one(harness: Harness) -> None:
    """Slack may give a name or not."""
    await harness.dispatcher.users.meet(TEAM, "U0NOBODY")
    person = await harness.dispatcher.users.person(TEAM, "U0NOBODY")
    assert person is not None
    assert person.name in {"U0NOBODY", ""}


async def test_agents_are_the_members_of_all_pages(harness: Harness) -> None:
    """The list is read once and used until somebody joins or leaves."""
    agents = harness.dispatcher.agents
    assert await agents.has("U0ANNA")
    assert await agents.has("U0BEN")
    assert not await agents.has("U0ERIKA")
    assert len(harness.slack.called("conversations.members")) == 2
    harness.slack.pages = [["U0ERIKA"]]
    agents.forget()
    assert await agents.has("U0ERIKA")
    assert not await agents.has("U0ANNA")


@pytest.mark.parametrize("fault", ["channel_not_found", "hang up", "gibberish"])
async def test_without_an_answer_the_last_list_of_agents_stays(
    harness: Harness, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error makes nobody an agent, and agents stay agents."""
    monkeypatch.setattr("bot.slack.users.LOOK_UP_SECONDS", 0.2)
    agents = harness.dispatcher.agents
    assert await agents.has("U0ANNA")
    harness.slack.faults["conversations.members"] = fault
    agents.forget()
    with capture_logs() as logs:
        assert await agents.has("U0ANNA")
        assert not await agents.has("U0ERIKA")
    assert {line["event"] for line in logs} == {"agents_unknown"}
    assert isinstance(agents, Agents)
