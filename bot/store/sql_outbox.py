"""The outbox: what the services put in, and what the worker takes out."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.store.counts import PausedDestination, UndeliveredTickets
from bot.store.dialect import loaded
from bot.store.models import METHODS, RESPONSE_URL_LIFE, ROW_STATES, ROW_STATES_UNSENT, Destination, Row, TicketRecord
from bot.store.outbox_protocol import GONE, NEVER_ARRIVED, REFUSED_CONTENT
from bot.store.statements import Statements

Result = TypeVar("Result")


class _Rows(Statements):
    """What both sides need."""

    def address(self, key: str) -> tuple[str, str] | None:
        found = self._row("address", key=key)
        return None if found is None else (found["channel"], found["ts"])

    def permalink(self, key: str) -> str | None:
        found: str | None = self._value("permalink", key=key)
        return found

    def state(self, key: str) -> str | None:
        found: str | None = self._value("state", key=key)
        return found

    def changed_after(self, message: str, row_id: int) -> bool:
        return self._value("changed_after", message=message, row_id=row_id) is not None

    def dead(self, limit: int = 100) -> list[Row]:
        return [_record(found) for found in self._rows("dead", limit=limit)]

    def drop_unsent(self, key: str) -> bool:
        return self._change("drop_unsent", key=key) == 1

    def row(self, key: str) -> Row | None:
        found = self._row("row", key=key)
        return None if found is None else _record(found)

    def paused(self) -> list[PausedDestination]:
        return [
            PausedDestination(
                receiver=found["receiver"], to=found["recipient"], error=found["error"], since=found["oldest_at"]
            )
            for found in map(loaded, self._rows("paused"))
        ]

    def undelivered_tickets(self, team_id: str | None = None) -> UndeliveredTickets:
        (found,) = map(loaded, self._rows("undelivered_tickets", team_id=team_id))
        return UndeliveredTickets(count=found["count"], since=found["oldest_at"])

    def _enqueue(self, row: Row) -> None:
        if row.ordering_key is not None:
            self._lock_ordering_key(row.ordering_key)
        self._change("enqueue", **vars(row), team_id=row.destination.team_id, recipient=row.destination.to)


class SqlOutgoing(_Rows):
    """The part of `bot.store.protocol.Transaction` about the outbox."""

    def enqueue(self, row: Row) -> None:
        self._enqueue(row)

    def drop_pending(self, key: str) -> bool:
        return self._change("drop_pending", key=key) == 1

    def mark_delivered(self, key: str, channel: str, ts: str) -> None:
        self._change("mark_delivered", key=key, channel=channel, ts=ts)

    def drop_dead(self, key: str) -> bool:
        return self._change("drop_dead", key=key) == 1

    def dead_steps(self, team_id: str | None = None, worker_id: str | None = None) -> list[Row]:
        return [_record(found) for found in self._rows("dead_steps", team_id=team_id, worker_id=worker_id)]

    def dead_cards(self, destination: str | None = None) -> list[TicketRecord]:
        return [TicketRecord(**loaded(found)) for found in self._rows("dead_cards", destination=destination)]

    def deleted_card(self) -> TicketRecord | None:
        found = self._row("deleted_card", gone=GONE)
        return None if found is None else TicketRecord(**loaded(found))

    def unsent_of(self, key: str) -> list[Row]:
        return [_record(found) for found in self._rows("unsent_of", key=key)]

    def revive(self, key: str, now: datetime) -> int:
        return self._change("revive", key=key, now=now, errors={NEVER_ARRIVED, *REFUSED_CONTENT})

    def revive_orphans(self, now: datetime) -> int:
        return self._change("revive_orphans", now=now, never_arrived=NEVER_ARRIVED)


class SqlOutbox(_Rows):
    """`bot.store.outbox_protocol.Outbox`, and what an operator asks of the outbox. Each call is a transaction."""

    pace_salt = ""
    _owner: int | None = None
    """The process that claims, where there may be several."""

    @abstractmethod
    def _whole(self, function: Callable[..., Result], *args: Any) -> Result:
        """Call `function` in one transaction."""

    def claim(
        self, now: datetime, lease: timedelta, held_keys: frozenset[str], busy: frozenset[str] = frozenset()
    ) -> Row | None:
        return self._whole(self._claimed, now, lease, held_keys, busy)

    def _claimed(self, now: datetime, lease: timedelta, held_keys: frozenset[str], busy: frozenset[str]) -> Row | None:
        until = now + lease
        while found := self._row(
            "next_row", now=now, methods=METHODS, busy=busy, held_keys=held_keys, owner=self._owner, salt=self.pace_salt
        ):
            target_state = found.pop("target_state")
            if target_state not in {"dropped", "dead"}:
                started = self._change(
                    "start_attempt", id=found["id"], state=found["state"], fence=found["fence"], until=until,
                    owner=self._owner,
                )  # fmt: skip
                if not started:
                    continue
                return _record(
                    found, state="running", attempts=found["attempts"] + 1,
                    fence=found["fence"] + 1, due_at=until,
                )  # fmt: skip
            self._change("drop_update", id=found["id"], error=f"its message is {target_state}")
        return None

    def held(self, seconds_ahead: float) -> dict[str, float]:
        return {found["name"]: found["seconds"] for found in self._rows("held", ahead=seconds_ahead)}

    def take_turn(self, name: str, seconds: float) -> None:
        self._change("take_turn", name=name, seconds=seconds, salt=self.pace_salt)

    def hold(self, name: str, seconds: float) -> None:
        self._change("hold", name=name, seconds=seconds, salt=self.pace_salt)

    def next_due(self) -> datetime | None:
        due_at = self._value("next_due")
        return None if due_at is None else datetime.fromisoformat(due_at)

    def delivered(self, row: Row, channel: str | None, ts: str | None, following: Sequence[Row] = ()) -> None:
        self._whole(self._record_delivered, row, channel, ts, following)

    def _record_delivered(self, row: Row, channel: str | None, ts: str | None, following: Sequence[Row]) -> None:
        recorded = self._change("delivered", key=row.key, fence=row.fence, channel=channel, ts=ts)
        for more in following if recorded else ():
            self._enqueue(more)

    def keep_permalink(self, key: str, permalink: str) -> None:
        self._change("keep_permalink", key=key, permalink=permalink)

    def postpone(self, row: Row, due_at: datetime, error: str) -> None:
        self._change("postpone", key=row.key, fence=row.fence, due_at=due_at, error=error)

    def dead_letter(self, row: Row, error: str) -> None:
        self._change("dead_letter", key=row.key, fence=row.fence, error=error)

    def recover(self) -> int:
        return self._change("recover", owner=self._owner)

    def outbox_counts(self) -> dict[str, int]:
        return self._counts("outbox_counts", ROW_STATES)

    def unsent_counts(self) -> dict[str, int]:
        return self._counts("unsent_counts", ROW_STATES_UNSENT)

    def send_again(self, key: str, now: datetime) -> bool:
        return self._change("send_again", key=key, now=now) == 1

    def resume(self, destination: str, now: datetime) -> int:
        return self._change("resume", destination=destination, now=now)

    def unsent_keys(self, beginning: str, limit: int) -> list[str]:
        return [found["key"] for found in self._rows("unsent_keys", beginning=beginning, limit=limit)]

    def unsent(self, limit: int = 100) -> list[Row]:
        return [_record(found) for found in self._rows("unsent", limit=limit)]

    def _forget_turns(self) -> bool:
        """Whether none is left."""
        self._change("forget_turns")
        return self._row("turns_left") is None

    def _forget_response_urls(self, now: datetime) -> None:
        self._change("forget_response_urls", before=now - RESPONSE_URL_LIFE)

    def _counts(self, query: str, states: tuple[str, ...]) -> dict[str, int]:
        return dict.fromkeys(states, 0) | {row["state"]: row["count"] for row in self._rows(query)}


def _record(found: dict[str, Any], **changes: Any) -> Row:
    values = loaded(found) | changes
    return Row(destination=Destination(values.pop("team_id"), values.pop("recipient")), **values)
