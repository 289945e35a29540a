"""The pictures that are kept: one for each workspace, language and drawing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.store.models import ImageRecord
from bot.store.protocol import Store
from tests.one_transaction import OneTransaction

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PICTURE = ImageRecord(team_id="T1", name="token", language="de", digest="a" * 32, file_id="F1", kept_at=NOW)


def found(store: Store, picture: ImageRecord) -> ImageRecord | None:
    return store.picture(picture.team_id, picture.name, picture.language, picture.digest)


def test_a_picture_is_found_by_workspace_language_and_drawing(store: Store) -> None:
    """Nothing else of it is taken for it."""
    store.save_picture(PICTURE)
    assert found(store, PICTURE) == PICTURE
    for other in ({"team_id": "T2"}, {"language": "en"}, {"name": "save"}, {"digest": "b" * 32}):
        assert found(store, replace(PICTURE, **other)) is None


def test_a_changed_drawing_replaces_the_file_before(store: Store) -> None:
    """Only the picture filled with the same values is replaced."""
    filled = replace(PICTURE, digest="c" * 32, values=(("id", "5881"),), file_id="F2")
    store.save_picture(PICTURE)
    store.save_picture(filled)
    changed = replace(PICTURE, digest="b" * 32, file_id="F3")
    store.save_picture(changed)
    assert found(store, PICTURE) is None
    assert (found(store, changed), found(store, filled)) == (changed, filled)


def test_what_is_served_at_an_address_stays_when_the_drawing_changes(store: Store) -> None:
    """Messages in Slack show it; with the address it is found from any workspace."""
    served = replace(PICTURE, file_id=None)
    store.save_picture(served)
    store.save_picture(replace(served, digest="b" * 32))
    assert store.served_picture("token", "de", "a" * 32) == served
    assert store.served_picture("token", "en", "a" * 32) is None


def test_a_forgotten_picture_is_gone(store: Store) -> None:
    """Slack did not show it any more."""
    store.save_picture(PICTURE)
    store.forget_picture(PICTURE)
    assert found(store, PICTURE) is None


def test_old_pictures_are_forgotten_with_everything_else(store: Store) -> None:
    """A picture may be filled with a merchant's value, so it is kept no longer than their walk."""
    store.save_picture(PICTURE)
    store.save_picture(replace(PICTURE, name="save", kept_at=NOW + timedelta(days=2)))
    OneTransaction(store).purge(NOW + timedelta(days=31), timedelta(days=30))
    assert found(store, PICTURE) is None
    assert store.picture("T1", "save", "de", "a" * 32) is not None
