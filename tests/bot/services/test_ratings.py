"""„Wie war es?“ at the end of a walk: asked once, answered with a click, changed with another one, nobody's secret."""

from functools import partial
from typing import Any

import pytest

from bot.services import privacy, ratings
from bot.store.models import Rating
from conversations.engine.procedure import AnyProcedure
from conversations.registry import PROCEDURES
from tests.bot.blocks.slack_limits import check_view
from tests.bot.services.test_agent_messages import SECRET
from tests.bot.services.visits import PLACE, TEAM, Visit

Json = dict[str, Any]
At = tuple[int, str]
"""A walk, and the key of its last message."""
FACES = ["rate:good", "rate:fair", "rate:poor"]


def end(person: Visit, procedure: AnyProcedure | None = None) -> At:
    """Begin and end a walk; where its last message asks."""
    person.begin(procedure)
    person.act("cancel")
    return person.walk_id, person.rows("post")[-1]["key"]


def tap(person: Visit, at: At, face: str) -> None:
    person.do(partial(ratings.press, walk_id=at[0], key=at[1], place=PLACE, face=face))


def write(person: Visit, at: At, words: str) -> Json | None:
    return person.do(lambda unit: ratings.submit(unit, *at, {"sentence": words}))


def said(person: Visit, at: At) -> Rating | None:
    return person.do(lambda unit: unit.tx.rating(at[0]))


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES.keys())
def test_the_last_message_asks_with_three_faces(erika: Visit, procedure: AnyProcedure) -> None:
    """In every procedure; the message of a step under way does not ask."""
    erika.begin(procedure)
    assert "rate:good" not in erika.newest()
    erika.act("cancel")
    assert all(face in erika.newest() for face in FACES)


def test_one_tap_is_stored_and_a_second_one_changes_it(erika: Visit) -> None:
    """There is one answer for each walk; the message shows which."""
    at = end(erika)
    assert said(erika, at) is None
    for face in ("good", "poor"):
        tap(erika, at, face)
        rating = said(erika, at)
        assert rating is not None
        assert (rating.face, rating.sentence) == (face, "")
        assert "rating.thanks" in erika.newest("update")
        assert f"{face}" in erika.newest("update")


def test_a_sentence_is_kept_without_secrets_and_can_be_changed(erika: Visit) -> None:
    """It comes after a face; another face leaves it; an empty one takes it back; a token is never in it."""
    at = end(erika)
    assert "answers.stale" in str(write(erika, at, "Too early"))
    tap(erika, at, "fair")
    assert write(erika, at, f"Long. My token was {SECRET}") is None
    rating = said(erika, at)
    assert rating is not None
    assert rating.sentence.startswith("Long. My token was")
    assert SECRET not in str(list(erika.store.db.query("SELECT * FROM ratings")))
    tap(erika, at, "good")
    view = erika.do(partial(ratings.form, walk_id=at[0], key=at[1], place=PLACE))
    assert view is not None
    check_view(view)
    assert "Long. My token was" in str(view)
    assert "rating.thanks_words" in erika.newest("update")
    write(erika, at, "  ")
    assert said(erika, at) == Rating(walk_id=at[0], face="good", sentence="", at=rating_at(erika, at))


def rating_at(person: Visit, at: At) -> Any:
    rating = said(person, at)
    assert rating is not None
    return rating.at


def test_only_ones_own_walk_that_is_over_can_be_rated(erika: Visit, oliver: Visit, anna: Visit) -> None:
    """Nobody else, nobody before the end, and not the agent of a walk on the phone."""
    at = end(erika)
    for person in (oliver, anna):
        tap(person, at, "poor")
        assert "answers.foreign" in str(write(person, at, "Theirs"))
    assert said(erika, at) is None
    oliver.begin()
    tap(erika, (at[0], str(oliver.record.live_key)), "poor")
    assert said(erika, at) is None, "another message would be overwritten"
    early = (oliver.walk_id, str(oliver.record.live_key))
    tap(oliver, early, "good")
    assert said(oliver, early) is None
    anna.command("phone Caller")
    anna.act("cancel")
    assert "rating." not in anna.newest()
    on_phone = (anna.walk_id, anna.rows("post")[-1]["key"])
    tap(anna, on_phone, "good")
    assert said(anna, on_phone) is None


def test_export_and_erasure_know_it(erika: Visit) -> None:
    """Their file has the face and the sentence; after the erasure there is nothing."""
    at = end(erika)
    tap(erika, at, "poor")
    write(erika, at, "Too many steps")
    kept = erika.do(lambda unit: unit.tx.export_person(TEAM, erika.who.user_id))
    assert [(one["face"], one["sentence"]) for one in kept["ratings"]] == [("poor", "Too many steps")]
    erika.do(privacy.forget)
    assert list(erika.store.db.query("SELECT * FROM ratings")) == []
