"""The whole app as Slack uses it: signed requests, their answers, and what they leave in the store."""

import asyncio
import json
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from tests.bot.slack.conftest import SECRET, TEAM, Harness, pressed, submitted
from tests.waiting import LIMIT

VERSION = "field:connect_version:version"


def body_text(answer: Any) -> str:
    return answer.body if isinstance(answer.body, str) else json.dumps(answer.body, ensure_ascii=False)


async def lazy_listeners() -> None:
    """Wait for the listeners that run after the acknowledgement."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), LIMIT)


async def test_a_command_starts_a_walkthrough_and_wakes_the_worker(harness: Harness) -> None:
    """Only the caller sees the answer; the step is in the outbox before Slack gets it."""
    answer = await harness.command("")
    assert answer.status == 200
    assert '"response_type": "ephemeral"' in body_text(answer)
    assert "answers.started" in body_text(answer)
    assert (await harness.walk()).step == "before_start"
    assert harness.woken[0] == 1


async def test_a_press_is_durable_when_it_is_acknowledged(harness: Harness) -> None:
    """The walkthrough is at the next step, and the update of the old message is in the outbox."""
    await harness.command("")
    answer = await harness.press("walk:orders_stopped", await harness.address())
    assert answer.status == 200
    assert (await harness.walk()).step == "connect_version"
    assert "records.orders_stopped" in (await harness.rows("update"))[-1]


async def test_choices_toggles_and_quiet_are_pressed(harness: Harness) -> None:
    """A choice has a value, „Wo finde ich das?“ and „weniger“ change the message, and quiet stops reminders."""
    await harness.command("")
    await harness.press("step:where", await harness.address())
    await harness.press("step:less", await harness.address())
    updates = await harness.rows("update")
    assert "before_start.where" in updates[-2]
    assert "before_start.where" not in updates[-1]
    await harness.press("step:quiet", await harness.address())
    assert "notes.reminders_declined" in (await harness.rows("update"))[-1]
    for action in ("walk:orders_stopped", "form", "walk:advance", "walk:sees_key_set"):
        if action == "form":
            await harness.submit(
                "form:connect_version", await harness.address(), {"version": {"value": {"value": "4.9.24.4"}}}
            )
        else:
            await harness.press(action, await harness.address())
    await harness.press("walk:choose_region:europe", await harness.address())
    assert (await harness.walk()).step == "account_names"


async def test_a_form_opens_with_the_trigger_and_is_submitted(harness: Harness) -> None:
    """It opens after the acknowledgement; an error is shown at its field; a valid value is accepted."""
    await harness.command("")
    await harness.press("walk:orders_stopped", await harness.address())
    await harness.press("form:connect_version", await harness.address(), state=_typed("4.9.24.4"))
    for event in ("advance", "sees_key_set"):
        await harness.press(f"walk:{event}", await harness.address())
    address = await harness.address()
    assert (await harness.press("form:european_accounts", address)).status == 200
    await lazy_listeners()
    opened = harness.slack.called("views.open")[0]
    assert opened["trigger_id"].endswith(".2.3")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    assert view["private_metadata"] == address
    refused = await harness.submit("form:european_accounts", address, {"names": {"value": {"value": " "}}})
    assert '"errors"' in body_text(refused)
    accepted = await harness.submit("form:european_accounts", address, {"names": {"value": {"value": "Amazon DE"}}})
    assert body_text(accepted) in {"", "{}"}
    assert (await harness.walk()).step == "select_account"
    stale = await harness.submit("form:european_accounts", address, {"names": {"value": {"value": "Amazon FR"}}})
    assert "answers.stale" in body_text(stale)


def _typed(version: object, block_id: str = "any") -> dict[str, Any]:
    """The state of a message with this in its field."""
    return {"values": {block_id: {VERSION: {"type": "plain_text_input", "value": version}}}}


@pytest.mark.parametrize("way", ["enter", "press"])
async def test_a_field_in_the_message_is_sent_by_enter_or_by_its_button(harness: Harness, way: str) -> None:
    """Enter sends what was typed and the block's ID, the button its value; both the state of the message. No modal."""

    async def send(version: str | None) -> None:
        address = await harness.address()
        if way == "press":
            answer = await harness.press("form:connect_version", address, state=_typed(version))
        else:
            entered = {"type": "plain_text_input", "action_id": VERSION, "block_id": f"{address} x", "value": version}
            answer = await harness.press(VERSION, actions=[entered], state=_typed(version, f"{address} x"))
        assert answer.status == 200

    await harness.command("")
    await harness.press("walk:orders_stopped", await harness.address())
    for version, said in ((None, "notes.nothing_entered"), ("four", "reasons.not_a_version")):
        await send(version)
        assert said in (await harness.rows("update"))[-1]
    await send("4.9.24.4")
    assert (await harness.walk()).step == "account_mask"
    await lazy_listeners()
    assert harness.slack.called("views.open") == []


