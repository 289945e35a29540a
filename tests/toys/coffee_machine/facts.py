"""What one walkthrough knows about the coffee machines."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from conversations.engine.settings import OUR_CHOICE, ProcedureSettings
from conversations.engine.walk_state import ProcedureFacts


class Machine(BaseModel):
    """One coffee machine."""

    name: str
    clean_at: AwareDatetime | None = None


class CoffeeFacts(ProcedureFacts):
    """Everything that is known besides the step."""

    machines: list[Machine] = Field(default_factory=list)
    has_filter: bool = False
    off_since: AwareDatetime | None = None
    complaints: list[str] = Field(default_factory=list)


class CoffeeSettings(ProcedureSettings):
    """What the operator decides."""

    soak_minutes: Annotated[int, OUR_CHOICE] = Field(default=20, ge=1, description="Minutes that the descaler works.")
