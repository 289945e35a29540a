"""The picture of the figures: everything fits and is whole, and no colour is needed to read it."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageFont

from bot.images.render import font_files, png
from bot.statistics.chart_svg import KINDS, WIDTH, svg
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.steps import STEPS
from conversations.engine.formatter import Formatter
from conversations.engine.texts import LANGUAGES, Language
from conversations.ticket.progress import named_step
from conversations.ticket.support_text_schema import KINDS as CODES
from tests.guides import guide

FONTS = [ImageFont.truetype(file, 1000) for file in font_files()]
MARGIN = 54
STAGES = PROCEDURE.measures.funnel


def _chart(language: Language = "de", **changes: Any) -> dict[str, Any]:
    """The longest texts, with the figures of a very busy year."""
    texts = guide(language)
    days = [texts.say("figures.day", day=f"{day:02}", month="08", year=2026) for day in (26, 28)]
    steps = [named_step(Formatter(texts), PROCEDURE, step) for step in STEPS]
    return {
        "title": texts.say("figures.title", first=days[0], last=days[1]),
        "subtitle": texts.say("figures.subtitle", started=48888, done=28888, left=19999, under_way=999),
        "results_title": texts.say("figures.results_title"),
        "results": [
            {"label": texts.say(f"figures.results.{name}"), "shown": "48888 · 100 %"}
            for name in ("alone", "to_orders", "first_answer", "rejected")
        ],
        "funnel_title": texts.say("figures.funnel_title"),
        "funnel": [
            {
                "label": texts.say(f"figures.stages.{stage}"),
                "share": 1 / (1 + number),
                "shown": texts.say("figures.share", count=48888, percent=100),
            }
            for number, stage in enumerate(STAGES)
        ],
        "trouble_title": texts.say("figures.trouble_title"),
        "kinds": [texts.say(f"figures.kinds.{kind}") for kind in CODES],
        "trouble": [{"label": step, "parts": [1000, 999, 1, 0, 3000]} for step in steps],
        **changes,
    }


def _lines(drawing: str) -> list[tuple[float, float, float, str]]:
    """Each text as left, right, baseline and words, measured with the font; none is smaller than 27 pixels."""
    lines = []
    for text in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 - our own drawing
        size, x, content = float(text.attrib["font-size"]), float(text.attrib["x"]), text.text or ""
        assert size >= 27
        width = FONTS["font-weight" in text.attrib].getlength(content) * size / 1000
        left = x - width if text.attrib["text-anchor"] == "end" else x
        lines.append((left, left + width, float(text.attrib["y"]), content))
    return lines


def _pixels(drawing: str) -> Image.Image:
    return Image.open(io.BytesIO(png(drawing)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_guide_is_whole(language: Language) -> None:
    """No stage, kind or step is shortened, whatever the figures beside it."""
    drawing = svg(_chart(language))
    assert "…" not in drawing
    assert len(_lines(drawing)) == 4 + 2 * 4 + 2 * len(STAGES) + 1 + len(KINDS) + 2 * len(STEPS)


@pytest.mark.parametrize("words", ["W" * 200, "MW@%" * 20, "il.,:" * 90, "Zugriffsberechtigungen und " * 5])
def test_no_text_runs_into_another_or_out_of_the_picture(words: str) -> None:
    """Measured with the font: own texts of any width are written smaller, then shortened."""
    chart = _chart(
        **dict.fromkeys(("title", "subtitle", "results_title", "funnel_title", "trouble_title"), words),
        kinds=[words] * 5,
    )
    for row in chart["results"] + chart["funnel"] + chart["trouble"]:
        row["label"] = words
    lines = _lines(svg(chart))
    for left, right, y, content in lines:
        assert MARGIN - 1 <= left <= right <= WIDTH - MARGIN + 1, content
        assert not [other for other in lines if other[2] == y and left < other[0] < right], content
    assert sum(content.endswith("…") for *_, content in lines) == 5 + 4 + 5 + len(STAGES) + len(STEPS)


@pytest.mark.parametrize("shown", ["", "9" * 40, "W" * 200])
def test_a_number_of_any_width_is_drawn(shown: str) -> None:
    """A number that leaves its label no room leaves the label out, and stays in the picture."""
    chart = _chart(funnel=[{"label": "Begonnen", "share": 1.0, "shown": shown}], trouble=[])
    assert all(MARGIN - 1 <= left <= right <= WIDTH - MARGIN + 1 for left, right, *_ in _lines(svg(chart)))


def test_words_are_words_and_never_drawing() -> None:
    """Whatever a text holds is written as it is."""
    words = "<b>\"&amp;\" 'A' & B</b>]]><!--"
    chart = _chart()
    for row in (*chart["funnel"][:1], *chart["trouble"][:1]):
        row["label"] = words
    plain = svg(chart | {"kinds": [words] * len(KINDS)})
    assert [content for *_, content in _lines(plain)].count(words) == 2 + len(KINDS)
    assert png(plain).startswith(b"\x89PNG")


def test_without_trouble_the_picture_ends_below_the_funnel() -> None:
    """Where nobody got stuck there is no legend; a stage that nobody reached has an empty bar."""
    with_trouble = _pixels(svg(_chart()))
    none = [{"label": "Begonnen", "share": 0.0, "shown": "0 · 0 %"}]
    image = _pixels(svg(_chart(results=[], funnel=none, trouble=[]))).convert("RGB")
    assert with_trouble.width == image.width == WIDTH
    assert image.height < 500 < with_trouble.height
    colours = {colour for _, colour in image.getcolors(1 << 20) or ()}
    assert (0, 0x72, 0xB2) not in colours
    assert (0xE8, 0xE8, 0xE8) in colours


def test_kinds_are_told_apart_without_their_colours() -> None:
    """The white strokes in the boxes of the legend are others for each kind, and cover less than half of it."""
    root = ET.fromstring(svg(_chart()))  # noqa: S314 - our own drawing
    boxes = [box for box in root if box.get("fill", "").startswith("url") and box.get("height") == "34"]
    image = _pixels(svg(_chart())).convert("RGB")
    strokes = set()
    for box in boxes:
        x, y = (round(float(box.attrib[name])) for name in ("x", "y"))
        area = image.crop((x, y, x + 34, y + 34))
        white = frozenset((i % 34, i // 34) for i, pixel in enumerate(area.get_flattened_data()) if min(pixel) > 240)
        assert len(white) < 34 * 34 / 2
        strokes.add(white)
    assert len(boxes) == len(strokes) == len(KINDS)


def test_the_same_chart_is_the_same_picture_in_every_process() -> None:
    """Byte by byte, here and in a fresh process with another hash seed and locale."""
    chart = _chart()
    program = (
        "import hashlib, json, sys; from bot.statistics.chart_svg import svg; from bot.images.render import png;"
        "print(hashlib.sha256(png(svg(json.load(sys.stdin)))).hexdigest())"
    )
    other = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[3])}
    fresh = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program], input=json.dumps(chart), capture_output=True, text=True, check=True, env=other
    )
    assert fresh.stdout.strip() == hashlib.sha256(png(svg(chart))).hexdigest()
