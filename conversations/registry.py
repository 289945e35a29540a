"""The procedures that the bot leads through. The only module that imports one: add yours here."""

from collections.abc import Mapping

from conversations.amazon_token.procedure import PROCEDURE as AMAZON_TOKEN
from conversations.engine.procedure import AnyProcedure
from conversations.sp_api.procedure import PROCEDURE as SP_API

Procedures = Mapping[str, AnyProcedure]
PROCEDURES: Procedures = {procedure.id: procedure for procedure in (AMAZON_TOKEN, SP_API)}
"""By their IDs. The first is what starts when nothing else is asked for."""


def first_of(procedures: Procedures) -> AnyProcedure:
    """What starts when nothing else is asked for, and whose triage sorts tickets without a walkthrough."""
    return next(iter(procedures.values()))
