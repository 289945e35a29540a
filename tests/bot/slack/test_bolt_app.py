"""The whole app as Slack meets it: signed requests, and what they leave behind."""

import asyncio
import json
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from tests.bot.slack.conftest import SECRET, TEAM, Door, pressed, submitted
from tests.waiting import LIMIT


def said(answer: Any) -> str:
    return answer.body if isinstance(answer.body, str) else json.dumps(answer.body, ensure_ascii=False)


async def lazy() -> None:
    """Let what runs after the acknowledgement finish."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), LIMIT)


async def test_a_command_begins_a_walk_and_wakes_the_courier(door: Door) -> None:
    """Answered to the caller only; the step is in the outbox when Slack is answered."""
    answer = await door.command("")
    assert answer.status == 200
    assert '"response_type": "ephemeral"' in said(answer)
    assert "answers.started" in said(answer)
    assert (await door.walk()).step == "briefing"
    assert door.woken[0] == 1


async def test_a_press_is_durable_when_it_is_acknowledged(door: Door) -> None:
    """The walk has moved, the pressed row is delivered, the shrink is waiting."""
    await door.command("")
    answer = await door.press("walk:orders_stopped", await door.address())
    assert answer.status == 200
    assert (await door.walk()).step == "connect_version"
    assert "records.orders_stopped" in (await door.rows("update"))[-1]


async def test_choices_toggles_and_reminders_are_pressed(door: Door) -> None:
    """A choice carries its value; „Wo finde ich das?“ and „weniger“ change the message; quiet declines reminders."""
    await door.command("")
    await door.press("step:where", await door.address())
    await door.press("step:less", await door.address())
    updates = await door.rows("update")
    assert "briefing.where" in updates[-2]
    assert "briefing.where" not in updates[-1]
    await door.press("step:quiet", await door.address())
    assert "notes.reminders_declined" in (await door.rows())[-1]
    for action in ("walk:orders_stopped", "form", "walk:advance", "walk:sees_key_set"):
        if action == "form":
            await door.submit("form:version", await door.address(), {"version": {"value": {"value": "4.9.24.4"}}})
        else:
            await door.press(action, await door.address())
    await door.press("walk:choose_region:europe", await door.address())
    assert (await door.walk()).step == "accounts"


async def test_a_form_opens_with_the_trigger_and_is_submitted(door: Door) -> None:
    """Acknowledged at once, opened afterwards; errors come back to the field; the value is accepted."""
    await door.command("")
    await door.press("walk:orders_stopped", await door.address())
    address = await door.address()
    assert (await door.press("form:version", address)).status == 200
    await lazy()
    opened = door.slack.called("views.open")[0]
    assert opened["trigger_id"].endswith(".2.3")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    assert view["private_metadata"] == address
    refused = await door.submit("form:version", address, {"version": {"value": {"value": "four"}}})
    assert '"errors"' in said(refused)
    accepted = await door.submit("form:version", address, {"version": {"value": {"value": "4.9.24.4"}}})
    assert said(accepted) in {"", "{}"}
    assert (await door.walk()).step == "account_mask"
    stale = await door.submit("form:version", address, {"version": {"value": {"value": "4.9.25.0"}}})
    assert "answers.stale" in said(stale)


@pytest.mark.parametrize("trouble", ["slow", "hang up", "gibberish", "expired_trigger_id"])
async def test_a_form_that_cannot_be_opened_is_logged_and_the_button_stays(
    door: Door, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack may be slow or refuse: one line in the log, nothing changed."""
    monkeypatch.setattr("bot.slack.routes.OPEN_SECONDS", 0.2)
    await door.command("")
    before = await door.walk()
    door.slack.trouble["views.open"] = trouble
    with capture_logs() as logs:
        assert (await door.press("form:help", await door.address())).status == 200
        await lazy()
    assert [line["event"] for line in logs] == ["handled", "form_not_opened"]
    assert await door.walk() == before


async def test_a_typed_message_is_acted_upon_once(door: Door) -> None:
    """Slack delivers again with the same event ID; the second delivery does nothing."""
    for _ in range(2):
        assert (await door.typed("start", "Ev1")).status == 200
    assert len(await door.rows()) == 1
    await door.typed("hallo &lt;!channel&gt; <@U0ANNA>", "Ev2")
    assert "notes.unclear" in (await door.rows())[-1]


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed"}, {"subtype": "message_deleted"}, {"subtype": "channel_join"},
        {"subtype": "bot_message"}, {"bot_id": "B9"}, {"channel_type": "channel"}, {"channel_type": "group"},
        {"subtype": ["odd"]}, {"subtype": {"odd": 1}},
    ],
)  # fmt: skip
async def test_what_nobody_typed_here_is_ignored(door: Door, more: dict[str, Any]) -> None:
    """Edits, joins, bots and other channels change nothing and are acknowledged."""
    assert (await door.typed("start", **more)).status == 200
    assert await door.rows() == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
