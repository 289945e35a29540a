"""The settings of support: response times, business hours, escalation, and the reports in the support channel."""

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from bot.settings import types
from bot.settings.public_holidays import public_holidays
from conversations.engine.priority import Priority
from conversations.engine.settings import OUR_CHOICE, Source
from conversations.ticket.business_hours import BusinessHours
from conversations.ticket.sla import Sla, SlaTarget

_Hours = Annotated[dict[Priority, float], BeforeValidator(types.hours), OUR_CHOICE]


class SupportSettings(BaseSettings):
    """The settings of support."""

    answer_hours: _Hours = Field(
        default="P1=1,P2=4,P3=8",
        validate_default=True,
        description="Working hours by priority to give each answer, including the first.",
    )
    solution_hours: _Hours = Field(
        default="P1=8,P2=16,P3=40",
        validate_default=True,
        description="Working hours by priority to solve a ticket; paused while the merchant owes a reply.",
    )
    warn_percent: Annotated[int, OUR_CHOICE] = Field(
        default=75,
        ge=10,
        le=95,
        description="Percentage of these times after which support is warned in the ticket's thread.",
    )
    escalation_user_ids: Annotated[
        tuple[str, ...], BeforeValidator(types.people), Source("In Slack: a person's profile > More > Copy member ID")
    ] = Field(
        default="",
        validate_default=True,
        description="Who else is mentioned when one of these times is exceeded, e.g. `U0123ABC,U0456DEF`.",
    )
    close_announce_days: Annotated[int, OUR_CHOICE] = Field(
        default=3,
        ge=1,
        le=60,
        description="Working days without an answer from the merchant before the ticket's closing is announced.",
    )
    close_days: Annotated[int, OUR_CHOICE] = Field(
        default=2, ge=1, le=60, description="Working days between that announcement and the closing."
    )
    working_hours: Annotated[str, AfterValidator(types.clock_span), OUR_CHOICE] = Field(
        default="08:00-17:00", description="Support hours on a working day."
    )
    working_days: Annotated[str, BeforeValidator(types.lower), AfterValidator(types.weekdays), OUR_CHOICE] = Field(
        default="mon-fri", description="Days with support, e.g. `mon-fri` or `mon,tue,thu`."
    )
    time_zone: Annotated[str, AfterValidator(types.zone), Source("A name such as Europe/Berlin.")] = Field(
        default="Europe/Berlin", description="Time zone for support hours and the daily digest."
    )
    holidays_country: Annotated[
        str, BeforeValidator(types.upper), AfterValidator(types.country), Source("Two letters, ISO 3166-1.")
    ] = Field(default="DE", description="No support on the public holidays of this country.")
    holidays_region: Annotated[str, Source("The region's code, e.g. BY for Bavaria, ISO 3166-2.")] = Field(
        default="",
        validate_default=True,
        description="Region whose holidays count as well. Not set: nationwide holidays only.",
    )
    digest_time: Annotated[str, AfterValidator(types.clock), OUR_CHOICE] = Field(
        default="08:15", description="Time of the daily digest of tickets in the support channel, on working days."
    )
    weekly_figures: Annotated[bool, Source("Your choice: true or false.")] = Field(
        default=True,
        description="Whether the support channel gets last week's figures on the first working morning of a week.",
    )
    figures_min_agents: Annotated[int, Source("Your choice, with your works council.")] = Field(
        default=3,
        ge=1,
        le=100,
        description="Support times are shown only when at least this many agents took part. Never per agent.",
    )

    @field_validator("holidays_region")
    @classmethod
    def _known_holidays(cls, value: str, info: ValidationInfo) -> str:
        return types.region(info.data.get("holidays_country", "DE"), value.upper())

    def business_hours(self) -> BusinessHours:
        """The hours in which support works."""
        begins, ends = types.span(self.working_hours)
        return BusinessHours(
            zone=ZoneInfo(self.time_zone),
            begins=begins,
            ends=ends,
            days=types.days(self.working_days),
            is_holiday=public_holidays(self.holidays_country, self.holidays_region),
        )

    def sla(self, answer_minutes: int | None = None) -> Sla:
        """The limits for answers and solutions. For P1 and P2 an answer is due within `answer_minutes` at most."""
        announced = timedelta(minutes=answer_minutes) if answer_minutes is not None else timedelta.max
        answers = {name: timedelta(hours=hours) for name, hours in self.answer_hours.items()}
        for name in ("P1", "P2"):
            answers[name] = min(answers[name], announced)
        return Sla(
            business_hours=self.business_hours(),
            targets={
                name: SlaTarget(answers[name], timedelta(hours=hours)) for name, hours in self.solution_hours.items()
            },
            warn_at=self.warn_percent / 100,
            announce_days=self.close_announce_days,
            close_days=self.close_days,
        )
