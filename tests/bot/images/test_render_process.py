"""Rendering in another process: one for a burst, and none that outlives its use."""

import asyncio
import os
import select
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest

from bot.images import render, render_process
from bot.images.render_process import Renderer, RenderingFailed
from tests.waiting import LIMIT, until

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#123456"/></svg>'
)
FAILING = (sys.executable, str(Path(__file__).parent / "renderer_that_fails.py"))
LONG = 3600.0
FAILURES = {
    "crash": "ended with 3",
    "half an answer": "ended with 4",
    "garbage": "something that is no answer",
    "another's": "by another request",
}


@pytest.fixture(autouse=True)
def _calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is killed because the machine is slow."""
    monkeypatch.setattr(render_process, "END_SECONDS", LIMIT)


@pytest.fixture
async def real() -> AsyncIterator[Renderer]:
    """The bot's own."""
    renderer = Renderer(idle=LONG)
    yield renderer
    await renderer.close()


@pytest.fixture
async def failing() -> AsyncIterator[Renderer]:
    """One whose process does what the drawing says."""
    renderer = Renderer(idle=LONG, command=FAILING)
    yield renderer
    await renderer.close()


def process_of(renderer: Renderer) -> Process:
    assert renderer._process is not None
    return renderer._process


async def test_a_picture_rendered_apart_is_the_same(real: Renderer) -> None:
    """Byte by byte, also when several are asked for at once."""
    assert await asyncio.gather(real.png(SVG), real.png(SVG)) == [render.png(SVG)] * 2


async def test_what_is_no_drawing_is_told_and_harms_nothing(real: Renderer) -> None:
    """In the renderer's own words; the next picture is rendered by the same process."""
    with pytest.raises(RenderingFailed, match=r"ValueError: .*\w"):
        await real.png("this is no SVG")
    process = process_of(real)
    assert (await real.png(SVG)).startswith(b"\x89PNG")
    assert process_of(real) is process


async def test_a_burst_has_one_process_and_everyone_their_own_answer(failing: Renderer) -> None:
    """However many ask at once, and however much they send."""
    drawings = [f"{number}" * 100_000 for number in range(12)]
    first = await failing.png("first")
    process = process_of(failing)
    assert await asyncio.gather(*map(failing.png, drawings)) == [drawing.encode() for drawing in drawings]
    assert first == b"first"
    assert process_of(failing) is process


async def test_the_process_ends_when_nothing_has_come_for_a_while() -> None:
    """By itself and cleanly, with its memory; a later request gets another one."""
    renderer = Renderer(idle=0.0, command=FAILING)
    await renderer.png("first")
    process = process_of(renderer)
    await until(lambda: process.returncode is not None, "the renderer to end")
    assert process.returncode == 0
    assert await renderer.png("second") == b"second"
    await renderer.close()


async def test_an_idle_process_ends_with_its_input(failing: Renderer) -> None:
    """Nobody needs to kill it."""
    await failing.png("first")
    process = process_of(failing)
    await failing.close()
    assert process.returncode == 0


async def test_each_picture_puts_the_end_off(failing: Renderer) -> None:
    """The time is counted from the last picture, and not while one is rendered."""
    await failing.png("first")
    first = failing._until_idle
    waiting = asyncio.create_task(failing.png("hang"))
    await until(lambda: failing._lock.locked() and failing._until_idle is None, "the second picture to be under way")
    assert first is not None
    assert first.cancelled()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.parametrize(("drawing", "says"), FAILURES.items(), ids=FAILURES)
async def test_a_failing_process_loses_one_picture(failing: Renderer, drawing: str, says: str) -> None:
    """Those who ask before and after it get theirs, the latter from a new process; the failing one is gone."""
    before = await failing.png("before")
    process = process_of(failing)
    lost, after = await asyncio.gather(failing.png(drawing), failing.png("after"), return_exceptions=True)
    assert (before, after) == (b"before", b"after")
    assert isinstance(lost, RenderingFailed)
    assert says in str(lost)
    assert process.returncode is not None
    assert process_of(failing) is not process


