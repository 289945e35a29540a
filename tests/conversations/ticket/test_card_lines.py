"""The card is read at a glance: six lines at most, the merchant's own words first, and nothing urgent folded away."""

from dataclasses import replace
from typing import get_args

import pytest
from ticket_samples import AT, OFF, SAMPLE_CASE, SAMPLE_CONTACT, echo, plain, sample_walk, walk_of, write

from conversations.amazon_token.facts import Account
from conversations.engine.formatter import Line, Mention
from conversations.ticket.card_lines import QUOTED, Written, shortened
from conversations.ticket.models import TicketState
from conversations.ticket.ticket_summary import TicketSummary

WRITTEN = Written("Ich komme nicht weiter", "AuthToken is not valid", more=3, exposed=True, undelivered=True)
KEY_SET = "<standard> → <alternativ>"


def lines(summary: TicketSummary) -> list[str]:
    return [f"{line.label}: {plain(line.value)}" for line in summary.lines]


def test_the_lines_in_their_order() -> None:
    """Words, error, place, what is set, and last by whom something is to be done, and what must not be missed."""
    at, off = AT.isoformat(), OFF.isoformat()
    assert lines(write(echo(), walk=sample_walk(), written=WRITTEN, answer_due=OFF)) == [
        "Erika Beispiel: [card.words]Ich komme nicht weiter · [card.more]3",
        "[card.error]: [card.words]AuthToken is not valid",
        f"[labels.stands_at]: [values.support_next] · [card.open]2 Amazon.fr, Amazon.it 3 · [card.access_off]{off}",
        f"[card.setting]: 4.9.24.4 · [card.masks.key_set] · <europe> · {KEY_SET} · [values.languages.de]",
        f": [card.exposed] · [card.undelivered] · [states.open]{at} · [due.ahead]{off}",
    ]


def test_moments_and_people_are_shown_as_such() -> None:
    """Each agent reads a moment in their own time zone, and the owner is a mention."""
    case = replace(SAMPLE_CASE, state="claimed", claimed_by="U0ANNA", claimed_at=OFF)
    summary = write(echo(), walk=sample_walk(), case=case)
    values = [value for line in summary.lines for value in line.value]
    assert OFF in values
    assert Mention("U0ANNA") in values


def test_without_words_the_reason_stands_there() -> None:
    """Nobody has written anything: why support was called."""
    assert lines(write(echo(), walk=sample_walk()))[0] == "Erika Beispiel: [values.reasons.second_failure]"


@pytest.mark.parametrize("state", get_args(TicketState))
def test_six_lines_at_most(state: TicketState) -> None:
    """With everything that there can be; a closed ticket has one, which still says what must not be missed."""
    summary = write(echo(), walk=sample_walk(), written=WRITTEN, case=replace(SAMPLE_CASE, state=state))
    assert 1 + len(summary.lines) <= 6
    assert "[card.exposed] · [card.undelivered]" in plain(summary.lines[-1].value)
    if state == "closed":
        assert len(summary.lines) == 1
        assert plain(summary.lines[0].value).startswith("Erika Beispiel · ")


def test_no_empty_head() -> None:
    """A category that is not known is left out."""
    assert write(echo(), case=replace(SAMPLE_CASE, category="unknown")).title == "[ticket.title_bare]1042 P2"


def test_long_words_and_many_accounts_are_shortened() -> None:
    """160 characters in one line, and three names of up to 24."""
    walk = sample_walk()
    walk.facts.accounts = [Account(name=f"Amazon {'x' * 40} {number}") for number in range(9)]
    summary = write(echo(), walk=walk, written=Written("wort\n" * 100, "Fehler " * 100))
    assert [len(plain(line.value)) <= QUOTED + len("[card.words]") for line in summary.lines[:2]] == [True, True]
    assert "\n" not in str(summary.lines)
    assert f"{', '.join(['Amazon xxxxxxxxxxxxxxxx…'] * 3)}, …" in plain(summary.lines[2].value)
    assert shortened("kurz") == "kurz"


def test_what_is_not_known_takes_no_room() -> None:
    """At the first step nothing is asked yet; without a walk one line says so."""
    assert lines(write(echo(), walk=walk_of(), times=[]))[1:3] == [
        "[labels.stands_at]: <before_start>", "[card.setting]: [values.languages.de]",
    ]  # fmt: skip
    assert lines(write(echo()))[1] == "[labels.walk]: [card.no_walk] · [values.languages.de]"


def test_one_account_is_not_counted() -> None:
    """Somebody with one account has no "1 of 1"."""
    walk = sample_walk()
    walk.facts.accounts = [Account(name="Amazon.de")]
    assert "[card.open_one]Amazon.de" in lines(write(echo(), walk=walk))[1]
    walk.facts.accounts[0].saved_at = AT
    assert "card.open" not in lines(write(echo(), walk=walk))[1]


def test_the_old_access_that_is_on_again_is_not_off() -> None:
    """Since when it is off is said while it is."""
    walk = sample_walk()
    walk.facts.access_on_again_at = AT
    assert "card.access_off" not in lines(write(echo(), walk=walk))[1]


def test_a_caller_on_the_phone_and_somebody_erased() -> None:
    """The caller is named with the agent who helps; of somebody erased nothing is left."""
    contact = replace(SAMPLE_CONTACT, user_id="U0ANNA", phone_name="Frau Muster")
    assert write(echo(), contact=contact).lines[0] == Line(
        "Frau Muster", ("[values.by_phone]", Mention("U0ANNA"), " · ", "[values.reasons.second_failure]")
    )
    gone = replace(SAMPLE_CONTACT, name="erased-1", user_id="erased-1", erased=True)
    assert lines(write(echo(), contact=gone))[0] == "[labels.merchant]: [card.erased]"
    assert len(write(echo(), contact=gone).lines) == 2
