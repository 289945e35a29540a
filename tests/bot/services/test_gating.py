"""The gate in front of outbox, store and answers: a row that it changes is sent changed, and logged by kind."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.services import typed_input
from bot.services.context import AppConfig
from bot.services.runner import Services
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person, TicketMessage
from bot.store.sqlite import SqliteStore
from conversations.secrets import gate
from conversations.secrets.credentials import SecretKind
from tests.bot.services.visits import ERIKA, NOON, Visit
from tests.bytes_written import made_up

DIGITS = "0a" * 16
FAR = NOON + timedelta(days=3650)


def _bold(secret: str) -> str:
    return f"{secret[:7]}*{secret[7:20]}*{secret[20:]}"


def test_a_row_is_sent_changed_and_logged_by_kind(config: AppConfig, store: SqliteStore) -> None:
    """The secret goes, everything else of the row stays, and the log says only what kind it was."""
    secret = made_up("mws_token")

    def case(unit: UnitOfWork) -> str:
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": _bold(secret)},
            "value": f"1:{DIGITS}",
            "action_id": "door:start",
        }
        return unit.post(
            unit.support_channel, {"text": _bold(secret), "blocks": [{"type": "actions", "elements": [button]}]}
        )

    with capture_logs() as logged:
        key = Services(config, store).do(ERIKA, case)
    label = config.removed("de")(SecretKind.mws_token)
    row = store.claim(FAR, timedelta(seconds=30), frozenset())
    assert row is not None
    assert (row.key, row.content["text"]) == (key, label)
    assert row.content["blocks"][0]["elements"][0]["value"] == f"1:{DIGITS}"
    (line,) = [line for line in logged if line["event"] == "secret_removed"]
    assert (line["row"], line["method"], line["kinds"]) == (key, "post", ["mws_token"])
    assert secret[9:25] not in repr(logged)


def test_an_answer_to_a_payload_passes_the_gate(config: AppConfig, store: SqliteStore) -> None:
    """A modal or the errors at its fields do not go through the outbox; they leave without secrets all the same."""
    secret = made_up("lwa_refresh_token")

    def case(_unit: UnitOfWork) -> dict[str, Any]:
        return {"response_action": "errors", "errors": {"names": f"Was ist {_bold(secret)}?"}}

    answer = Services(config, store).do(ERIKA, case)
    label = config.removed("de")(SecretKind.lwa_refresh_token)
    assert answer == {"response_action": "errors", "errors": {"names": f"Was ist {label}?"}}


def test_what_is_stored_passes_the_gate(config: AppConfig, store: SqliteStore) -> None:
    """People's words are kept without secrets, also where the use case forgot to look."""
    secret = made_up("mws_token")

    def case(unit: UnitOfWork) -> list[str]:
        unit.tx.save_person(Person(team_id="T1", user_id="U0ERIKA", name=_bold(secret)))
        number = typed_input.support_requested(unit)
        message = TicketMessage(number=number, side="merchant", author_id="U0ERIKA", at=unit.now, text=_bold(secret))
        stored = unit.tx.add_ticket_message(message)
        person = unit.tx.person("T1", "U0ERIKA")
        return [stored.text, person.name if person is not None else ""]

    assert Services(config, store).do(ERIKA, case) == [config.removed("de")(SecretKind.mws_token)] * 2


def test_what_was_looked_at_is_not_looked_at_again(erika: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press that says what was said before makes the gate search no text: that keeps presses quick."""
    erika.begin()
    for event in ("orders_stopped", "back", "orders_stopped"):
        erika.press(event)
    looked_at: list[str] = []
    monkeypatch.setattr(gate, "masked", lambda text, *_: looked_at.append(text))
    erika.press("back")
    erika.press("orders_stopped")
    assert looked_at == []
