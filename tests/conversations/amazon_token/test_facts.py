"""What a walk knows: how it is stored, and what its own verbs do to it."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from token_walks import READER, walk_at

from conversations.amazon_token.facts import Account, Facts, Fetch, TokenMemory
from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.walk_state import TrailEntry

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

    state = PROCEDURE.state_type(
        step="save_account", trail=[TrailEntry(step="new_token", item=1)], repeats={"token": 2}, item=1, facts=facts
    )

    restored = PROCEDURE.load(state.model_dump_json())

    assert restored == state
    assert restored.facts.fetches[0].at.tzinfo is not None


def test_what_the_next_version_knows_is_kept() -> None:
    """During a rolling update it works on the same walk: this version neither fails at it nor drops it."""
    restored = PROCEDURE.load('{"facts": {"newest": "x"}, "newer": 1}')
    assert '"newest":"x"' in restored.model_dump_json()
    assert '"newer":1' in restored.model_copy(deep=True).model_dump_json()


def test_times_without_zone_are_refused() -> None:
    """A naive time cannot be stored."""
    with pytest.raises(ValidationError, match="timezone"):
        Fetch.model_validate({"at": datetime(2026, 3, 2, 9, 0), "worked": True})  # noqa: DTZ001


def test_token_memory_has_room_for_four_characters() -> None:
    """A whole token does not fit where its last four characters are kept."""
    with pytest.raises(ValidationError):
        TokenMemory(last4="12345")


def test_nothing_is_known_at_first() -> None:
    """A fresh walk has no account, no way back and no danger."""
    state = PROCEDURE.begin()
    facts = state.facts
    assert (state.came_from, facts.accounts, facts.left, facts.saved) == (None, [], [], [])
    assert not facts.in_danger_zone


def test_naming_accounts_anew_keeps_saved_ones_and_what_is_known() -> None:
    """A saved account cannot be un-named; a known one keeps what it knows; the next unsaved one is worked on."""
    facts = _named("A", "B", "C", saved=1)
    facts.accounts[1].backup = True

    facts.name_accounts(["b", "D"])

    assert _names(facts.accounts) == ["A", "B", "D"]
    assert facts.accounts[1].backup
    assert (_names(facts.saved), _names(facts.left)) == (["A"], ["B", "D"])
    assert facts.next_account() == 1


def test_naming_only_saved_accounts_points_to_an_account() -> None:
    """When every named account is saved there still is one to look at."""
    facts = _named("A", "B", "C", saved=1)

    facts.name_accounts(["A"])

    assert (_names(facts.accounts), facts.next_account()) == (["A"], 0)


def test_adding_accounts_ignores_those_already_listed() -> None:
    """An account is listed once, whatever the case it is typed in."""
    facts = _named("A", saved=1)
    facts.add_accounts(["a", "B"])
    assert _names(facts.accounts) == ["A", "B"]


def test_the_next_account_is_the_first_unsaved() -> None:
    """Accounts are worked on in their order; without one left it is the first."""
    facts = _named("A", "B", "C", saved=2)
    assert facts.next_account() == 2
    facts.accounts[2].saved_at = AT
    assert facts.next_account() == 0


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
    walk = walk_at("save_account", _named("A", "B"), item=1)
    walk.act("advance", {}, READER, AT)
    walk.act("back", {}, READER, LATER)
    walk.act("advance", {}, READER, LATER)
    assert [account.saved_at for account in walk.facts.accounts] == [None, AT]
    without = walk_at("save_account")
    without.act("advance", {}, READER, AT)
    assert (without.step, without.facts.accounts) == ("next_account", [])


def test_hashes_are_forgotten_together() -> None:
    """After the end no keyed hash is left anywhere."""
    facts = _named("A", "B")
    facts.first_token_hash = facts.accounts[1].old_token_hash = "00"
    facts.forget_secrets()
    assert "00" not in facts.model_dump_json()
