"""The real listeners, with events and interactions of the shapes that Slack's own SDK samples show."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.blocks.actions import Address
from bot.store.models import WalkRecord
from tests.bot.slack.conftest import Harness
from tests.bot.slack.recorded_shapes import (
    APP,
    BOT,
    CHANNEL,
    ERIKA,
    PLACES,
    Json,
    Place,
    changed,
    forwarded,
    picture,
    rich_text,
    snippet,
    unfurled,
)

BY_THE_BOT: Json = {
    "bot_id": "B0EXAMPLE1",
    "app_id": APP,
    "bot_profile": {"id": "B0EXAMPLE1", "name": "x", "app_id": APP},
}
READ: dict[str, Json] = {
    "as typed": {},
    "in a thread": {"thread_ts": "1771990000.000100", "parent_user_id": BOT},
    "shown in the channel too": {
        "subtype": "thread_broadcast", "thread_ts": "1771990000.000100",
        "root": {"type": "message", "user": BOT, "text": "no", "ts": "1771990000.000100"},
    },
    "forwarded": {"text": "", "blocks": [], "attachments": [forwarded("start")]},
    "snippet": {"text": "", "blocks": [], "subtype": "file_share", "files": [snippet("start")], "upload": False},
    "with a link": {"attachments": [unfurled()]},
}  # fmt: skip
"""What comes to the same as the typed word."""
IGNORED: dict[str, Json] = {
    "of the bot": {"user": BOT, **BY_THE_BOT},
    "of an older bot": {"subtype": "bot_message", "user": None, "username": "x", "bot_id": "B9", "icons": {}},
    "of Slack": {"subtype": "channel_topic", "topic": "start"},
    "of a huddle": {"subtype": "huddle_thread", "user": "USLACKBOT", "room": {"id": "R1"}, "no_notifications": True},
    "deleted": {
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": "1.1",
        "previous_message": {"text": "start"},
    },
    "in a channel": {"channel_type": "channel", "channel": "C0EXAMPLE1"},
    "in a group": {"channel_type": "mpim", "channel": "G0EXAMPLE1"},
    "of an assistant": {"subtype": "assistant_app_thread", "user": BOT, "assistant_app_thread": {"title": "start"}},
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    """A workspace of its own, one of a Grid, and a Grid's whole organization."""
    return PLACES[request.param]


@pytest.fixture(autouse=True)
def no_failure() -> Iterator[None]:
    """Nothing that is logged may be an incident, or more than a line of information."""
    with capture_logs() as logs:
        yield
    assert [line for line in logs if line["log_level"] not in {"info", "debug"} or "exc_info" in line] == []


async def event(harness: Harness, place: Place, what: Json) -> None:
    """Slack delivers it and gets its 200."""
    assert (await harness.send(json.dumps(place.envelope(what)), "application/json")).status == 200


async def interaction(harness: Harness, body: Json) -> str:
    """The answer to an interaction."""
    answer = await harness.interaction(body)
    assert answer.status == 200
    return json.dumps(answer.body, ensure_ascii=False)


async def walk(harness: Harness, place: Place) -> WalkRecord | None:
    """Erika's walk in this installation. Nobody else has one, and in no other installation."""
    owners = {one.owner for one in PLACES.values()} | {one.home for one in PLACES.values()}

    def read(unit: Any) -> dict[str, WalkRecord]:
        found = {owner: unit.tx.last_walk(owner, ERIKA) for owner in owners}
        return {owner: record for owner, record in found.items() if record is not None}

    records = await harness.do(read)
    assert set(records) <= {place.owner}
    record: WalkRecord | None = records.get(place.owner)
    return record


async def address(harness: Harness, place: Place) -> str:
    record = await walk(harness, place)
    assert record is not None
    return str(Address(record.id, record.version, record.step, str(record.live_key)))


@pytest.mark.parametrize("shape", READ)
async def test_what_a_person_writes(harness: Harness, place: Place, shape: str) -> None:
    """It is read once, as its author meant it, whatever else the event holds; the walk is the installation's."""
    await event(harness, place, place.typed("start") | READ[shape])
    record = await walk(harness, place)
    assert record is not None
    assert record.step == "before_start"
    assert len(await harness.rows()) == 1


@pytest.mark.parametrize("shape", IGNORED)
async def test_what_nobody_has_written(harness: Harness, place: Place, shape: str) -> None:
    """Messages of bots and of Slack, deletions and other conversations change nothing."""
    await event(harness, place, place.typed("start") | IGNORED[shape])
    assert await walk(harness, place) is None
    assert await harness.rows() == []


async def test_a_picture_is_no_word(harness: Harness, place: Place) -> None:
    """A shared picture is a file of its author, and its name is not read."""
    await event(harness, place, place.typed("start"))
    shared = {"text": "", "subtype": "file_share", "upload": False, "display_as_bot": False}
    await event(harness, place, place.typed("") | shared | {"blocks": [], "files": [picture() | {"name": "start.png"}]})
    assert "notes.files_not_needed" in (await harness.rows())[-1]


async def test_an_edit_is_read_and_other_changes_are_not(harness: Harness, place: Place) -> None:
    """Slack says that a message has changed also when it adds a preview, the count of replies or a deletion's mark."""
    await event(harness, place, place.typed("start"))
    first = place.typed("xyzzy")
    await event(harness, place, first)
    answered = await harness.rows()
    assert "notes.unclear" in answered[-1]
    by_slack: list[Json] = [
        {"attachments": [unfurled()]},
        {"thread_ts": first["ts"], "reply_count": 1, "reply_users": [BOT], "latest_reply": "1.1", "subscribed": True},
        {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True},
    ]
    for now in by_slack:
        await event(harness, place, changed(place, first, **now))
    assert await harness.rows() == answered
    assert "USLACKBOT" not in str(harness.slack.called("users.info"))
    edited = {"text": "hilfe", "blocks": [rich_text("hilfe")], "edited": {"user": ERIKA, "ts": "1772000050.000000"}}
    await event(harness, place, changed(place, first, **edited))
    assert len(await harness.rows()) > len(answered)


async def test_a_walk_by_command_press_and_form(harness: Harness, place: Place) -> None:
    """All three belong to the same walk, though they name the installation in different ways, or not at all."""
    assert (await harness.send(urlencode(place.command("", harness.url)))).status == 200
    await interaction(harness, place.pressed("walk:orders_stopped", await address(harness, place), harness.url))
    record = await walk(harness, place)
    assert record is not None
    assert record.step == "connect_version"
    form = place.submitted("form:connect_version", await address(harness, place), version="4.9.24.4")
    assert "errors" not in await interaction(harness, form)
    after = await walk(harness, place)
    assert after is not None
    assert (after.id, after.step) == (record.id, "account_mask")


@pytest.mark.parametrize(
    "view", [{}, {"view": {"id": "V1", "type": "home", "app_installed_team_id": "T1", "team_id": "T1"}}]
)
async def test_the_home_tab(harness: Harness, place: Place, view: Json) -> None:
    """The event of its opening holds the view that is shown already, or none; it is published once."""
    opened = {"type": "app_home_opened", "user": ERIKA, "channel": CHANNEL, "tab": "home", "event_ts": "1.1"}
    await event(harness, place, opened | view)
    await event(harness, place, opened | {"tab": "messages"})
    assert len(await harness.rows("publish")) == 1
