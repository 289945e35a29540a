"""Error messages, by the rules of the procedure."""

from conversations.engine.understanding.error_text import read_error
from conversations.engine.understanding.intents import ErrorMessage
from conversations.engine.understanding.situation import Situation


def error_in(text: str, situation: Situation) -> ErrorMessage | None:
    """The error message that `text` is, or `None`."""
    rules = situation.vocabulary.procedure.tickets
    return ErrorMessage(text, read_error(text)) if rules.is_error_message(text) else None
