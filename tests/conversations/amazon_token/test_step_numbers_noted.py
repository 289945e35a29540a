import re
from importlib.resources import files

import pytest

from conversations.engine.procedure import AnyProcedure
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.registry import PROCEDURES
from tests.guides import shipped

_STEP_KEY = re.compile(r"^  (\w+):(?: # (.*))?$", re.ASCII | re.MULTILINE)


def _steps_section(procedure: AnyProcedure, language: Language) -> str:
    whole = files(procedure.texts.package).joinpath(f"texts.{language}.yaml").read_text("utf-8")
    return re.split(r"^\w+:.*$", whole.partition("\nsteps:\n")[2], maxsplit=1, flags=re.ASCII | re.MULTILINE)[0]


def _comment(procedure: AnyProcedure, texts: Texts, step: str) -> str:
    number, place = procedure.steps[step].number, procedure.steps[step].place
    place_name = texts.say(f"frame.places.{place}") if place is not None else ""
    if number is None:
        return f"no number · {place_name}" if place_name else "no number"
    return texts.say("frame.heading", number=number, total=procedure.last_number, place=place_name)


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_has_its_number_beside_its_key(procedure: AnyProcedure, language: Language) -> None:
    """The comment is the heading that people read, so `grep "Step 9 of"` in a text file finds the key of step 9."""
    texts = shipped().of(language, procedure.id)
    noted = dict(_STEP_KEY.findall(_steps_section(procedure, language)))
    assert noted == {step: _comment(procedure, texts, step) for step in procedure.steps}
