"""The settings of waiting: how long support and merchants may take, when support is there, and what is said then."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bot.settings import types
from bot.settings import types as shapes
from bot.settings.public_holidays import public_holidays
from bot.settings.types import OUR_CHOICE, Source
from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.priority import Priority
from conversations.ticket.sla import Sla, SlaTarget

_Hours = Annotated[dict[Priority, float], NoDecode, BeforeValidator(types.hours), OUR_CHOICE]


class SupportSettings(BaseSettings):
    """What the operator decides about waiting."""

    answer_hours: _Hours = Field(
        default="P1=1,P2=4,P3=8",
        validate_default=True,
        description="Within how many working hours support owes each answer, the first as well, by priority.",
    )
    solution_hours: _Hours = Field(
        default="P1=8,P2=16,P3=40",
        validate_default=True,
        description="After how many working hours in which support owed something a ticket ought to be solved.",
    )
    warn_percent: Annotated[int, OUR_CHOICE] = Field(
        default=75, ge=10, le=95, description="At what share of these times support is warned in the ticket's thread."
    )
    escalation_user_ids: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(types.people),
        Source("In Slack: a person's profile > More > Copy member ID"),
    ] = Field(
        default="",
        validate_default=True,
        description="Who is mentioned as well when such a time is over, e.g. `U0123ABC,U0456DEF`.",
    )
    close_announce_days: Annotated[int, OUR_CHOICE] = Field(
        default=3,
        ge=1,
        le=60,
        description="After how many working days without the merchant's answer it is announced that a ticket closes.",
    )
    close_days: Annotated[int, OUR_CHOICE] = Field(
        default=2, ge=1, le=60, description="How many working days after that announcement the ticket is closed."
    )
    working_hours: Annotated[str, AfterValidator(types.clock_span), OUR_CHOICE] = Field(
        default="08:00-17:00", description="From when until when support is there on a working day."
    )
    working_days: Annotated[str, BeforeValidator(shapes.lower), AfterValidator(types.weekdays), OUR_CHOICE] = Field(
        default="mon-fri", description="On which days support is there, e.g. `mon-fri` or `mon,tue,thu`."
    )
    time_zone: Annotated[str, AfterValidator(types.zone), Source("A name such as Europe/Berlin.")] = Field(
        default="Europe/Berlin", description="By whose clocks working time and the morning digest go."
    )
    holidays_country: Annotated[
        str, BeforeValidator(shapes.upper), AfterValidator(types.country), Source("Two letters, ISO 3166.")
    ] = Field(default="DE", description="On the public holidays of this country support is not there.")
    holidays_region: Annotated[str, Source("The region's code, e.g. BY for Bavaria, ISO 3166-2.")] = Field(
        default="",
        validate_default=True,
        description="The state whose holidays count too. Not set: the nationwide ones.",
    )
    digest_time: Annotated[str, AfterValidator(types.clock), OUR_CHOICE] = Field(
        default="08:15", description="When the support channel gets its list of tickets, on working days."
    )
    weekly_figures: Annotated[bool, Source("Your choice: true or false.")] = Field(
        default=True,
        description="Whether the support channel gets last week's figures on the first working morning of a week.",
    )
    figures_min_agents: Annotated[int, Source("Your choice, with your works council.")] = Field(
        default=3, ge=1, le=100, description="From how many agents on the desk's times are shown, never whose they are."
    )

    @field_validator("holidays_region")
    @classmethod
    def _known_holidays(cls, value: str, info: ValidationInfo) -> str:
        return types.region(info.data.get("holidays_country", "DE"), value.upper())

    def business_hours(self) -> BusinessHours:
        """When support is there."""
        begins, ends = types.span(self.working_hours)
        return BusinessHours(
            zone=ZoneInfo(self.time_zone),
            begins=begins,
            ends=ends,
            days=types.days(self.working_days),
            is_holiday=public_holidays(self.holidays_country, self.holidays_region),
        )

    def patience(self, answer_minutes: int | None = None) -> Sla:
        """How long everybody may take. What merchants are told (`answer_minutes`) is what P1 and P2 are held to."""
        told = timedelta(minutes=answer_minutes) if answer_minutes is not None else timedelta.max
        answers = {name: timedelta(hours=hours) for name, hours in self.answer_hours.items()}
        for name in ("P1", "P2"):
            answers[name] = min(answers[name], told)
        return Sla(
            business_hours=self.business_hours(),
            targets={
                name: SlaTarget(answers[name], timedelta(hours=hours)) for name, hours in self.solution_hours.items()
            },
            warn_at=self.warn_percent / 100,
            announce_days=self.close_announce_days,
            close_days=self.close_days,
        )
