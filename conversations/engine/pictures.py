"""The pictures of a procedure: which belongs to a step, and the picture as SVG with its labels in one language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Template
from typing import Generic, TypeVar
from xml.sax.saxutils import escape

from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Texts
from conversations.engine.walk_state import ProcedureFacts

F = TypeVar("F", bound=ProcedureFacts)
S = TypeVar("S", bound=ProcedureSettings)
SIZE = (720, 420)
"""Width and height of every picture, in units; a phone shows it about half as large."""


@dataclass(frozen=True)
class Illustration:
    """One drawing and the values written into it, besides the labels."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pictures(Generic[F, S]):
    """The pictures of a procedure, as `<name>.svg` in the folder `pictures` of `package`.

    `by_step`: the picture of each step, `None` for a step that happens on no screen. `of` is the picture of a step for
    these facts; `None` where there is none, or where it may not be shown. `labels` are written into the drawings (texts
    `pictures.labels.<code>`), and so are the names of `places`, and the `constants`, the same in each language.
    `alt_values` are the values that the text `pictures.alt.<name>` may name; `examples` are values for a look at all
    pictures, and `beforehand` the facts by which those are found that can be drawn before somebody needs them.
    """

    package: str
    names: tuple[str, ...] = ()
    by_step: Mapping[str, str | None]
    of: Callable[[str, F, S], Illustration | None]
    labels: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    alt_values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    examples: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    beforehand: Callable[[S], Iterable[F]]

    def drawing(self, texts: Texts, picture: Illustration) -> str:
        """The picture as SVG, of `SIZE`. Raises `KeyError` for a label without a text, `OSError` without a drawing."""
        labels = {label: texts.say(f"pictures.labels.{label}") for label in self.labels}
        labels |= {f"place_{place}": texts.say(f"frame.places.{place}") for place in self.places}
        labels |= {**self.constants, **dict(picture.values)}
        inner = _svg_template(self.package, picture.name)
        drawn = inner.substitute({name: escape(text) for name, text in labels.items()})
        return _frame().substitute(drawing=drawn)

    def alt_text(self, texts: Texts, picture: Illustration) -> str:
        """What the picture shows and what to do there, as plain text."""
        return texts.say(f"pictures.alt.{picture.name}", **{**self.constants, **dict(picture.values)})

    def all_examples(self) -> list[Illustration]:
        """One of each picture, in the order of the steps."""
        return [Illustration(name, self.examples.get(name, ())) for name in self.names]


@cache
def _frame() -> Template:
    """What every drawing is in, whichever procedure it belongs to: one palette, one typography, windows and marks."""
    return Template((files("conversations.engine") / "frame.svg").read_text("utf-8"))


@cache
def _svg_template(package: str, name: str) -> Template:
    return Template((files(package) / "pictures" / f"{name}.svg").read_text("utf-8"))
