"""What was genuine once, sent again over real HTTP: known, and not a row of the database has changed."""

import time
from pathlib import Path

import pytest

from bot.app.server import RunningBot
from bot.sandbox.delivery import signed
from bot.sandbox.driver import Visitor
from bot.sandbox.world import TEAM_ID
from bot.services import people
from tests.stories.conftest import Serve
from tests.stories.forging import FORM, JSON, command, dump, event, interaction, knock, press, submission
from tests.stories.presses import address_of, at_step, begun

pytestmark = pytest.mark.story


@pytest.fixture
def mode() -> str:
    """Over HTTP."""
    return "http"


@pytest.fixture
async def address(line: RunningBot, erika: Visitor, oliver: Visitor) -> str:
    """Erika's step „Version“; Oliver has a walk of his own, and everything is delivered."""
    await begun(oliver)
    await begun(erika)
    await erika.press("walk:orders_stopped")
    message = await at_step(erika, "connect_version")
    await line.bot.outbox_worker.drain()
    return str(address_of(message))


async def test_a_replayed_command_does_nothing(line: RunningBot, address: str, database: Path) -> None:
    """The same bytes with the same signature, within the five minutes and after a restart of the connection."""
    body = command("support")
    headers = signed(body)
    assert address
    assert await knock(line, body, headers) == 200
    await line.bot.outbox_worker.drain()
    before = dump(database)
    assert any(row.startswith('INSERT INTO "tickets"') for row in before)
    for _ in range(3):
        assert await knock(line, body, headers) == 200
    assert dump(database) == before
    # Slack signs every request anew: the same command, typed again, is another one.
    again = command("support", trigger="1.1.2")
    assert await knock(line, again, signed(again)) == 200
    assert dump(database) != before


async def test_a_replay_is_known_after_a_restart(serve: Serve, erika: Visitor) -> None:
    """What was accepted is remembered in the database, in the same transaction as what it did."""
    body = command("language en")
    headers = signed(body)
    async with serve() as line:
        assert await knock(line, body, headers) == 200
        german = command("language de", trigger="1.1.3")
        assert await knock(line, german, signed(german)) == 200
        await line.bot.outbox_worker.drain()
    async with serve() as line:
        assert await knock(line, body, headers) == 200
        known = await line.bot.thread.run(line.bot.services.unit_of_work, people.person, TEAM_ID, "U0ERIKA")
        assert known is not None
        assert known.language == "de"
    assert erika


async def test_a_replayed_press_form_and_event_do_nothing(line: RunningBot, address: str, database: Path) -> None:
    """Presses and forms by their signature and by the version, events by their ID."""
    form = interaction(submission("form:connect_version", address, {"version": "4.9.24.4"}))
    typed = event("weiter")
    bodies = [(interaction(press("step:where", address)), FORM), (form, FORM), (typed, JSON)]
    sent = [(body, signed(body), kind) for body, kind in bodies]
    for body, headers, kind in sent:
        assert await knock(line, body, headers, kind) == 200
    await line.bot.outbox_worker.drain()
    before = dump(database)
    for body, headers, kind in [*sent, (typed, signed(typed, int(time.time()) - 60), JSON)]:
        assert await knock(line, body, headers, kind) == 200
    # The same form signed anew is a repeat of an accepted answer: only the delivery is noted.
    assert await knock(line, form, signed(form, int(time.time()) - 9)) == 200
    assert dump(database, without=("seen",)) == [row for row in before if not row.startswith('INSERT INTO "seen"')]
