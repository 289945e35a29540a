"""Each fault of Slack's, once at every step of the chart: the walk arrives, and nothing is lost or doubled."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.app.bootstrap import Bot
from bot.blocks.step import StepView, step_message
from bot.sandbox.misbehaviour import FaultKind
from bot.sandbox.server import Sandbox
from bot.slack_api.errors import remedy
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.texts import LANGUAGES
from tests.bytes_written import KINDS, TypedSecrets
from tests.faults.conftest import Finish, Serve
from tests.faults.every_step import FIRST, SECOND, Course, Walker
from tests.faults.passing_time import let_time_pass

pytestmark = [pytest.mark.story, pytest.mark.long]
Json = dict[str, Any]
Walk = Callable[..., Walker]
TROUBLES: list[tuple[FaultKind, ...]] = [
    ("rate_limited", "broken_json"), ("error_500", "error_503"), ("timeout_before",), ("timeout_after",),
]  # fmt: skip
"""What each step's message meets, one after the other; there are forty steps in a test, and each waits."""
IN_SECOND: tuple[FaultKind, ...] = ("rate_limited", "broken_json", "error_503")
COURSES = pytest.mark.parametrize("course", [FIRST, SECOND], ids=["first", "second"])


@pytest.fixture
def walk(sandbox: Sandbox, typed_secrets: TypedSecrets) -> Walk:
    """Somebody on the way."""
    return partial(Walker, sandbox, typed_secrets)


@COURSES
def test_the_way_stands_at_every_step(course: Course) -> None:
    """A step that the chart gains is missed here, not passed over."""
    assert {act.step for act in course.way} == course.every_step


def quick(bot: Bot) -> None:
    """Short waits: there are forty of them in a test."""
    bot.outbox_worker._backoff = 0.01


@pytest.mark.parametrize(
    ("course", "kinds"),
    [*((FIRST, kinds) for kinds in TROUBLES), (SECOND, IN_SECOND)],
    ids=[*map("-".join, TROUBLES), "second"],
)
async def test_slack_has_trouble_at_every_step(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk, course: Course, kinds: tuple[FaultKind, ...]
) -> None:
    """The step's message, the change of the one before it and its form meet 429, 500, 503, no answer or no JSON."""

    async def trouble(_walker: Walker, _step: str, _message: Json) -> None:
        sandbox.misbehaviour.stop()
        for kind in kinds:
            for method in ("chat.postMessage", "chat.update", "views.open"):
                sandbox.misbehave(method, kind, retry_after=0)
        if "timeout_before" not in kinds:
            sandbox.misbehave("response_url", kinds[0], retry_after=0)

    async with serve() as bot:
        quick(bot)
        let_time_pass(bot, sandbox)
        walker = walk(trouble, course)
        walked = await walker.run()
        await bot.outbox_worker.drain()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    for kind in kinds:
        assert _struck(sandbox, "chat.postMessage", kind) >= len(walker.course.way), "each step's message"
        assert _struck(sandbox, "views.open", kind) >= 3, "and its form"
    assert result.clean, result.table()
    assert result.figures["tickets"] == 1


def _struck(sandbox: Sandbox, method: str, outcome: str) -> int:
    return sum((call.method, call.outcome) == (method, outcome) for call in sandbox.calls)


