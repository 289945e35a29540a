"""`amazon-token ask`: the operator sees what a message is taken for, and why."""

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ask", *arguments])


def test_a_phrasing_is_answered() -> None:
    """With its answer, and with the scores of the best three."""
    shown = run("wo finde ich die Versionsnummer?", "--step", "connect_version").stdout.splitlines()
    assert shown[0] == "Understood as: Answer offered=False"
    assert shown[2] == "Answered: where_is_version, in the same words"
    assert shown[3].startswith("  ")
    scored = [line for line in shown if "step): " in line or "step, only if" in line]
    assert len(scored) == 3
    assert "where_is_version (this step): Welche Version brauche ich, und wo steht sie?" in scored[0]


def test_what_is_near_is_offered_and_the_rest_is_not_understood() -> None:
    """The rule is named below."""
    assert "\nOffered: " in run("which one", "--lang", "en").stdout
    shown = run("lorem ipsum dolor", "--lang", "en").stdout
    assert shown.startswith("Understood as: Unknown\n")
    assert "\nNot understood\n" in shown
    assert "Sureness is the logarithm" in shown


@pytest.mark.parametrize(
    ("text", "step", "meant"),
    [
        ("ist offen", "account_mask", "Press event=advance"),
        ("Wir haben die 4.9.25", "connect_version", "TypedValue event=enter_version read_as=4.9.25 complete=True"),
        ("Ich möchte mit einem Mitarbeiter sprechen", "seller_central", "PersonWanted"),
        ("danke!", "seller_central", "Chatter kind=thanks"),
    ],
)
def test_other_meanings_are_named(text: str, step: str, meant: str) -> None:
    """An act, a value, a person, chatter; nothing that was typed is repeated."""
    assert run(text, "--step", step).stdout.startswith(f"Understood as: {meant}")


@pytest.mark.parametrize(
    ("options", "told"),
    [(("--step", "nowhere"), "There is no step nowhere."), (("--procedure", "x"), "no procedure x")],
)
def test_what_there_is_not_is_said(options: tuple[str, ...], told: str) -> None:
    """With what there is instead; the status is 2."""
    done = run("Was?", *options)
    assert done.exit_code == 2
    assert told in done.stderr