async def test_files_and_threads_are_messages(door: Door, subtype: str) -> None:
    """A picture, or an answer shown in the channel too, is answered."""
    await door.command("")
    await door.typed("", subtype=subtype, files=[{"id": "F1"}])
    assert "notes.files_not_needed" in (await door.rows())[-1]


async def test_home_is_published_when_its_tab_opens(door: Door) -> None:
    """Once for each event; the messages tab is none of it."""
    await door.event({"type": "app_home_opened", "user": "U0ERIKA", "tab": "messages"}, "Ev1")
    assert await door.rows("publish") == []
    for _ in range(2):
        await door.event({"type": "app_home_opened", "user": "U0ERIKA", "tab": "home"}, "Ev2")
    assert len(await door.rows("publish")) == 1


async def test_doors_are_pressed(door: Door) -> None:
    """Start, go on, show, keep, restart, cancel, and the link that opens the direct message."""
    await door.press("door:start")
    first = (await door.walk()).id
    for action in ("door:go_on", "door:show_step", "door:keep", "door:open_dm", "door:restart"):
        assert (await door.press(action, str(first))).status == 200
    second = (await door.walk()).id
    assert second != first
    await door.press("door:cancel", str(second))
    assert (await door.walk()).step == "cancelled"


async def test_an_agent_invites_and_the_merchant_accepts(door: Door) -> None:
    """The mention is looked up; the members of the support channel, page by page, are the agents."""
    refused = await door.command("for <@U0BEN|ben>")
    assert "answers.agents_only" in said(refused)
    invited = await door.command("for <@U0ERIKA|erika>", "U0BEN")
    assert "en:answers.invited Erika Beispiel" in said(invited)
    await door.press("invitation:accept", "1")
    assert (await door.walk()).invited_by == "U0BEN"
    await door.command("for <@U0ANNA>", "U0BEN")
    await door.press("invitation:decline", "2", "U0ANNA")
    assert "invitation_declined_agent" in (await door.rows())[-1]


async def test_agents_claim_and_resolve(door: Door) -> None:
    """Anybody else is told that it is for agents; a value that is no number does nothing."""
    await door.command("support")
    await door.press("ticket:claim", "1001", "U0ERIKA")
    assert "answers.agents_only" in (await door.rows("respond"))[-1]
    await door.press("ticket:claim", "x", "U0ANNA")
    await door.press("ticket:claim", "1001", "U0ANNA")
    await door.press("ticket:resolve", "1001", "U0BEN")
    tickets = await door.do(lambda unit: unit.tx.tickets())
    assert [(ticket.claimed_by, ticket.resolved_by) for ticket in tickets] == [("U0ANNA", "U0BEN")]


async def test_changes_in_the_workspace_are_noticed(door: Door) -> None:
    """A person who changed is looked up again; so are the agents when somebody joins or leaves."""
    await door.command("support")
    await door.command("status")
    assert len(door.slack.called("users.info")) == 1
    assert len(door.slack.called("conversations.members")) == 2
    await door.event({"type": "user_change", "user": {"id": "U0ERIKA", "team_id": TEAM}}, "Ev1")
    await door.event({"type": "member_left_channel", "user": "U0BEN", "channel": "C0SUPPORT"}, "Ev2")
    await door.event({"type": "member_joined_channel", "user": "U0BEN", "channel": "C0SUPPORT"}, "Ev3")
    await door.command("status")
    assert [call["user"] for call in door.slack.called("users.info")] == ["U0ERIKA", "U0BEN", "U0ERIKA"]
    assert len(door.slack.called("conversations.members")) == 4


# Malformed


