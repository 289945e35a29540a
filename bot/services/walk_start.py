"""The first step of a walkthrough."""

from dataclasses import replace
from typing import Any

from bot.services import home_tab, invitation_ends
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import WalkRecord
from bot.store.support_models import OutageRecipient
from conversations.engine.procedure import AnyProcedure
from conversations.engine.walk_state import WalkState


def begin(
    unit: UnitOfWork,
    procedure: AnyProcedure | None = None,
    *,
    state: WalkState[Any] | None = None,
    for_name: str = "",
    invited_by: str | None = None,
    notes: tuple[str, ...] = (),
    transferred_from: int | None = None,
) -> WalkRecord:
    """Start a walkthrough of the user and post its first step. None for the same person may be open.

    Without a `procedure` it is the first. `state`: where the walk begins, and what is known already. `transferred_from`
    is the walk of another procedure that ends here.
    """
    procedure = procedure or unit.config.first_procedure
    walk = unit.walk(procedure, state if state is not None else procedure.begin())
    walk.state.one_by_one = _wants_one_by_one(unit)
    record = WalkRecord(
        team_id=unit.user.team_id, worker_id=unit.user.user_id, for_name=for_name, invited_by=invited_by,
        transferred_from=transferred_from, procedure=procedure.id, step=walk.step, state="", guide_version="",
        started_at=unit.now, updated_at=unit.now,
    )  # fmt: skip
    stored = unit.show(record, walk, notes)
    unit.add_event(replace(stored, version=0), "started", walk.step, {"invited_by": invited_by} if invited_by else None)
    _read_of_outage(unit)
    if not for_name:
        invitation_ends.begun(unit)
    home_tab.refresh(unit, unit.user.user_id)
    return stored


def _wants_one_by_one(unit: UnitOfWork) -> bool:
    """Whether the user saw the steps one by one in their last walk."""
    last = unit.tx.last_walk(unit.user.team_id, unit.user.user_id)
    return last is not None and unit.open(last).state.one_by_one


def _read_of_outage(unit: UnitOfWork) -> None:
    """Who begins during an outage has read of it at the first step, and is told when it is over."""
    user, outage = unit.user, unit.outage(unit.user.team_id)
    if outage is not None and all(one.user_id != user.user_id for one in unit.tx.outage_recipients(outage.id)):
        unit.tx.add_outage_recipient(OutageRecipient(outage_id=outage.id, user_id=user.user_id, state="told"))
