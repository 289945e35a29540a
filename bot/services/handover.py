"""Handing somebody over from one procedure to another: one walkthrough ends, and the next begins with what is known."""

from dataclasses import replace
from typing import Any

from bot.services import home_tab, ticket_filing, walk_start
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord
from conversations.engine.procedure import Handover
from conversations.engine.walk_state import WalkState
from conversations.engine.walkthrough import AnyWalk


def transfer(unit: UnitOfWork, record: WalkRecord, walk: AnyWalk, event: str, notes: tuple[str, ...]) -> None:
    """End the walkthrough, which `event` has led to `transferred`, and begin the one that goes on; `notes` go with it.

    Both happen in this transaction, so nobody is ever in two procedures or in none, and each names the other.
    """
    target = unit.config.procedures[walk.procedure.transfers[event]]
    ended = unit.tx.save_walk(
        replace(
            record, step=walk.step, state=walk.state.model_dump_json(), live_key=None, updated_at=unit.now,
            ended_at=unit.now,
        )
    )  # fmt: skip
    unit.tx.forget_reminder(record.id)
    earlier = _earlier(unit, record, target.id)
    carried = Handover(walk.procedure.id, walk.facts, unit.now, earlier, tuple(walk.state.errors))
    begun = walk_start.begin(
        unit, target, state=target.carry(carried) if target.carry is not None else None, for_name=record.for_name,
        invited_by=record.invited_by, notes=notes, transferred_from=record.id,
    )  # fmt: skip
    ticket_filing.refresh_for_walk(unit, unit.tx.save_walk(replace(ended, transferred_to=begun.id)), walk)
    home_tab.refresh(unit, record.worker_id)


def came_from(unit: UnitOfWork, record: WalkRecord) -> WalkRecord | None:
    """The walkthrough that was handed over to this one."""
    return unit.tx.walk(record.transferred_from) if record.transferred_from is not None else None


def _earlier(unit: UnitOfWork, record: WalkRecord, procedure: str) -> WalkState[Any] | None:
    """Where the person was in that procedure before, if it handed them over to this one."""
    before = came_from(unit, record)
    if before is None or before.procedure != procedure:
        return None
    return unit.open(before).state
