"""Labels are whole, apart and readable; measured with the font, on the pixels and on the palette."""

import io
import re
from importlib.resources import files

import pytest
from lettering import SIZES, complaints, letterings
from PIL import Image

from bot.images.render import png
from conversations.amazon_token.illustrations import PICTURES
from conversations.engine.pictures import SIZE, Illustration
from conversations.engine.texts import Texts
from tests.guides import GUIDES

ALL_TEXTS = GUIDES
FRAME = (files("conversations.engine") / "frame.svg").read_text("utf-8")
EVERY = pytest.mark.parametrize("picture", PICTURES.all_examples(), ids=lambda picture: picture.name)
BOTH = pytest.mark.parametrize("texts", ALL_TEXTS.values(), ids=ALL_TEXTS)


@EVERY
@BOTH
def test_no_label_is_cut_off_and_none_overlap(picture: Illustration, texts: Texts) -> None:
    """Each label is narrower than its room, every room lies in the picture, no two meet, and no mark hides one."""
    assert complaints(PICTURES.drawing(texts, picture)) == []


@BOTH
def test_labels_a_third_longer_are_noticed(texts: Texts) -> None:
    """The measure has teeth: with labels 30 % longer the tight ones are named as cut off, with both widths."""
    cut_off = [
        complaint
        for picture in PICTURES.all_examples()
        for complaint in complaints(PICTURES.drawing(texts, picture), 1.3)
    ]
    assert any(re.fullmatch(r"cut off: SP-API Authentifizierung \(\d+ > \d+\)", complaint) for complaint in cut_off)
    everywhere = [
        picture.name for picture in PICTURES.all_examples() if not complaints(PICTURES.drawing(texts, picture), 5)
    ]
    assert everywhere == []


def test_overlapping_labels_are_noticed() -> None:
    """Two labels in one place are named, and a label below a mark."""
    svg = PICTURES.drawing(ALL_TEXTS["de"], Illustration("key_set"))
    assert complaints(svg.replace('#mark-1" x="60"', '#mark-1" x="110"')) == ["hidden by a mark: Alternativ"]
    assert any(complaint.startswith("overlap: ") for complaint in complaints(re.sub(r'y="118"', 'y="171"', svg)))


@EVERY
def test_what_is_measured_is_what_is_drawn(picture: Illustration) -> None:
    """The font's widths and the renderer's pixels agree for each label, but for the blank at both ends."""
    style = FRAME[FRAME.index("<style>") : FRAME.index("</style>")]
    svg = PICTURES.drawing(ALL_TEXTS["de"], picture)
    for lettering, drawn in zip(letterings(svg), re.findall(r"<text [^>]*data-room.*?</text>", svg), strict=True):
        alone = f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="420">{style}</style>{drawn}</svg>'
        box = Image.open(io.BytesIO(png(alone, scale=1))).getchannel("A").getbbox()
        assert box is not None
        assert abs((box[2] - box[0]) - lettering.width) <= 0.03 * lettering.width + 4
        assert lettering.room[0] - 1.5 <= box[0]
        assert box[2] <= lettering.room[2] + 1.5


@EVERY
def test_labels_are_large_enough_for_a_phone(picture: Illustration) -> None:
    """Nothing is smaller than 24 units: 12 pixels where 720 units are shown 360 pixels wide."""
    assert min(SIZES.values()) >= 24
    assert all(lettering.size >= 24 for lettering in letterings(PICTURES.drawing(ALL_TEXTS["de"], picture)))
    assert set(re.findall(r"font-size: (\d+)px", FRAME)) == {str(size) for size in SIZES.values()}


@EVERY
@BOTH
def test_a_picture_is_crisp_and_small(picture: Illustration, texts: Texts) -> None:
    """Two pixels for each unit, fully opaque (it is shown on light and on dark), and below 150 kB."""
    data = png(PICTURES.drawing(texts, picture))
    assert len(data) < 150_000
    image = Image.open(io.BytesIO(data))
    assert image.size == (2 * SIZE[0], 2 * SIZE[1])
    assert image.getchannel("A").getextrema() == (255, 255)


def _palette(name: str) -> dict[str, str]:
    rule = re.search(rf"(?m)^    {name} {{ (.*) }}$", FRAME)
    assert rule is not None, name
    return dict(re.findall(r"([a-z-]+): (#[0-9a-f]{6})", rule[1]))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_labels_and_marks_stand_out() -> None:
    """Labels have a contrast of at least 4.5 on every background, marks and windows of at least 3."""
    grounds = [_palette(name)["fill"] for name in (r"\.window", r"\.bar", r"\.chosen", r"\.field")]
    for name in ("text", r"\.quiet", r"\.link"):
        assert min(_contrast(_palette(name)["fill"], ground) for ground in grounds) >= 4.5
    for ground in (r"\.button", r"\.disc"):
        assert _contrast(_palette(r"\.on-dark")["fill"], _palette(ground)["fill"]) >= 4.5
    background = FRAME[FRAME.index('height="420" fill="') :].split('"')[3]
    assert all(_contrast(_palette(r"\.ring")["stroke"], ground) >= 3 for ground in [*grounds, background])
    assert _contrast(_palette(r"\.window")["stroke"], background) >= 3


@EVERY
def test_the_spot_is_marked_by_ring_and_number(picture: Illustration) -> None:
    """Colour is never the only sign, and there are three marks at most; a drawing brings no colours of its own."""
    svg = (files("conversations.amazon_token") / "pictures" / f"{picture.name}.svg").read_text("utf-8")
    marks = re.findall(r'href="#mark-(\d)"', svg)
    assert 1 <= len(marks) <= 3
    assert 'class="ring"' in svg
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|style=|font-|fill=|stroke=", re.sub(r'href="#[^"]*"', "", svg))
