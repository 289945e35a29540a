"""Prints how well questions are understood. Start it with `make understanding`."""

import sys
from itertools import product

from conversations.engine.texts import LANGUAGES
from conversations.registry import PROCEDURES
from tests.understanding import fit, measure
from tests.understanding.measure import Figures

_OUTCOMES = ("right", "offered", "wrong", "not understood")


def _row(name: str, figures: Figures, *outcomes: str) -> None:
    shares = "  ".join(f"{outcome} {figures.share(outcome):5.1f} %" for outcome in outcomes)
    times = f"p50 {figures.took(0.5):.1f} ms, p99 {figures.took(0.99):.1f} ms"
    print(f"{name:28} {figures.outcomes.total():5}  {shares}  {times}")


def main(*, details: bool) -> None:
    """Measure everything, and with `details` list what came out wrong."""
    for procedure, language in product(PROCEDURES, LANGUAGES):
        print(f"{procedure}, {language}")
        questions = measure.cross_validated(language, procedure=procedure)
        nonsense, turned = measure.nonsense(language, procedure), measure.turned(language, procedure=procedure)
        _row("questions", questions, *_OUTCOMES)
        _row("nonsense", nonsense, "answered", "offered", "left alone")
        _row("turned by a small word", turned, "dangerous", "kept apart")
        for figures in (questions, nonsense, turned) if details else ():
            print("\n".join(f"    {example}" for example in figures.examples))
    for language, kinds in measure.cases().items():
        for kind, figures in sorted(kinds.items()):
            _row(f"sample, {language}, {kind}", figures, "sure", "offered", "not understood")
            if details:
                print("\n".join(f"    {example}" for example in figures.examples))


if __name__ == "__main__":
    if "--fit" in sys.argv[1:]:
        fit.main()
    else:
        main(details="--details" in sys.argv[1:])