@pytest.mark.parametrize("state", [None, [], {"values": []}, {"values": {"b": {VERSION: []}}}, {"values": {"b": 1}}])
async def test_a_state_that_is_none_of_slacks_is_an_empty_field(harness: Harness, state: object) -> None:
    """It is asked for; nothing breaks."""
    await harness.command("")
    await harness.press("walk:orders_stopped", await harness.address())
    await harness.press("form:connect_version", await harness.address(), state=state)
    assert "notes.nothing_entered" in (await harness.rows("update"))[-1]
    await harness.press(VERSION, "1", actions=[{"action_id": VERSION, "block_id": "b", "value": "4.9.24.4"}])
    assert (await harness.walk()).step == "connect_version"


@pytest.mark.parametrize("fault", ["slow", "hang up", "gibberish", "expired_trigger_id"])
async def test_a_form_that_cannot_be_opened_is_logged_and_the_button_stays(
    harness: Harness, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Slack is slow or refuses there is one log line, and nothing changes."""
    monkeypatch.setattr("bot.slack.routes.OPEN_SECONDS", 0.2)
    await harness.command("")
    before = await harness.walk()
    harness.slack.faults["views.open"] = fault
    with capture_logs() as logs:
        assert (await harness.press("form:help", await harness.address())).status == 200
        await lazy_listeners()
    assert [line["event"] for line in logs] == ["handled", "form_not_opened"]
    assert await harness.walk() == before


async def test_a_typed_message_is_handled_once(harness: Harness) -> None:
    """Slack delivers again with the same event ID; the second delivery does nothing."""
    for _ in range(2):
        assert (await harness.typed("start", "Ev1")).status == 200
    assert len(await harness.rows()) == 1
    await harness.typed("hallo &lt;!channel&gt; <@U0ANNA>", "Ev2")
    assert "notes.unclear" in (await harness.rows())[-1]


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"subtype": "channel_join"},
        {"subtype": "bot_message"}, {"bot_id": "B9"}, {"channel_type": "channel"}, {"channel_type": "group"},
        {"subtype": ["odd"]}, {"subtype": {"odd": 1}},
    ],
)  # fmt: skip
async def test_other_messages_are_ignored(harness: Harness, more: dict[str, Any]) -> None:
    """Edits, joins, bots and other channels change nothing and are acknowledged."""
    assert (await harness.typed("start", **more)).status == 200
    assert await harness.rows() == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
async def test_files_and_threads_are_messages(harness: Harness, subtype: str) -> None:
    """A file, or a reply that is also shown in the channel, is answered."""
    await harness.command("")
    await harness.typed("", subtype=subtype, files=[{"id": "F1"}])
    assert "notes.files_not_needed" in (await harness.rows())[-1]


async def test_the_home_tab_is_published_when_it_opens(harness: Harness) -> None:
    """Once for each event, and not for the messages tab."""
    await harness.event({"type": "app_home_opened", "user": "U0ERIKA", "tab": "messages"}, "Ev1")
    assert await harness.rows("publish") == []
    for _ in range(2):
        await harness.event({"type": "app_home_opened", "user": "U0ERIKA", "tab": "home"}, "Ev2")
    assert len(await harness.rows("publish")) == 1


async def test_entry_buttons_are_pressed(harness: Harness) -> None:
    """Start, continue, show, keep, restart, cancel, and the link that opens the direct message."""
    await harness.press("door:start")
    first = (await harness.walk()).id
    for action in ("door:go_on", "door:show_step", "door:keep", "door:open_dm", "door:restart"):
        assert (await harness.press(action, str(first))).status == 200
    second = (await harness.walk()).id
    assert second != first
    await harness.press("door:cancel", str(second))
    assert (await harness.walk()).step == "cancelled"


async def test_an_agent_invites_and_the_merchant_accepts(harness: Harness) -> None:
    """The mentioned person is looked up; agents are the members of the support channel, on all pages."""
    refused = await harness.command("for <@U0BEN|ben>")
    assert "answers.agents_only" in body_text(refused)
    invited = await harness.command("for <@U0ERIKA|erika>", "U0BEN")
    assert "en:answers.invited Erika Beispiel" in body_text(invited)
    await harness.press("invitation:accept", "1")
    assert (await harness.walk()).invited_by == "U0BEN"
    await harness.command("for <@U0ANNA>", "U0BEN")
    await harness.press("invitation:decline", "2", "U0ANNA")
    assert "invitation_declined_agent" in (await harness.rows())[-1]


async def test_agents_claim_and_resolve(harness: Harness) -> None:
    """Anybody else reads that it is for agents; a value that is not a number does nothing."""
    await harness.command("support")
    await harness.press("ticket:claim", "1001", "U0ERIKA")
    await lazy_listeners()
    assert "answers.agents_only" in str(harness.slack.called("views.open"))
    await harness.press("ticket:claim", "x", "U0ANNA")
    await harness.press("ticket:claim", "1001", "U0ANNA")
    await harness.press("ticket:resolve", "1001", "U0BEN")
    tickets = await harness.do(lambda unit: unit.tx.tickets())
    assert [(ticket.claimed_by, ticket.resolved_by) for ticket in tickets] == [("U0ANNA", "U0BEN")]


async def test_changes_in_the_workspace_are_noticed(harness: Harness) -> None:
    """A person who changed is looked up again; so are the agents when somebody joins or leaves."""
    await harness.command("support")
    await harness.command("status")
    assert len(harness.slack.called("users.info")) == 1
    assert len(harness.slack.called("conversations.members")) == 2
    await harness.event({"type": "user_change", "user": {"id": "U0ERIKA", "team_id": TEAM}}, "Ev1")
    await harness.event({"type": "member_left_channel", "user": "U0BEN", "channel": "C0SUPPORT"}, "Ev2")
    await harness.event({"type": "member_joined_channel", "user": "U0BEN", "channel": "C0SUPPORT"}, "Ev3")
    await harness.command("status")
    assert [call["user"] for call in harness.slack.called("users.info")] == ["U0ERIKA", "U0BEN", "U0ERIKA"]
    assert len(harness.slack.called("conversations.members")) == 4


# Malformed


LONG = "x" * 50_000
BODIES: list[dict[str, Any]] = [
    {**pressed("walk:orders_stopped"), "user": None},
    {**pressed("walk:orders_stopped"), "team": None, "user": {"id": "U0ERIKA"}},
    {**pressed("walk:orders_stopped"), "user": {"id": 7, "team_id": []}},
    {**pressed("walk:orders_stopped"), "actions": [{"type": "button", "action_id": "walk:begin_now",
    "value": {"a": 1}}]},
    {**pressed("walk:orders_stopped", LONG), "container": "x", "channel": []},
    pressed("walk:begin_now:europe:more", "1:1:before_start:" + "0" * 32),
    pressed("walk:begin_now", "9" * 18 + ":" + "9" * 18 + ":before_start:" + "0" * 32),
    pressed("step:where", "1:2"), pressed("step:quiet", ""), pressed("form:connect_version", "?"),
    pressed("form:" + "x" * 200),
    pressed("ticket:claim", "-1"), pressed("door:go_on", "1e9"), pressed("invitation:accept", "0"),
    pressed("door:restart", "9" * 18), pressed("unknown:" + LONG), pressed("Walk:1"),
    submitted("form:connect_version", "", {}), submitted("form:connect_version", None, {}), submitted("form:nothing",
    "1:1:x:y", {}),
    submitted("form:help", "9:1:before_start:" + "0" * 32, []), submitted("form:help", "9:1:before_start:" + "0" * 32,
    None),
    submitted("form:help", "9:1:before_start:" + "0" * 32, {"sentence": []}),
    submitted("form:help", "9:1:before_start:" + "0" * 32, {"sentence": {"value": "text"}}),
    submitted("form:help", "9:1:before_start:" + "0" * 32, {"sentence": {"value": {"selected_options": [1, {}]}}}),
    submitted("else", "", {}),
    {**submitted("form:help", "", {}), "user": "U0ERIKA", "team": "T1"},
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_malformed_interactions_are_not_incidents(harness: Harness, body: dict[str, Any]) -> None:
    """Missing and wrong parts: no status 500, no incident, and nothing changes."""
    await harness.command("")
    before = await harness.walk()
    with capture_logs() as logs:
        answer = await harness.interaction(body)
        await lazy_listeners()
    assert answer.status in {200, 400, 404}
    assert [line for line in logs if line["event"] == "incident"] == []
    assert await harness.walk() == before


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel_type": "im", "text": "no user"},
        {"type": "message", "channel_type": "im", "user": "U0ERIKA", "text": {"a": 1}},
        {"type": "message", "channel_type": "im", "user": "U0ERIKA", "text": LONG},
        {"type": "message", "channel_type": "im", "user": "U0ERIKA", "text": None, "files": "x"},
        {"type": "app_home_opened", "tab": "home"},
        {"type": "user_change", "user": "U0ERIKA"},
        {"type": "user_change"},
        {"type": "app_home_opened", "user": "U0ERIKA", "tab": ["home"]},
    ],
)
async def test_malformed_events_are_not_incidents(harness: Harness, event: dict[str, Any]) -> None:
    """They are not answered with 500: Slack would deliver them again and again."""
    with capture_logs() as logs:
        answer = await harness.event(event)
    assert answer.status in {200, 400}
    assert [line for line in logs if line["event"] == "incident"] == []


async def test_a_command_without_team_is_refused(harness: Harness) -> None:
    """Nobody to act for."""
    assert (await harness.command("", team_id="")).status == 400
    assert await harness.rows() == []


async def test_a_command_may_be_anything(harness: Harness) -> None:
    """It is heard like a typed message, however long it is."""
    assert (await harness.command("x" * 50_000)).status == 200
    assert "answers.introduction" in (await harness.rows())[-1]


# Incidents


async def test_an_incident_in_a_command_is_answered_with_its_number(harness: Harness) -> None:
    """Status 200 and the number from the log line, even when the database is what fails."""
    await harness.command("help")
    await harness.break_store()
    with capture_logs() as logs:
        answer = await harness.command("")
    assert answer.status == 200
    assert [line["event"] for line in logs] == ["incident"]
    assert f"answers.incident {logs[0]['number']}" in body_text(answer)


@pytest.mark.parametrize("action", ["walk:orders_stopped", "form:help"])
async def test_an_incident_in_an_action_uses_its_response_url(harness: Harness, action: str) -> None:
    """Acknowledged, answered to the person who pressed only, logged once; the same for buttons of modals."""
    await harness.command("")
    address = await harness.address()
    await harness.break_store()
    with capture_logs() as logs:
        assert (await harness.press(action, address)).status == 200
        await lazy_listeners()
    assert [line["event"] for line in logs] == ["incident"]
    assert len(harness.slack.responses) == 1
    assert harness.slack.responses[0]["response_type"] == "ephemeral"
    assert f"answers.incident {logs[0]['number']}" in harness.slack.responses[0]["text"]


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/nobody"])
async def test_an_incident_without_a_response_url_is_acknowledged(
    harness: Harness, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the Home tab there is none, and one may not work: status 200 and one log line all the same."""
    monkeypatch.setattr("bot.slack.listeners.errors.RESPOND_SECONDS", 0.2)
    await harness.command("")
    await harness.break_store()
    with capture_logs() as logs:
        assert (await harness.press("door:go_on", "1", response_url=url)).status == 200
    assert "incident" in [line["event"] for line in logs]


async def test_an_incident_in_a_form_replaces_the_form(harness: Harness) -> None:
    """The modal shows the number."""
    await harness.command("")
    address = await harness.address()
    await harness.break_store()
    with capture_logs() as logs:
        answer = await harness.submit("form:help", address, {"sentence": {"value": {"value": ""}}})
    assert answer.status == 200
    assert '"response_action": "update"' in body_text(answer)
    assert logs[0]["number"] in body_text(answer)


async def test_an_event_that_fails_is_not_acknowledged(harness: Harness) -> None:
    """Slack delivers it again; everything is rolled back, with the mark that it was seen."""
    harness.services._at = lambda point: (
        (_ for _ in ()).throw(RuntimeError(point)) if point == "before_commit" else None
    )
    with capture_logs() as logs:
        assert (await harness.typed("start")).status == 500
    assert [line["event"] for line in logs] == ["incident"]
    assert await harness.rows() == []
    harness.services._at = lambda _point: None
    assert (await harness.typed("start")).status == 200
    assert len(await harness.rows()) == 1


async def test_an_unknown_button_is_answered(harness: Harness) -> None:
    """The answer to an old version's button says that it is old; without a URL it is only acknowledged."""
    assert (await harness.press("old:button")).status == 200
    assert "answers.stale" in (await harness.rows("respond"))[0]
    assert (await harness.press("old:button", response_url="")).status == 200
    assert "answers.stale" in body_text(await harness.submit("old", "", {}))


# Signatures


async def test_only_signed_and_recent_requests_are_handled(harness: Harness) -> None:
    """Wrong, old or missing signature: 401, and nothing happens."""
    body = "command=%2Famazon-token&text=&team_id=T1&user_id=U0ERIKA"
    assert (await harness.send(body, secret="other")).status == 401
    assert (await harness.send(body, age=3600)).status == 401
    bare = AsyncBoltRequest(body=body, headers={"content-type": ["application/x-www-form-urlencoded"]})
    assert (await harness.app.async_dispatch(bare)).status == 401
    assert await harness.rows() == []
    assert (await harness.send(body, secret=SECRET)).status == 200