async def test_a_process_that_has_died_meanwhile_loses_nothing(failing: Renderer) -> None:
    """It is replaced before anybody is asked to wait for it."""
    await failing.png("first")
    process = process_of(failing)
    process.kill()
    await process.wait()
    assert await failing.png("second") == b"second"


async def test_a_process_that_hangs_is_ended(failing: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the limit; the picture behind it is rendered."""
    monkeypatch.setattr(render_process, "LIMIT_SECONDS", 0.0)
    with pytest.raises(RenderingFailed, match="has not answered"):
        await failing.png("hang")
    monkeypatch.undo()
    assert await failing.png("after") == b"after"


async def test_who_no_longer_waits_leaves_no_process_and_no_answer_behind(failing: Renderer) -> None:
    """A cancelled rendering ends its process; the next one gets its own answer, from another process."""
    await failing.png("first")
    process = process_of(failing)
    waiting = asyncio.create_task(failing.png("hang"))
    queued, patient = asyncio.create_task(failing.png("queued")), asyncio.create_task(failing.png("patient"))
    await until(failing._lock.locked, "the first to be rendered")
    queued.cancel()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert process.returncode is not None
    assert await patient == b"patient"
    assert queued.cancelled()


async def test_closing_ends_what_is_under_way(failing: Renderer) -> None:
    """The picture under way and those that wait fail; no process is left, and none is started any more."""
    await failing.png("first")
    process = process_of(failing)
    waiting = [asyncio.create_task(failing.png(drawing)) for drawing in ("hang", "behind it")]
    await until(failing._lock.locked, "the first to be rendered")
    await failing.close()
    assert [type(result) for result in await asyncio.gather(*waiting, return_exceptions=True)] == [RenderingFailed] * 2
    assert process.returncode is not None
    assert failing._process is None
    with pytest.raises(RenderingFailed, match="closed"):
        await failing.png("later")


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of somebody else's child")
async def test_a_killed_bot_leaves_no_process_behind() -> None:
    """The renderer's input ends with the process that has started it, however that ended."""
    program = (
        "import asyncio\nfrom bot.images.render_process import Renderer\n"
        f"async def main():\n    renderer = Renderer()\n    await renderer.png({SVG!r})\n"
        "    print(renderer._process.pid, flush=True)\n    await asyncio.sleep(3600)\nasyncio.run(main())\n"
    )
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=PIPE)
    assert bot.stdout is not None
    renderer = os.pidfd_open(int(await bot.stdout.readline()))
    try:
        assert not select.select([renderer], [], [], 0)[0], "it waits for the next picture"
        bot.kill()
        await bot.wait()
        assert select.select([renderer], [], [], LIMIT)[0], f"the renderer still runs {LIMIT:g} s after the bot's end"
    finally:
        os.close(renderer)


def test_the_renderer_answers_in_turn_until_its_input_ends() -> None:
    """Each request under its number: a picture, or why there is none."""
    answers = BytesIO()
    asked = (
        render_process.request(7, SVG.encode())
        + render_process.request(8, b"\xff")
        + render_process.request(9, SVG.encode())
    )
    render.answer_all(BytesIO(asked), answers)
    answers.seek(0)
    read_answers = []
    while head := answers.read(render_process.ANSWER_BYTES):
        number, done, size = render_process.read_answer(head)
        read_answers.append((number, done, answers.read(size)))
    picture = render.png(SVG)
    assert [read_answers[0], read_answers[2]] == [(7, True, picture), (9, True, picture)]
    assert read_answers[1][:2] == (8, False)
    assert read_answers[1][2].startswith(b"UnicodeDecodeError: ")


@pytest.mark.parametrize("asked", [b"SV", b"<svg>" * 10], ids=["cut short", "something else"])
def test_what_is_no_request_ends_the_renderer(asked: bytes) -> None:
    """There is nobody to answer."""
    with pytest.raises(ValueError, match="not a request"):
        render.answer_all(BytesIO(asked), BytesIO())