@pytest.mark.parametrize(
    ("course", "code"),
    [(FIRST, "channel_not_found"), (FIRST, "not_in_channel"), (FIRST, "is_archived"), (SECOND, "not_in_channel")],
    ids=["channel_not_found", "not_in_channel", "is_archived", "second"],
)
async def test_slack_takes_no_step_for_good(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk, logged: list[Any], course: Course, code: str
) -> None:
    """Each step's message is given up, with a word to the operator; the next command brings the step back, once."""
    refused = 0

    async def refuse(walker: Walker, step: str, _message: Json) -> None:
        nonlocal refused
        await bot.outbox_worker.drain()  # a ticket's first reply is not the message that is meant
        sandbox.misbehave("chat.postMessage", "error", code=code)
        await walker.page.command("/amazon-token language de")
        await bot.outbox_worker.drain()
        assert await walker.live() is None, "the step before has shrunk, and the new one has not come"
        refused += 1
        await walker.page.command("/amazon-token status")
        await walker.standing(step)

    async with serve() as bot:
        quick(bot)
        walker = walk(refuse, course)
        walked = await walker.run()
        result = await finish(bot, walked)
    told = [line for line in logged if line["event"] == "outbox_row_dead"]
    assert walker.stood == walker.course.every_step
    assert refused == len(walker.course.way) == len(told)
    assert {line["todo"] for line in told} == {remedy(code)}
    assert result.clean, result.table()


@pytest.mark.parametrize("code", ["account_inactive", "token_revoked"])
async def test_slack_does_not_know_the_app_at_every_step(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk, logged: list[Any], code: str
) -> None:
    """The outbox pauses at each step, tells the operator what to do, and goes on by itself; no row is given up."""

    async def forget(_walker: Walker, _step: str, _message: Json) -> None:
        sandbox.misbehaviour.stop()
        sandbox.misbehave("chat.postMessage", "error", code=code)
        sandbox.misbehave("auth.test", "error", code=code)

    async with serve() as bot:
        quick(bot)
        walker = walk(forget)
        walked = await walker.run()
        await bot.outbox_worker.drain()
        result = await finish(bot, walked)
    told = [line for line in logged if line["event"] == "outbox_paused"]
    assert walker.stood == walker.course.every_step
    assert len(told) >= len(walker.course.way)
    assert {(line["error"], line["todo"]) for line in told} == {(code, remedy(code))}
    assert result.clean, result.table()


