"""No Python file is longer than a reader can keep in mind: 300 lines, of tests 400."""

from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_no_file_is_too_long() -> None:
    """A file that outgrows its limit is split by subject."""
    limits = {"bot": 300, "conversations": 300, "tests": 400}
    lengths = {
        str(path.relative_to(ROOT)): (len(path.read_text(encoding="utf-8").splitlines()), limit)
        for folder, limit in limits.items()
        for path in (ROOT / folder).rglob("*.py")
    }
    assert len(lengths) > len(limits), "files are looked at"
    assert {path: length for path, (length, limit) in lengths.items() if length > limit} == {}
