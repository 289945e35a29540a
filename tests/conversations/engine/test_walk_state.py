"""What is kept of a walk besides what its procedure knows: where it is, and how it came there."""

import json
from datetime import UTC, datetime

from conversations.engine.walk_state import ERRORS_LIMIT, TRAIL_LIMIT, ProcedureFacts, TrailEntry, WalkState


def _state(**more: object) -> WalkState[ProcedureFacts]:
    return WalkState[ProcedureFacts].model_validate({"facts": {}, **more})


def test_json_restores_everything() -> None:
    """What is stored comes back without loss."""
    state = _state(step="b", trail=[TrailEntry(step="a", item=2)], repeats={"b": 2}, item=1)
    assert WalkState[ProcedureFacts].model_validate_json(state.model_dump_json()) == state


def test_fields_of_the_next_version_are_kept() -> None:
    """During a rolling update both versions work on a walk: this one neither fails nor drops what it does not know."""
    state = _state(step="b", newer=1, facts={"newest": [2]})
    state.leave("c")
    stored = json.loads(state.model_dump_json())
    assert (stored["newer"], stored["facts"]["newest"]) == (1, [2])
    assert WalkState[ProcedureFacts].model_validate_json(state.model_dump_json()) == state


def test_trail_forgets_its_oldest_steps() -> None:
    """The trail is bounded; the newest marks are the ones that stay."""
    state = _state()
    for number in range(TRAIL_LIMIT + 5):
        state.leave(f"step_{number}")
    assert len(state.trail) == TRAIL_LIMIT
    assert (state.trail[0].step, state.came_from) == ("step_5", f"step_{TRAIL_LIMIT + 4}")


def test_retracing_returns_to_the_item_of_that_time() -> None:
    """A mark holds which item was worked on."""
    state = _state()
    state.leave("save")
    state.item = 1
    state.leave("select_account")

    state.retrace()
    assert (state.item, state.came_from) == (1, "save")
    state.retrace()
    assert (state.item, state.came_from) == (0, None)


def test_a_step_that_is_gone_leads_to_the_last_one_that_exists() -> None:
    """With its item of that time; marks of other steps that are gone are dropped from the trail."""
    trail = [TrailEntry(step=step, item=item) for item, step in enumerate(("a", "lost", "b", "lost"))]
    state = _state(step="gone", trail=trail, item=5)

    state.return_to(frozenset({"a", "b", "c"}))

    assert (state.step, state.item, [entry.step for entry in state.trail]) == ("b", 2, ["a"])


def test_without_a_step_that_exists_the_walk_has_not_begun() -> None:
    """Nothing is left to go back to."""
    state = _state(step="gone", trail=[TrailEntry(step="lost", item=0)])
    state.return_to(frozenset({"a"}))
    assert (state.step, state.trail) == (None, [])


def test_error_messages_are_kept_with_step_and_time() -> None:
    """The newest ones, none twice in a row; a state that was stored without them loads."""
    state = _state(step="a")
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for number in range(ERRORS_LIMIT + 2):
        for _ in range(2):
            state.keep_error(f"error {number}", now)
    state.keep_error("", now)
    assert [error.text for error in state.errors] == [f"error {number}" for number in range(2, ERRORS_LIMIT + 2)]
    assert {(error.step, error.at) for error in state.errors} == {("a", now)}
    assert WalkState[ProcedureFacts].model_validate_json(state.model_dump_json()) == state
