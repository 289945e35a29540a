"""Steps that are shown together: what may be among them, and how much there is to read."""

import re
from typing import Any

import pytest

from bot.blocks.actions import Address
from bot.blocks.step import StepView, step_message
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine import screens
from conversations.engine.texts import LANGUAGES, Language
from tests.conversations.amazon_token.token_walks import (
    ALONE,
    DETOURS,
    READER,
    START,
    STEP_BY_STEP,
    THREE,
    Merchant,
    accounts,
    at,
)
from tests.guides import guide

LIVE = [step for step in ALONE if PROCEDURE.steps[step].end is None]
WORD = re.compile(r"\w[\w„“’'.:-]*")


def _message(merchant: Merchant, language: Language, *, expanded: bool = False) -> list[dict[str, object]]:
    walk = merchant.walk
    view = StepView(texts=guide(language), walk=walk, address=Address(1, 1, walk.step, "k" * 32), expanded=expanded)
    blocks: list[dict[str, object]] = step_message(view)["blocks"]
    return blocks


def _read(merchant: Merchant, language: Language) -> str:
    """Title and instructions, without the number of the step and what the buttons say."""
    return "\n".join(block["text"]["text"] for block in _message(merchant, language) if block["type"] == "section")  # type: ignore[index]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", LIVE)
def test_a_message_is_short(step: str, language: Language) -> None:
    """At most 60 words for one act and 90 for several, with one account and with three."""
    for answers in ({}, THREE):
        merchant = at(step, answers={**DETOURS.get(step, {}), **answers})
        acts = len(screens.shown(merchant.walk).open)
        words = WORD.findall(_read(merchant, language))
        assert len(words) <= (90 if acts > 1 else 60), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_account_to_select_is_named(language: Language) -> None:
    """Of one account and of several, by its name: nobody with one account reads about others."""
    for answers, name in (({}, "Amazon DE"), ({**THREE, **STEP_BY_STEP}, "Amazon FR")):
        merchant = at("select_account", answers=answers)
        while answers and merchant.walk.state.item == 0:
            merchant.answer(answers)
        while merchant.step != "select_account":
            merchant.answer(answers)
        assert f"*{name}*" in guide(language).say(merchant.walk.text_key, **merchant.walk.text_values())


def test_a_picture_beside_several_acts_names_its_act() -> None:
    """It has numbers of its own, which are not those of the acts; alone with its act it needs no name."""
    for step, named in (
        ("select_account", "2"),
        ("seller_central", "2"),
        ("save_account", "1"),
        ("backup_token", None),
    ):
        picture = next(block for block in _message(at(step), "de") if block["type"] == "image")
        title = picture.get("title")
        shown = title["text"] if isinstance(title, dict) else None
        assert shown == (guide("de").say("frame.picture_of", number=named) if named else None)


def test_the_funnel_follows_the_usual_way() -> None:
    """Each of its stages is reached by a merchant in Europe who names the accounts in one form."""
    merchant = Merchant()
    while not merchant.walk.over:
        merchant.answer({"account_region": accounts("Amazon DE")})
    assert set(PROCEDURE.measures.funnel) <= set(merchant.seen)


@pytest.mark.parametrize(
    ("step", "label"),
    [
        ("before_start", "how_to_tell"), ("ready_to_disable", "how_to_tell"), ("differing_seller_id", "how_to_tell"),
        ("connect_version", "where"), ("backup_token", "where"),
        ("further_account", "where"), ("with_support", "where"),
    ],
)  # fmt: skip
def test_the_explanation_of_a_question_says_how_to_tell(step: str, label: str) -> None:
    """„Wo finde ich das?“ explains where something is; below a question it is „Woran erkenne ich das?“."""
    merchant = at(step, answers=DETOURS.get(step, {}))
    rows: Any = [block["elements"] for block in _message(merchant, "de") if block["type"] == "actions"]
    shown = {element["text"]["text"] for row in rows for element in row if element["type"] == "button"}
    both = {guide("de").say(f"buttons.{one}") for one in ("how_to_tell", "where")}
    assert shown & both == {guide("de").say(f"buttons.{label}")}


def test_nothing_inside_a_screen_begins_the_danger_zone() -> None:
    """What switches something off, and the question before it, is alone; nothing guarded can be pressed beside others.

    Going back to the old access is asked about anyway, and is offered at every step of the danger zone.
    """
    grouped = {step for screen in PROCEDURE.screens.values() for step in screen.steps}
    alone = {
        "backup_token", "ready_to_disable", "disable_access", "licence_terms", "new_credentials", "check_seller_id",
        "new_token", "first_fetch", "second_fetch",
    }  # fmt: skip
    assert not grouped & alone
    for step in grouped:
        assert not any(offer.guarded for offer in PROCEDURE.steps[step].offers), step
        merchant = at(step)
        urgent = merchant.walk.urgency is not None
        for offer in merchant.walk.offers():
            tried = merchant.walk.copy()
            if offer.form is None:
                tried.act(offer.event, {"choice": offer.choices[0]} if offer.choices else {}, READER, START)
                assert urgent or tried.urgency is None, (step, offer.event)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heading_names_all_steps_and_the_acts_are_numbered(language: Language) -> None:
    """„Schritte 5–8 von 17“, 1 to 4; what is done is ticked, and the others keep their numbers."""
    texts = guide(language)
    whole = str(_message(at("seller_central"), language))
    assert texts.say("frame.heading_several", number="5–8", total=17, place="Seller Central") in whole
    for number, step in enumerate(("seller_central", "settings_menu", "user_permissions", "manage_apps"), 1):
        first = texts.say(f"steps.{step}.text").split()[0]
        assert f"*{number}.* {first}" in _read(at("seller_central"), language)
    later = _read(at("user_permissions"), language)
    for step in ("seller_central", "settings_menu"):
        assert f"✓ {texts.say(f'steps.{step}.title')}" in later
    assert "*1.*" not in later
    assert "*3.*" in later
    assert "*4.*" in later


def test_where_do_i_find_this_shows_the_picture_of_each_act() -> None:
    """The hardest act's picture is in the message already; each of the others is beside its explanation."""
    merchant = at("seller_central")
    pictures = [str(block) for block in _message(merchant, "de", expanded=True) if block["type"] == "image"]
    assert len(pictures) == 4
    for step in ("seller_central", "settings_menu", "user_permissions", "manage_apps"):
        assert sum(f"amazon_token.{step}" in picture for picture in pictures) == 1, step


def test_an_account_that_was_forgotten_is_added_without_saving_the_present_one() -> None:
    """„Es fehlt noch ein Konto“ below „Speichern“ says nothing about saving."""
    offers = {placed.offer.event: placed for placed in screens.shown(at("save_account").walk).offers}
    assert (offers["add_accounts"].at, offers["add_accounts"].acts) == ("save_account", 0)
    assert (offers["all_saved"].at, offers["all_saved"].acts) == ("next_account", 1)
    merchant = at("save_account")
    merchant.do("add_accounts", names="Amazon FR")
    assert (merchant.step, [account.name for account in merchant.facts.left]) == (
        "save_account",
        ["Amazon DE", "Amazon FR"],
    )
