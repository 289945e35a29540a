"""A token in pieces, in messages one after the other, is not put together by anybody who reads the ticket."""

import random
from datetime import timedelta

import pytest

from bot.services.context import AppConfig
from conversations.secrets.credentials import SecretKind
from tests.bot.services.test_agent_messages import CHANNEL, send, thread
from tests.bot.services.visits import Clock, Visit
from tests.bytes_written import made_up


@pytest.fixture
def talking(erika: Visit, anna: Visit) -> Visit:
    """Erika has called a person, and Anna has answered her."""
    erika.begin()
    erika.submit("help", sentence="")
    send(anna, "What does it say?")
    return erika


def _read(talking: Visit, anna: Visit) -> str:
    """All that stands in the support thread now, and all that is stored of the conversation."""
    number = talking.tickets()[0].number
    stored = talking.do(lambda unit: [message.text for message in unit.tx.ticket_messages(number)])
    shown = {row["key"]: str(row["content"]) for row in thread(anna)}
    for row in anna.rows("update", to=CHANNEL):
        if row["target"] in shown:
            shown[row["target"]] = str(row["content"])
    return "\n".join([*stored, *shown.values()])


@pytest.mark.parametrize(
    "kind", ["mws_token", "lwa_refresh_token", "lwa_client_secret", "aws_access_key", "aws_secret_key"]
)
@pytest.mark.parametrize("around", ["{}", "Teil: {}", "Erst das {} und gleich mehr"])
@pytest.mark.parametrize("parts", [2, 3])
def test_the_last_piece_is_removed_and_the_others_are_edited_away(
    talking: Visit, anna: Visit, config: AppConfig, kind: str, around: str, parts: int
) -> None:
    """Whatever words are around the pieces; the words themselves stay, and the merchant is warned."""
    secret = made_up(kind, random.Random(parts))  # noqa: S311 - a case must be repeatable
    size = len(secret) // parts
    pieces = [secret[size * at : size * (at + 1) if at < parts - 1 else None] for at in range(parts)]
    for piece in pieces:
        talking.type(around.format(piece))
    read = _read(talking, anna)
    assert [piece for piece in pieces if piece in read] == []
    assert read.count(around.format(config.removed("de")(SecretKind(kind)))) >= parts
    assert "answers.secret_without_walk" in talking.newest()


def test_pieces_with_hours_between_are_not_read_together(talking: Visit, anna: Visit) -> None:
    """Only what was said within ten minutes belongs together."""
    secret = made_up("aws_access_key", random.Random(1))  # noqa: S311 - a case must be repeatable
    talking.type(secret[:12])
    clock = talking.services.config.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(minutes=11)
    talking.type(secret[12:])
    assert secret[:12] in _read(talking, anna)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bestellung 302-1234567", "-1234567 fehlt"),
        ("EAN 4006381333931", "4006381333948"),
        ("Request ID: 1b2c3d4e-5f60-4a7b", "-8c9d-0e1f2a3b4c5d"),
        ("Händler A1EXAMPLE12345", "Marktplatz A1PA6795UKMFR9"),
        ("Version 4.9", ".24.4"),
    ],
)
def test_numbers_in_pieces_stay(talking: Visit, anna: Visit, first: str, second: str) -> None:
    """What an agent needs is no secret because it came in two messages."""
    talking.type(first)
    talking.type(second)
    read = _read(talking, anna)
    assert first in read
    assert second in read
