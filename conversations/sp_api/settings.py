"""What the operator decides about this procedure."""

from typing import Annotated

from pydantic import Field

from conversations.engine.settings import ProcedureSettings, Source


class SpApiSettings(ProcedureSettings):
    """The settings of this procedure."""

    sp_api_procedure: Annotated[bool, Source("Your choice: true or false.")] = Field(
        default=True,
        description=(
            "Whether the bot leads people through the SP-API authorization. If not, people who see the newer screen of "
            "CONNECT are sent to a person."
        ),
    )
