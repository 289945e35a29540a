"""Procedures that exist in tests only: whatever works for them works for a procedure that nobody has written yet."""

from conversations.registry import PROCEDURES, Procedures
from tests.toys.coffee_machine.procedure import PROCEDURE as COFFEE
from tests.toys.tea_kettle.procedure import PROCEDURE as TEA

WITH_TOYS: Procedures = {**PROCEDURES, COFFEE.id: COFFEE, TEA.id: TEA}
"""The bot's own procedures and the toys."""
