"""Pictures are the same everywhere, and the renderer costs nothing until it is needed."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.__main__ import app
from bot.images.render import font_files, png
from conversations.amazon_token.developer_ids import DOCUMENTED_ID
from conversations.amazon_token.illustrations import PICTURES
from conversations.engine.pictures import Illustration, Pictures
from conversations.engine.texts import LANGUAGES
from conversations.registry import PROCEDURES
from tests.guides import guide

FRESH = """
import hashlib
from bot.images.render import png
from conversations.amazon_token.illustrations import PICTURES
from conversations.engine.pictures import Illustration
from tests.guides import guide
print(hashlib.sha256(png(PICTURES.drawing(guide("de"), Illustration("manage_apps")))).hexdigest())
"""


def test_a_picture_is_the_same_in_every_process() -> None:
    """The same texts give the same bytes: twice here, and in a fresh process with another hash seed and locale."""
    svg = PICTURES.drawing(guide("de"), Illustration("manage_apps"))
    digest = hashlib.sha256(png(svg)).hexdigest()
    assert hashlib.sha256(png(svg)).hexdigest() == digest
    other = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", FRESH]
    fresh = subprocess.run(command, capture_output=True, text=True, check=True, env=other)  # noqa: S603 - ourselves
    assert fresh.stdout.strip() == digest


def test_only_the_packaged_fonts_are_used() -> None:
    """The fonts lie in a package beside the program; lettering in any other family is not drawn at all."""
    assert all(Path(file).is_file() and "fontpkg" in file for file in font_files())
    start, end = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">', "</svg>"
    text = '<text y="20" font-family="{}">AB</text>'
    assert png(start + text.format("Atkinson Hyperlegible") + end) != png(start + end)
    assert png(start + text.format("DejaVu Sans") + end) == png(start + end)


def test_what_is_no_drawing_is_refused() -> None:
    """A broken drawing is an error, never an empty picture."""
    with pytest.raises(ValueError, match=r"\S"):
        png("<svg")


def test_the_renderer_is_loaded_late() -> None:
    """Neither the parts of a serving bot nor the drawings load it: it costs memory only once a picture is rendered."""
    program = "import sys, bot.app.bootstrap, bot.images.render, bot.images.sheet; print('resvg_py' in sys.modules)"
    environment = {"PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", program]
    process = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603 - ourselves
    assert process.stdout.strip() == "False"


def test_the_command_writes_sheet_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pictures` writes one file for each picture and language, and a sheet that shows them all."""
    every = Pictures.all_examples
    monkeypatch.setattr(Pictures, "all_examples", lambda self: every(self)[:2])  # all of them take ten seconds
    few = [f"{name}.{one.name}" for name, each in PROCEDURES.items() for one in each.pictures.all_examples()]
    sheet, out = tmp_path / "sheet.png", tmp_path / "new" / "folder"
    result = CliRunner().invoke(app, ["pictures", "--sheet", str(sheet), "--out", str(out)])
    assert result.exit_code == 0
    written = {f"{picture}.{language}.png" for picture in few for language in LANGUAGES}
    assert {file.name for file in out.iterdir()} == written
    with Image.open(sheet) as image:
        assert image.size == (2304, 24 + len(few) * 464)


def test_the_examples_are_every_picture() -> None:
    """Nothing is left out of the sheet, and the ID in it is nobody's."""
    assert tuple(picture.name for picture in PICTURES.all_examples()) == PICTURES.names
    assert not any(DOCUMENTED_ID in value for picture in PICTURES.all_examples() for _, value in picture.values)


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    """Nothing to write, or nowhere to write it, is reported in a sentence with the remedy."""
    (tmp_path / "file").touch()
    nothing = CliRunner().invoke(app, ["pictures"])
    nowhere = CliRunner().invoke(app, ["pictures", "--out", str(tmp_path / "file")])
    assert (nothing.exit_code, nowhere.exit_code) == (2, 2)
    assert "--sheet FILE" in nothing.output
    assert "Name another place." in nowhere.output
