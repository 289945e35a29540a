"""What merchants really typed, with what a good colleague would have made of it."""

import json
from pathlib import Path

import pytest

from conversations.amazon_token.procedure import PROCEDURE
from conversations.engine.understanding import intents
from conversations.engine.understanding.intents import Intent, Press
from conversations.engine.understanding.understand import understand
from tests.timing import untraced
from tests.typed import at

SAMPLES = json.loads((Path(__file__).parents[3] / "understanding" / "data" / "phrases.json").read_text("utf-8"))
_NOT_TYPED = frozenset({"X12", "X37", "X38", "X39", "X40"})
"""Described, not quoted; they are tested elsewhere."""
_KINDS = {
    "answer": (intents.Answer, intents.Suggestions),
    "person": (intents.PersonWanted, intents.Answer, intents.Suggestions),
    "chatter": (intents.Chatter,),
    "error": (intents.ErrorMessage,),
    "asked": (intents.AskWhich, intents.Command, intents.Press),
    "nothing": (intents.AskWhich, intents.Chatter, intents.Unknown, intents.Answer, intents.Suggestions),
    "value": (intents.TypedValue, intents.Press),
    "refusal": (intents.TypedValue,),
    "command": (intents.Command,),
    "reopen": (intents.Confirm,),
    "done": (intents.Confirm,),
    "stays": (intents.Chatter,),
    "unknown": (intents.Unknown,),
}


def typed(sample: dict[str, str]) -> Intent:
    """What the message means where it was typed."""
    step, asked = sample["step"].split(",")[0], None
    if step == "resolved":
        step, asked = "with_support", "works_now"
    if PROCEDURE.current_id(step) not in PROCEDURE.steps:
        step = "seller_central"
    return understand(sample["text"], at(step, sample["lang"], asked=asked)).intent  # type: ignore[arg-type]


def is_right(sample: dict[str, str], intent: Intent) -> bool:
    """Whether the intent is among those that were expected; what goes to the ticket the caller decides."""
    for expected in sample["expect"].replace(":", " ").replace(",", " ").split("|"):
        word, *rest = expected.split()
        if word == "press" and isinstance(intent, Press):
            event = PROCEDURE.current_id(rest[0]) if rest else intent.event
            if event in {intent.event, "fetched", "solved", "or"} or "or" in rest:
                return True
        if isinstance(intent, _KINDS.get(word, ())):
            return True
    return sample["expect"] == "ticket"


def test_the_samples_are_understood() -> None:
    """All values, buttons and persons; of a sample that asks for a person, the guide may answer that it needs one."""
    wrong = {
        sample["id"]: (sample["text"], type(intent).__name__)
        for sample in SAMPLES
        if sample["id"] not in _NOT_TYPED and not is_right(sample, intent := typed(sample))
    }
    assert len(wrong) <= len(SAMPLES) * 0.02, wrong


@pytest.mark.unmeasured
def test_nothing_dangerous_is_done_by_a_guess() -> None:
    """Every sample at every step: what switches off, goes back or ends is pressed by its own words only, and asked."""
    for step in PROCEDURE.steps:
        situation = at(step, "de", guide=False)
        for sample in SAMPLES:
            intent = understand(sample["text"], situation).intent
            if isinstance(intent, Press) and intent.event in {"ready_to_go", "restore_old_access", "continue_anyway"}:
                assert intent.guarded, (step, sample["text"])
                assert sample["text"].casefold() in map(str.casefold, intent.act.words), (step, sample["text"])


@pytest.mark.parametrize("step", ["before_start", "account_names", "save_account", "with_support"])
def test_it_takes_milliseconds(step: str) -> None:
    """The slowest of a hundred is within a few milliseconds of computing time."""
    situation = at(step, "de")
    understand("warm up", situation)
    taken = []
    for sample in SAMPLES:
        with untraced() as milliseconds:
            understand(sample["text"], situation)
            taken.append(milliseconds())
    assert sorted(taken)[-3] < 20
