"""What a walk knows: how it is stored, and what its own verbs do to it."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from conversations.amazon_token.facts import TRAIL_LIMIT, Account, Facts, Fetch, TokenMemory, TrailEntry

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def _named(*names: str, saved: int = 0) -> Facts:
    facts = Facts(accounts=[Account(name=name) for name in names])
    for account in facts.accounts[:saved]:
        account.saved_at = AT
    return facts


def _names(accounts: list[Account]) -> list[str]:
    return [account.name for account in accounts]


def test_json_restores_everything() -> None:
    """What is stored comes back without loss, times aware."""
    facts = Facts(
        step="save",
        trail=[TrailEntry(step="token", account=0)],
        repeats={"token": 2},
        orders_arriving=False,
        version="4.9.24.4",
        mask="key_set",
        region="europe",
        key_set_before="standard",
        key_set="alternativ",
        accounts=[
            Account(
                name="Amazon DE", backup=True, seller_id="same", token=TokenMemory(last4="1234", repairs=("blanks",)),
                old_token_hash="00", saved_at=AT,
            )
        ],
        first_token_hash="11",
        credentials_shown=True,
        access_off_at=AT,
        fetches=[Fetch(at=LATER, worked=False)],
        failed_accounts=["Amazon DE"],
        error_texts=["AccessDenied"],
    )  # fmt: skip

    restored = Facts.model_validate_json(facts.model_dump_json())

    assert restored == facts
    assert restored.fetches[0].at.tzinfo is not None


def test_unknown_fields_are_refused() -> None:
    """A field of another version is noticed when it is loaded, not silently dropped."""
    with pytest.raises(ValidationError, match="extra"):
        Facts.model_validate_json('{"token_text": "x"}')


def test_times_without_zone_are_refused() -> None:
    """A naive time cannot be stored."""
    with pytest.raises(ValidationError, match="timezone"):
        Fetch.model_validate({"at": datetime(2026, 3, 2, 9, 0), "worked": True})  # noqa: DTZ001


def test_token_memory_has_room_for_four_characters() -> None:
    """A whole token does not fit where its last four characters are kept."""
    with pytest.raises(ValidationError):
        TokenMemory(last4="12345")


def test_nothing_is_known_at_first() -> None:
    """Fresh facts have no account, no way back and no danger."""
    facts = Facts()
    assert (facts.account, facts.came_from, facts.left, facts.saved) == (None, None, [], [])
    assert not facts.in_danger_zone


def test_trail_forgets_its_oldest_steps() -> None:
    """The trail is bounded; the newest marks are the ones that stay."""
    facts = Facts()
    for number in range(TRAIL_LIMIT + 5):
        facts.leave(f"step_{number}")
    assert len(facts.trail) == TRAIL_LIMIT
    assert (facts.trail[0].step, facts.came_from) == ("step_5", f"step_{TRAIL_LIMIT + 4}")


def test_retracing_returns_to_the_account_of_that_time() -> None:
    """A mark holds which account was worked on."""
    facts = _named("A", "B")
    facts.leave("save")
    facts.account_index = 1
    facts.leave("select_account")

    facts.retrace()
    assert (facts.account_index, facts.came_from) == (1, "save")
    facts.retrace()
    assert (facts.account_index, facts.came_from) == (0, None)


def test_naming_accounts_anew_keeps_saved_ones_and_what_is_known() -> None:
    """A saved account cannot be un-named; a known one keeps what it knows; the next unsaved one is worked on."""
    facts = _named("A", "B", "C", saved=1)
    facts.accounts[1].backup = True

    facts.name_accounts(["b", "D"])

    assert _names(facts.accounts) == ["A", "B", "D"]
    assert facts.accounts[1].backup
    assert (_names(facts.saved), _names(facts.left)) == (["A"], ["B", "D"])
    assert facts.account is facts.accounts[1]


def test_naming_only_saved_accounts_points_to_an_account() -> None:
    """When every named account is saved there still is one to look at."""
    facts = _named("A", "B", "C", saved=1)
    facts.account_index = 2

    facts.name_accounts(["A"])

    assert facts.account is facts.accounts[0]


def test_adding_accounts_ignores_those_already_listed() -> None:
    """An account is listed once, whatever the case it is typed in."""
    facts = _named("A", saved=1)
    facts.add_accounts(["a", "B"])
    assert _names(facts.accounts) == ["A", "B"]
    assert facts.account_index == 0


def test_pointing_to_the_next_account_takes_the_first_unsaved() -> None:
    """Accounts are worked on in their order; without one left nothing moves."""
    facts = _named("A", "B", "C", saved=2)
    facts.point_to_next()
    assert facts.account_index == 2
    facts.accounts[2].saved_at = AT
    facts.point_to_next()
    assert facts.account_index == 2


def test_danger_zone_from_switching_off_to_last_save_or_switching_on() -> None:
    """Orders are paused while the access is off and an account is left."""
    facts = _named("A", "B", saved=1)
    assert not facts.in_danger_zone
    facts.access_off_at = AT
    assert facts.in_danger_zone
    facts.access_on_again_at = LATER
    assert not facts.in_danger_zone
    facts.access_on_again_at = None
    facts.accounts[1].saved_at = LATER
    assert not facts.in_danger_zone


def test_save_is_noted_once() -> None:
    """Saving again does not move the time; without an account nothing is noted."""
    facts = _named("A")
    facts.note_save(AT)
    facts.note_save(LATER)
    assert facts.accounts[0].saved_at == AT
    Facts().note_save(AT)


def test_hashes_are_forgotten_together() -> None:
    """After the end no keyed hash is left anywhere."""
    facts = _named("A", "B")
    facts.first_token_hash = facts.accounts[1].old_token_hash = "00"
    facts.forget_hashes()
    assert "00" not in facts.model_dump_json()
