"""The configuration of all services, and the people they deal with."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cached_property
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.services.reminder_policy import DEFAULT_ZONE, ReminderPolicy
from bot.services.ticket_sync import TicketRenderer
from bot.settings.public_holidays import public_holidays
from bot.store.models import Person
from conversations.all_texts import AllTexts
from conversations.engine.answers import Reader
from conversations.engine.procedure import AnyProcedure
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Language
from conversations.registry import PROCEDURES, Procedures, first_of
from conversations.secrets.credentials import SecretKind
from conversations.secrets.gate import Gate
from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.sla import Sla


def _now() -> datetime:
    return datetime.now(UTC)


def _sla() -> Sla:
    return Sla(business_hours=BusinessHours(zone=ZoneInfo(DEFAULT_ZONE), is_holiday=public_holidays("DE")))


class NewerVersion(Exception):  # noqa: N818 - it is an answer: a process of that version can do it
    """A newer version, which serves the same database during an update, has led somebody where this one is lost."""


KEY_LETTERS = str.maketrans("0123456789abcdef", "klmnopqrstuvwxyz")
"""For the hexadecimal digits of a key, so that it is not taken for a token."""


def _new_key() -> str:
    return secrets.token_hex(16).translate(KEY_LETTERS)


@dataclass(frozen=True)
class Actor:
    """Who acts, as Slack's signed payload says. `is_agent` is looked up only where it matters."""

    team_id: str
    user_id: str
    is_agent: bool = False


SYSTEM = Actor("", "")
"""Nobody: what the bot does by itself."""


@dataclass(frozen=True, kw_only=True)
class User:
    """The same person as we know them. `language` is the one to speak to them in."""

    team_id: str
    user_id: str
    name: str
    language: Language
    is_agent: bool = False


@dataclass(frozen=True, kw_only=True)
class SupportConfig:
    """How long everybody may take, whom else to mention when it takes longer, and when the morning's list comes."""

    sla: Sla = field(default_factory=_sla)
    escalation: tuple[str, ...] = ()
    digest_time: time = time(8, 15)


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """The settings as services use them. `clock` returns aware UTC times.

    `new_key` returns 128 random bits as 32 letters from k to z: neither hex digits nor words, so that nothing takes a
    key for a token. `settings` are those of the `procedures`, by their IDs; a procedure that is missing there has its
    defaults.
    """

    all_texts: AllTexts
    procedures: Procedures = field(default_factory=lambda: PROCEDURES)
    settings: Mapping[str, ProcedureSettings] = field(default_factory=dict)
    hash_key: bytes = field(repr=False)
    command: str = "/amazon-token"
    support_channel: str
    support_language: Language = "de"
    default_language: Language = "de"
    retention_days: int = 180
    workspace: str = ""
    bot_version: str
    reminders: ReminderPolicy = field(default_factory=ReminderPolicy)
    support: SupportConfig = field(default_factory=SupportConfig)
    weekly_figures: bool = True
    keep_not_understood: bool = True
    min_agents: int = 3
    ticket_senders: tuple[TicketRenderer, ...] = ()
    clock: Callable[[], datetime] = _now
    new_key: Callable[[], str] = _new_key

    def reader(self, language: Language) -> Reader:
        """Reads answers, naming what is removed in `language`."""
        return Reader(self.hash_key, self.removed(language))

    def removed(self, language: Language) -> Callable[[SecretKind], str]:
        """The placeholder for a removed secret of a kind, in `language`."""
        texts = self.all_texts[language]
        return lambda kind: texts.say("redacted", kind=texts.say(f"kinds.{kind}"))

    def gate(self, language: Language) -> Gate:
        """The gate for what leaves or is stored, naming what it removes in `language`."""
        return self._gates[language]

    @cached_property
    def _gates(self) -> Mapping[Language, Gate]:
        labels = [self.removed(language)(kind) for language in self.all_texts for kind in SecretKind]
        return {language: Gate(self.removed(language), labels) for language in self.all_texts}

    def language_of(self, person: Person | None) -> Language:
        """Their own choice, else German for `de*` and English for any other known locale, else the default."""
        if person is not None and person.language in {"de", "en"}:
            return "de" if person.language == "de" else "en"
        if person is not None and person.locale:
            return "de" if person.locale.lower().startswith("de") else "en"
        return self.default_language

    @property
    def first_procedure(self) -> AnyProcedure:
        """What starts when nothing else is asked for."""
        return first_of(self.procedures)

    @cached_property
    def offered(self) -> Procedures:
        """The procedures that are switched on, by their IDs: those that somebody may begin or be handed over to."""
        return {
            name: procedure
            for name, procedure in self.procedures.items()
            if procedure.switched_on(self.settings_of(procedure))
        }

    @property
    def other_procedures(self) -> list[AnyProcedure]:
        """Those of them that start only when they are asked for."""
        return [procedure for procedure in self.offered.values() if procedure is not self.first_procedure]

    def settings_of(self, procedure: AnyProcedure) -> ProcedureSettings:
        """What the operator decided about the procedure."""
        settings: ProcedureSettings | None = self.settings.get(procedure.id)
        return settings if settings is not None else procedure.settings()

    @cached_property
    def known_steps(self) -> int:
        """A number made of all steps of the procedures: another version with others has another one."""
        steps = sorted((name, sorted(procedure.steps)) for name, procedure in self.procedures.items())
        return crc32(repr(steps).encode()) >> 1

    @cached_property
    def guide_versions(self) -> Mapping[str, str]:
        """For each procedure what changes with every changed text of either language."""
        return {name: self.all_texts.version_of(name) for name in self.procedures}
