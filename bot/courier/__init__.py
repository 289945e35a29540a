"""Carries what the desk decided to Slack: in order, with patience, and each message once."""

from bot.courier.pace import Pace
from bot.courier.rounds import Courier

__all__ = ["Courier", "Pace"]