LONG = "x" * 50_000
BODIES: list[dict[str, Any]] = [
    {**pressed("walk:orders_stopped"), "user": None},
    {**pressed("walk:orders_stopped"), "team": None, "user": {"id": "U0ERIKA"}},
    {**pressed("walk:orders_stopped"), "user": {"id": 7, "team_id": []}},
    {**pressed("walk:orders_stopped"), "actions": [{"type": "button", "action_id": "walk:begin", "value": {"a": 1}}]},
    {**pressed("walk:orders_stopped", LONG), "container": "x", "channel": []},
    pressed("walk:begin:europe:more", "1:1:briefing:" + "0" * 32),
    pressed("walk:begin", "9" * 18 + ":" + "9" * 18 + ":briefing:" + "0" * 32),
    pressed("step:where", "1:2"), pressed("step:quiet", ""), pressed("form:version", "?"), pressed("form:" + "x" * 200),
    pressed("ticket:claim", "-1"), pressed("door:go_on", "1e9"), pressed("invitation:accept", "0"),
    pressed("door:restart", "9" * 18), pressed("unknown:" + LONG), pressed("Walk:1"),
    submitted("form:version", "", {}), submitted("form:version", None, {}), submitted("form:nothing", "1:1:x:y", {}),
    submitted("form:help", "9:1:briefing:" + "0" * 32, []), submitted("form:help", "9:1:briefing:" + "0" * 32, None),
    submitted("form:help", "9:1:briefing:" + "0" * 32, {"sentence": []}),
    submitted("form:help", "9:1:briefing:" + "0" * 32, {"sentence": {"value": "text"}}),
    submitted("form:help", "9:1:briefing:" + "0" * 32, {"sentence": {"value": {"selected_options": [1, {}]}}}),
    submitted("else", "", {}),
    {**submitted("form:help", "", {}), "user": "U0ERIKA", "team": "T1"},
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_malformed_interactions_are_no_incident(door: Door, body: dict[str, Any]) -> None:
    """Missing, wrong and absurd parts: never a 500, never an incident, nothing changed."""
    await door.command("")
    before = await door.walk()
    with capture_logs() as logs:
        answer = await door.interaction(body)
        await lazy()
    assert answer.status in {200, 400, 404}
    assert [line for line in logs if line["event"] == "incident"] == []
    assert await door.walk() == before


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
async def test_malformed_events_are_no_incident(door: Door, event: dict[str, Any]) -> None:
    """Slack would deliver again and again what is answered with 500."""
    with capture_logs() as logs:
        answer = await door.event(event)
    assert answer.status in {200, 400}
    assert [line for line in logs if line["event"] == "incident"] == []


async def test_a_command_without_team_is_refused(door: Door) -> None:
    """Nobody to act for."""
    assert (await door.command("", team_id="")).status == 400
    assert (await door.command("x" * 50_000)).status == 200
    assert await door.rows() == []


# Incidents


async def test_an_incident_in_a_command_is_a_sentence_with_a_number(door: Door) -> None:
    """200 with the number that stands in the one log line; also when it is the database that fails."""
    await door.command("help")
    await door.break_store()
    with capture_logs() as logs:
        answer = await door.command("")
    assert answer.status == 200
    assert [line["event"] for line in logs] == ["incident"]
    assert f"answers.incident {logs[0]['number']}" in said(answer)


@pytest.mark.parametrize("action", ["walk:orders_stopped", "form:help"])
async def test_an_incident_in_an_action_is_told_through_its_response_url(door: Door, action: str) -> None:
    """Acknowledged, told to the presser only, logged once; forms that open afterwards are no exception."""
    await door.command("")
    address = await door.address()
    await door.break_store()
    with capture_logs() as logs:
        assert (await door.press(action, address)).status == 200
        await lazy()
    assert [line["event"] for line in logs] == ["incident"]
    assert len(door.slack.said) == 1
    assert door.slack.said[0]["response_type"] == "ephemeral"
    assert f"answers.incident {logs[0]['number']}" in door.slack.said[0]["text"]


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/nobody"])
async def test_an_incident_without_a_way_to_tell_is_acknowledged(
    door: Door, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the Home tab there is no response URL, and one may not answer: still 200 and one line."""
    monkeypatch.setattr("bot.slack.listeners.errors.RESPOND_SECONDS", 0.2)
    await door.command("")
    await door.break_store()
    with capture_logs() as logs:
        assert (await door.press("door:go_on", "1", response_url=url)).status == 200
    assert "incident" in [line["event"] for line in logs]


async def test_an_incident_in_a_form_turns_it_into_the_sentence(door: Door) -> None:
    """The modal says it, with the number."""
    await door.command("")
    address = await door.address()
    await door.break_store()
    with capture_logs() as logs:
        answer = await door.submit("form:help", address, {"sentence": {"value": {"value": ""}}})
    assert answer.status == 200
    assert '"response_action": "update"' in said(answer)
    assert logs[0]["number"] in said(answer)


async def test_an_event_that_fails_is_not_acknowledged(door: Door) -> None:
    """Slack delivers it again; what was begun is rolled back, the „seen“ mark too."""
    door.services._at = lambda point: (_ for _ in ()).throw(RuntimeError(point)) if point == "before_commit" else None
    with capture_logs() as logs:
        assert (await door.typed("start")).status == 500
    assert [line["event"] for line in logs] == ["incident"]
    assert await door.rows() == []
    door.services._at = lambda _point: None
    assert (await door.typed("start")).status == 200
    assert len(await door.rows()) == 1


async def test_an_unknown_button_is_answered(door: Door) -> None:
    """A button of a former version says that it is an old one; without a URL it is only acknowledged."""
    assert (await door.press("old:button")).status == 200
    assert "answers.stale" in (await door.rows("respond"))[0]
    assert (await door.press("old:button", response_url="")).status == 200
    assert "answers.stale" in said(await door.submit("old", "", {}))


# Signatures


async def test_only_signed_and_fresh_requests_are_heard(door: Door) -> None:
    """Wrong, old or missing signature: 401, and nothing happens."""
    body = "command=%2Famazon-token&text=&team_id=T1&user_id=U0ERIKA"
    assert (await door.send(body, secret="other")).status == 401
    assert (await door.send(body, age=3600)).status == 401
    bare = AsyncBoltRequest(body=body, headers={"content-type": ["application/x-www-form-urlencoded"]})
    assert (await door.app.async_dispatch(bare)).status == 401
    assert await door.rows() == []
    assert (await door.send(body, secret=SECRET)).status == 200
