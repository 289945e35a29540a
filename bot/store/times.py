"""A moment as SQLite keeps it: ISO text in UTC with microseconds, so that texts sort as the moments do."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Text of an aware moment; a naive one is a mistake of the caller."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat(timespec="microseconds")


def maybe_text(moment: datetime | None) -> str | None:
    """The same for a moment that may be missing."""
    return None if moment is None else to_text(moment)


def maybe_moment(text: str | None) -> datetime | None:
    """Back again, aware and in UTC."""
    return None if text is None else datetime.fromisoformat(text)
