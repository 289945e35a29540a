"""A list of people to invite: read from a CSV file, checked against who may be invited, and confirmed by an agent."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.actions import GROUP_LIMIT
from bot.blocks.entry_messages import answer
from bot.blocks.invitations import preview
from bot.blocks.kit import Content
from bot.services import invitations, pleas
from bot.services.invitations import Hindrance
from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person

MOST = 500
"""People in a list: at their pace they are invited within three quarters of an hour."""
_MEMBER = re.compile(r"(?:<@)?([UW][A-Z0-9]{4,20})(?:\|[^>]*)?>?", re.ASCII)


@dataclass(frozen=True)
class PeopleList:
    """The member IDs in a CSV file, each once and in its order, and the numbers of the lines without one."""

    user_ids: tuple[str, ...]
    unclear: tuple[int, ...] = ()


@dataclass(frozen=True)
class CheckedPeople:
    """Of a list: who can be invited, who cannot and why, and of whom nothing is known."""

    invited: tuple[Person, ...]
    others: tuple[tuple[Person, Hindrance], ...]
    unknown: tuple[str, ...]


def read(text: str) -> PeopleList:
    """The people in a CSV file: one in a line, their member ID (U…) in any of its columns; the others do not matter.

    Separated by commas, semicolons or tabs. Empty lines do not count, nor does a first line without an ID: the titles.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    separator = max(",;\t", key=lambda one: sum(line.count(one) for line in lines))
    user_ids: list[str] = []
    unclear: list[int] = []
    rows = ((number, row) for number, row in enumerate(csv.reader(lines, delimiter=separator), 1) if any(row))
    for place, (number, row) in enumerate(rows):
        found = [match[1] for cell in row if (match := _MEMBER.fullmatch(cell.strip()))]
        user_ids += found[:1]
        if len(found) != 1 and (place or found):
            unclear.append(number)
    return PeopleList(tuple(dict.fromkeys(user_ids)), tuple(unclear))


def checked(unit: UnitOfWork, user_ids: Sequence[str]) -> CheckedPeople:
    """Who of these people in the user's workspace can be invited now. The user does not invite themselves."""
    people = {user_id: unit.tx.person(unit.user.team_id, user_id) for user_id in user_ids}
    known = [one for one in people.values() if one is not None and one.name and one.user_id != unit.user.user_id]
    found = [(one, invitations.hindrance(unit, one)) for one in known]
    return CheckedPeople(
        tuple(one for one, why in found if why is None),
        tuple((one, why) for one, why in found if why is not None),
        tuple(user_id for user_id in user_ids if user_id not in {one.user_id for one in known}),
    )


def uploaded(unit: UnitOfWork, people: PeopleList | None, source: str) -> None:
    """Answer an agent who has sent a list: who would be invited and who not, and a button; `None`: it was not read.

    The plea to delete the message, which `source` identifies, is one of its own: it goes when that is done.
    """
    if not unit.user.is_agent:
        return
    unit.post(unit.direct_message, answer(unit.texts, "list_not_kept"), key=pleas.key_for(unit, source))
    unit.post(unit.direct_message, _answer(unit, people))


def _answer(unit: UnitOfWork, people: PeopleList | None) -> Content:
    if people is None:
        return answer(unit.texts, "list_not_read")
    if people.unclear or not people.user_ids:
        lines = ", ".join(map(str, people.unclear)) or "–"
        return answer(unit.texts, "list_unclear", lines=lines)
    if len(people.user_ids) > GROUP_LIMIT:
        return answer(unit.texts, "invitations_too_many", count=GROUP_LIMIT)
    found = checked(unit, people.user_ids)
    others: list[tuple[str, str]] = [(person.name, why) for person, why in found.others]
    others += [(user_id, "unknown") for user_id in found.unknown]
    invited = [(person.user_id, person.name) for person in found.invited]
    return preview(unit.texts, unit.config.first_procedure.id, invited, others)
