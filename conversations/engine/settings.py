"""The settings of a procedure, as the operator sets them in the environment."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Source:
    """Where the operator finds the value of a setting."""

    text: str


OUR_CHOICE = Source("Your choice.")


def wrong(what: str) -> PydanticCustomError:
    """An error whose text fits after "NAME is wrong: ". It never repeats the value, which may be a secret."""
    return PydanticCustomError("wrong", "{what}", {"what": what})


class ProcedureSettings(BaseModel):
    """Base of what the operator decides about a procedure. Its fields are environment variables of the same names.

    Each of them has a description and a `Source`. `answer_minutes` is the bot's own setting, for every procedure:
    within how many minutes support usually answers; `None`: no such time is mentioned.
    """

    model_config = ConfigDict(frozen=True)

    answer_minutes: int | None = Field(default=None, ge=2)
