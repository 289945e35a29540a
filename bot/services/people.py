"""What is known of people: names, languages and time zones, as Slack says."""

from collections.abc import Collection
from dataclasses import replace

from bot.services.unit_of_work import UnitOfWork
from bot.store.models import Person
from conversations.secrets.redact import redact


def meet(unit: UnitOfWork, person: Person) -> None:
    """Keep what Slack says of a person; their own choices stay. A secret in a name is removed."""
    removed = unit.config.removed(unit.config.language_of(person))
    person = replace(person, name=redact(person.name, removed))
    before = unit.tx.person(person.team_id, person.user_id)
    if before is not None:
        person = replace(
            before, name=person.name or before.name, locale=person.locale or before.locale,
            zone=person.zone or before.zone,
        )  # fmt: skip
    if person != before:
        unit.tx.save_person(person)


def person(unit: UnitOfWork, team_id: str, user_id: str) -> Person | None:
    """What is known of somebody."""
    return unit.tx.person(team_id, user_id)


def known(unit: UnitOfWork, team_id: str, users: Collection[str]) -> frozenset[str]:
    """Those of `users` of whom something is known."""
    return frozenset(user_id for user_id in users if unit.tx.person(team_id, user_id) is not None)
