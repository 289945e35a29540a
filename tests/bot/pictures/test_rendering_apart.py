"""Rendering in a process of its own."""

import asyncio

import pytest

from bot.pictures import rendering
from bot.pictures.apart import Renderer, RenderingFailed

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#123456"/></svg>'
)


async def test_a_picture_rendered_apart_is_the_same() -> None:
    """Byte by byte, also when several are asked for at once."""
    apart = Renderer()
    assert await asyncio.gather(apart.png(SVG), apart.png(SVG)) == [rendering.png(SVG)] * 2


async def test_what_is_no_drawing_is_told_and_harms_nothing() -> None:
    """The renderer's own words; the next picture is rendered."""
    apart = Renderer()
    with pytest.raises(RenderingFailed, match=r"\w"):
        await apart.png("this is no SVG")
    assert (await apart.png(SVG)).startswith(b"\x89PNG")


async def test_who_no_longer_waits_leaves_no_process_behind() -> None:
    """A cancelled rendering ends its process and lets the next one in."""
    apart = Renderer()
    waiting = asyncio.create_task(apart.png(SVG))
    await asyncio.sleep(0.02)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(30):
        assert await apart.png(SVG)
