"""Outages that agents have announced, and who reads of each."""

from dataclasses import replace
from typing import Any, Literal

from bot.store.dialect import loaded
from bot.store.protocol import Conflict
from bot.store.statements import Statements
from bot.store.support_models import Outage, OutageRecipient


class SqlOutages(Statements):
    """The part of `bot.store.protocol.Transaction` about outages."""

    def live_outage(self, team_id: str) -> Outage | None:
        return self._outage("live_outage", team_id=team_id)

    def outage(self, outage_id: int) -> Outage | None:
        return self._outage("outage", outage_id=outage_id)

    def add_outage(self, outage: Outage) -> Outage:
        outage_id = self._value("add_outage", **vars(outage))
        if outage_id is None:
            raise Conflict
        return replace(outage, id=outage_id)

    def save_outage(self, outage: Outage) -> None:
        self._change_one("save_outage", **vars(outage))

    def add_outage_recipient(self, recipient: OutageRecipient) -> None:
        self._change("add_outage_recipient", **vars(recipient))

    def people_under_way(self, team_id: str) -> int:
        return int(self._value("people_under_way", team_id=team_id))

    def add_people_under_way(self, outage_id: int) -> None:
        self._change("add_people_under_way", outage_id=outage_id)

    def save_outage_recipient(self, recipient: OutageRecipient) -> None:
        self._change_one("save_outage_recipient", **vars(recipient))

    def plan_outage_recipients(self, outage_id: int, state: Literal["changed", "leaving"]) -> None:
        self._change("plan_outage_recipients", outage_id=outage_id, state=state)

    def outage_recipients(self, outage_id: int) -> list[OutageRecipient]:
        return [OutageRecipient(**row) for row in self._rows("outage_recipients", outage_id=outage_id)]

    def due_outage_recipient(self) -> OutageRecipient | None:
        found = self._row("due_outage_recipient")
        return None if found is None else OutageRecipient(**found)

    def _outage(self, query: str, /, **values: Any) -> Outage | None:
        found = self._row(query, **values)
        return None if found is None else Outage(**loaded(found))
