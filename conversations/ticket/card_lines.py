"""The lines of a ticket's card: what an agent reads at a glance. Everything else is in `ticket_summary`."""

from dataclasses import dataclass

from conversations.engine.formatter import Formatter, Line, Mention, Value
from conversations.engine.texts import LANGUAGES
from conversations.engine.walkthrough import AnyWalk
from conversations.ticket import progress
from conversations.ticket.models import Contact, TicketFacts

QUOTED = 160
"""Characters of the merchant's words and of an error message that the card shows."""
_NAMES, _NAME = 3, 24
"""Accounts that are named, and how much of a name."""


@dataclass(frozen=True)
class Written:
    """What was written about a ticket, redacted. Empty is what nobody has written.

    `words` are the merchant's newest own words and `error` the newest error message. `more` counts what else the
    merchant has written since support last answered. `exposed`: a secret was removed from what they wrote.
    `undelivered`: an answer has not reached them.
    """

    words: str = ""
    error: str = ""
    more: int = 0
    exposed: bool = False
    undelivered: bool = False


def card_lines(
    formatter: Formatter,
    ticket: TicketFacts,
    contact: Contact,
    walk: AnyWalk | None,
    written: Written,
    state: tuple[Value, ...],
) -> tuple[Line, ...]:
    """At most five lines below the title; a closed ticket has one. A line without a label has ""."""
    last = Line("", _joined((*_warnings(formatter, written), state)))
    if ticket.state == "closed":
        return (Line("", (f"{_name(formatter, contact)} · ", *last.value)),)
    lines = [_words(formatter, ticket, contact, written)]
    if written.error:
        lines.append(Line(formatter.say("card.error"), (_quoted(formatter, written.error),)))
    return (*lines, *_walk(formatter, contact, walk), last)


def shortened(text: str, longest: int = QUOTED) -> str:
    """`text` in one line of at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _quoted(formatter: Formatter, text: str) -> str:
    return formatter.say("card.words", words=shortened(text))


def _joined(parts: tuple[tuple[Value, ...], ...]) -> tuple[Value, ...]:
    return tuple(value for part in parts for value in (" · ", *part))[1:]


def _warnings(formatter: Formatter, written: Written) -> tuple[tuple[Value, ...], ...]:
    names = [name for name in ("exposed", "undelivered") if getattr(written, name)]
    return tuple((formatter.say(f"card.{name}"),) for name in names)


def _name(formatter: Formatter, contact: Contact) -> str:
    if contact.erased:
        return formatter.say("card.erased")
    return contact.phone_name or contact.name or contact.user_id or formatter.say("values.not_known")


def _words(formatter: Formatter, ticket: TicketFacts, contact: Contact, written: Written) -> Line:
    """What the merchant wrote, or why support was called."""
    parts: list[tuple[Value, ...]] = []
    if contact.erased:
        return formatter.line("merchant", _name(formatter, contact))
    if contact.phone_name:
        parts.append(formatter.values("values.by_phone", mention=Mention(contact.user_id)))
    if written.words:
        parts.append((_quoted(formatter, written.words),))
    else:
        parts.append((formatter.say(f"values.reasons.{ticket.reason}"),))
    if written.more:
        parts.append((formatter.say("card.more", count=written.more),))
    if contact.earlier:
        parts.append((formatter.say("card.earlier", numbers=", ".join(map(str, contact.earlier))),))
    return Line(_name(formatter, contact), _joined(tuple(parts)))


def _walk(formatter: Formatter, contact: Contact, walk: AnyWalk | None) -> tuple[Line, ...]:
    """Where the merchant is, and what their screen shows; one line without a walk, none of somebody erased."""
    if contact.erased:
        return ()
    known = contact.language in LANGUAGES
    language = formatter.say(f"values.languages.{contact.language}") if known else contact.language
    if walk is None:
        return (formatter.line("walk", formatter.say("card.no_walk"), " · ", language),)
    said = walk.procedure.tickets.card(formatter, walk)
    stands = (progress.current_step(formatter, walk),)
    opened = _open_items(formatter, walk)
    return (
        formatter.line("stands_at", *_joined((stands, *opened, *said.state))),
        Line(formatter.say("card.setting"), _joined((*((part,) for part in said.setting), (language,)))),
    )


def _open_items(formatter: Formatter, walk: AnyWalk) -> tuple[tuple[Value, ...], ...]:
    """The accounts that are not done."""
    left = [item.name for item in walk.items if not item.done]
    if not left:
        return ()
    names = [shortened(name, _NAME) for name in left[:_NAMES]] + (["…"] if len(left) > _NAMES else [])
    listed = ", ".join(names)
    if len(walk.items) == 1:
        return ((formatter.say("card.open_one", names=listed),),)
    return ((formatter.say("card.open", names=listed, left=len(left), total=len(walk.items)),),)