async def test_a_picture_is_refused_at_every_step(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack cannot fetch the picture and calls the blocks invalid: the step comes all the same, without it."""

    def with_picture(view: StepView) -> Json:
        content = step_message(view)
        picture = {"type": "image", "image_url": "https://example.com/mask.png", "alt_text": "Maske"}
        return {**content, "blocks": [*content["blocks"], picture]}

    monkeypatch.setattr("bot.services.unit_of_work.step_message", with_picture)

    async def bare(_walker: Walker, _step: str, message: Json) -> None:
        assert not [block for block in message["blocks"] if block["type"] == "image"]

    sandbox.workspace.pictures_lost = True
    async with serve() as bot:
        quick(bot)
        walker = walk(bare)
        walked = await walker.run()
        await bot.outbox_worker.drain()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    assert _struck(sandbox, "chat.postMessage", "invalid_blocks") > len(walker.course.way)
    assert result.clean, result.table()


async def test_history_is_unreadable_at_every_step(sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk) -> None:
    """Nobody can look whether the step stands there already: it comes rather than not."""

    async def blind(_walker: Walker, _step: str, _message: Json) -> None:
        sandbox.misbehaviour.stop()
        sandbox.misbehave("chat.postMessage", "error_503")
        sandbox.misbehave("conversations.history", "error", code="missing_scope")

    async with serve() as bot:
        quick(bot)
        let_time_pass(bot, sandbox)
        walker = walk(blind)
        walked = await walker.run()
        await bot.outbox_worker.drain()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    assert _struck(sandbox, "conversations.history", "error") >= len(walker.course.way) - 2, "but for the ticket's card"
    assert len(result.faults.pop("rows not delivered")) <= 2, "a card that nobody can look for is parked, and its reply"
    assert not result.faults.pop("tickets not exactly once")[1:]
    assert result.clean, result.table()


@pytest.mark.parametrize("warning", [None, 0.05], ids=["no_warning", "warning"])
async def test_the_socket_is_cut_at_every_step(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk, warning: float | None
) -> None:
    """The bot connects again each time, over one connection only."""

    async def cut(_walker: Walker, _step: str, _message: Json) -> None:
        await sandbox.sockets.disconnect(warning=warning)
        await sandbox.sockets.wait_until_connected(10)

    async with serve() as bot:
        quick(bot)
        walker = walk(cut)
        walked = await walker.run()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    assert result.clean, result.table()


@COURSES
async def test_everything_comes_twice_at_every_step(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk, course: Course
) -> None:
    """Commands, presses, submissions and events count once."""

    async def double(walker: Walker, step: str, _message: Json) -> None:
        sandbox.misbehave("delivery", "double", times=3)
        await walker.page.say("Was nun?")
        await sandbox.events.settle()
        await bot.outbox_worker.drain()
        await walker.standing(step)

    async with serve() as bot:
        quick(bot)
        walker = walk(double, course)
        walked = await walker.run()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    assert result.clean, result.table()
    assert result.figures["tickets"] == 1


async def test_events_come_out_of_order_at_every_step(
    sandbox: Sandbox, serve: Serve, finish: Finish, walk: Walk
) -> None:
    """Two typed messages that overtake each other are both answered, and the step stays where it is."""

    async def disorder(walker: Walker, step: str, _message: Json) -> None:
        sandbox.misbehave("delivery", "disorder")
        await walker.page.say("Was nun?")
        await walker.page.say("Und jetzt?")
        await sandbox.events.settle()
        await bot.outbox_worker.drain()
        await walker.standing(step)

    async with serve() as bot:
        quick(bot)
        walker = walk(disorder)
        walked = await walker.run()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    assert result.clean, result.table()


@COURSES
async def test_two_presses_at_once_at_every_step(serve: Serve, finish: Finish, walk: Walk, course: Course) -> None:
    """A button pressed twice and „where?“ beside it, whichever comes first: one step comes of it."""
    async with serve() as bot:
        quick(bot)
        walker = walk(course=course, hasty=True)
        walked = await walker.run()
        result = await finish(bot, walked)
    assert walker.stood == walker.course.every_step
    assert result.clean, result.table()


async def test_old_buttons_after_a_restart_with_another_guide_at_every_step(
    serve: Serve, finish: Finish, walk: Walk, tmp_path: Path
) -> None:
    """The bot comes back with other words: an old button changes nothing, the live one of before counts."""
    own = tmp_path / "own"
    (own / PROCEDURE.id).mkdir(parents=True)
    changed = "steps: {account_region: {title: Eine andere Frage}}\n"
    for language in LANGUAGES:
        (own / PROCEDURE.id / f"texts.{language}.yaml").write_text(changed, "utf-8")
    old: list[Json] = []

    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(serve())]

        async def restart(walker: Walker, step: str, message: Json) -> None:
            await bots.pop().outbox_worker.drain()
            await stack.aclose()
            bots.append(await stack.enter_async_context(serve(guide_dir=None if len(old) % 2 else own)))
            quick(bots[0])
            if old:
                await walker.page.press("step:where", message=old[-1])
                assert await walker.page.ephemeral_text()
                await walker.standing(step)
            old.append(message)

        walker = walk(restart)
        walked = await walker.run()
        result = await finish(bots[0], walked)
    assert walker.stood == walker.course.every_step
    assert result.clean, result.table()


@COURSES
async def test_a_secret_is_typed_at_every_step(
    serve: Serve, finish: Finish, walk: Walk, typed_secrets: TypedSecrets, course: Course
) -> None:
    """Of each kind in turn, and in every form: it moves nothing, and the search after each test finds none of it."""
    kinds = cycle(KINDS)

    async def paste(walker: Walker, step: str, _message: Json) -> None:
        await walker.page.say(f"Hier: {typed_secrets.new(next(kinds))}")
        await bot.outbox_worker.drain()
        await walker.standing(step)

    async with serve() as bot:
        quick(bot)
        walker = walk(paste, course)
        walked = await walker.run()
        result = await finish(bot, walked)
    assert walker.stood == course.every_step
    assert len(typed_secrets.typed) >= len(course.way)
    assert result.clean, result.table()
