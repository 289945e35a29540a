"""A ticket as plain text from which a person can act: what happened, what was written, all that is known."""

from collections.abc import Iterator

from bot.mirrors.ticket import MirroredTicket


def plain(ticket: MirroredTicket) -> str:
    """The text, in the support channel's language."""
    return "\n".join(_lines(ticket)) + "\n"


def _lines(ticket: MirroredTicket) -> Iterator[str]:
    for act in ticket.acts:
        yield act.sentence
        yield from (f"> {line}" for line in act.words.splitlines())
    yield from ("", ticket.status)
    for section in ticket.dossier:
        yield from ("", section.title.upper())
        yield from (f"{line.label}: {line.value}" for line in section.lines)
    yield from ("", "-- ", ticket.how_to_answer)
