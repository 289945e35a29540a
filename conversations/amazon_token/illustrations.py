"""Which picture belongs to a step, and the picture as SVG with its labels in one language."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Protocol
from xml.sax.saxutils import escape

from conversations.amazon_token.checks import MINIMUM_VERSION
from conversations.amazon_token.policy import DEVELOPER_NAME
from conversations.amazon_token.variants import VARIANTS, given_developer_id, text_key

if TYPE_CHECKING:
    from conversations.amazon_token.facts import Facts
    from conversations.amazon_token.policy import Policy
    from conversations.engine.texts import Texts

SIZE = (720, 420)
"""Width and height of every picture, in units; a phone shows it about half as large."""

LABELS = (
    # of Speed4Trade CONNECT, which is German in both languages
    "settings_connect", "accounts_and_access", "amazon", "key_set", "standard", "alternativ", "seller_id_connect",
    "token_connect", "save", "sp_api_token", "sp_api_button",
    # of Seller Central
    "primary_user", "settings", "user_permissions", "third_party", "visit_apps", "my_apps", "disable", "enable",
    "authorize_new", "developer_name_field", "developer_id_field", "licence", "seller_id", "new_token",
    # captions
    "first_try", "may_fail", "second_try",
)  # fmt: skip
"""The labels in the pictures, by code; their texts are `pictures.labels.<code>`."""

ILLUSTRATIONS: dict[str, str | None] = {
    "briefing": None,  # asked by the bot, on no screen
    "still_receiving": None,  # the same
    "connect_version": "connect_version",
    "update_required": "connect_version",
    "account_mask": "account_mask",
    "which_mask": "which_mask",
    "newer_mask": "newer_mask",
    "region": None,  # asked by the bot, on no screen
    "current_key_set": "current_key_set",
    "no_developer_id": None,  # in the handbook, not on a screen
    "accounts": "accounts",
    "select_account": "select_account",
    "key_set": "key_set",
    "backup_token": "backup_token",
    "seller_central": "seller_central",
    "settings_menu": "settings_menu",
    "user_permissions": "user_permissions",
    "manage_apps": "manage_apps",
    "ready_to_disable": None,  # asked by the bot, on no screen
    "disable_access": "disable_access",
    "new_developer": "new_developer",
    "authorize_developer": "authorize_developer",
    "licence": "licence",
    "credentials": "credentials",
    "seller_id": "seller_id",
    "token": "token",
    "save": "save",
    "next_account": "next_account",
    "first_fetch": "first_fetch",
    "second_fetch": "second_fetch",
    "with_support": None,  # support's turn
    "going_back": "going_back",
    "done": None,
    "cancelled": None,
    "reverted": None,
}
"""The picture of each step; `None` for a step that happens on no screen."""

SECOND_VARIANTS = {"save": "save_unchanged", "next_account": "accounts_saved"}
"""The picture that replaces another one where the second variant of the step's text applies (`variants.VARIANTS`)."""

NAMES = (*dict.fromkeys(name for name in ILLUSTRATIONS.values() if name is not None), *SECOND_VARIANTS.values())
"""Every picture; `<name>.svg` is its drawing, `pictures.alt.<name>` its alternative text."""

ALT_VALUES = {
    "connect_version": frozenset({"minimum"}),
    "authorize_developer": frozenset({"developer_name", "developer_id"}),
}
"""The values that the alternative text of a picture may name."""


@dataclass(frozen=True)
class Illustration:
    """One drawing and the values written into it, besides the labels."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


class StepPosition(Protocol):
    """What decides which picture is shown: the part of a `Walk` that `illustration_for` reads."""

    @property
    def step(self) -> str:
        """The ID of the step."""

    @property
    def facts(self) -> "Facts":
        """What the walk knows."""

    @property
    def policy(self) -> "Policy":
        """The operator's settings."""


def illustration_for(walk: StepPosition) -> Illustration | None:
    """The picture of the present step, or `None` for a step that happens on no screen.

    The developer form is drawn only where its ID may be shown (the same rule as in the step's text).
    """
    name = ILLUSTRATIONS.get(walk.step)
    if name is None:
        return None
    if name == "authorize_developer":
        developer_id = given_developer_id(walk.facts, walk.policy)
        if developer_id is None:
            return None
        return Illustration(name, (("developer_id", developer_id),))
    if name == "connect_version":
        return Illustration(name, (("minimum", str(MINIMUM_VERSION)),))
    variants = VARIANTS.get(walk.step, ())
    second = name in SECOND_VARIANTS and text_key(walk.step, walk.facts, walk.policy).endswith(f".{variants[1]}")
    return Illustration(SECOND_VARIANTS[name] if second else name)


def drawing(texts: "Texts", picture: Illustration) -> str:
    """The picture as SVG, 720 × 420 units, with labels from `texts`. Raises `KeyError` for a label without a text."""
    labels = {label: texts.say(f"pictures.labels.{label}") for label in LABELS}
    labels |= {f"place_{place}": texts.say(f"frame.places.{place}") for place in ("connect", "seller_central")}
    # The developer's name is the same in every language; the developer ID only ever comes with the picture.
    labels |= {"developer_name": DEVELOPER_NAME} | dict(picture.values)
    inner = _svg_template(picture.name).substitute({name: escape(text) for name, text in labels.items()})
    return _svg_template("frame").substitute(drawing=inner)


def alt_text(texts: "Texts", picture: Illustration) -> str:
    """What the picture shows and what to do there, as plain text."""
    return texts.say(f"pictures.alt.{picture.name}", **{"developer_name": DEVELOPER_NAME, **dict(picture.values)})


@cache
def _svg_template(name: str) -> Template:
    return Template(files("conversations.amazon_token").joinpath("pictures", f"{name}.svg").read_text("utf-8"))
