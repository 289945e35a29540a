"""What merchants type, in both languages and with slips: samples, error messages, and what means nothing."""

import json
from pathlib import Path

import yaml
from hypothesis import strategies as st

_DATA = Path(__file__).parent.parent / "understanding" / "data"


def _all_phrases() -> list[str]:
    phrases = [one["text"] for name in ("phrases", "errors") for one in json.loads(_read(f"{name}.json"))]
    return [*phrases, *(text for texts in yaml.safe_load(_read("nonsense.yaml")).values() for text in texts)]


def _read(name: str) -> str:
    return (_DATA / name).read_text("utf-8")


def _slipped(text: str, place: int, slip: str) -> str:
    """With one letter swapped, doubled or left out, or in other letters."""
    if slip in {"upper", "lower", "title", "swapcase"}:
        return str(getattr(text, slip)())
    at = place % max(1, len(text) - 1)
    here, there = text[at : at + 1], text[at + 1 : at + 2]
    middle = {"swapped": there + here, "doubled": here + here + there, "missing": there}.get(slip, here + there)
    return text[:at] + middle + text[at + 2 :]


def phrases() -> st.SearchStrategy[str]:
    """A phrase, most with a slip."""
    slips = st.sampled_from(["none", "swapped", "doubled", "missing", "upper", "lower", "title", "swapcase"])
    return st.builds(_slipped, st.sampled_from(_all_phrases()), st.integers(0, 10_000), slips)
