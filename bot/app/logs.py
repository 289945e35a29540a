"""The log: one line an event on standard error, JSON unless a person watches, and no secret in it."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings.core import LogFormat
from conversations.secrets.credentials import SecretKind
from conversations.secrets.redact import without_secrets

# Slack's own: tokens, and addresses that are a permission in themselves (response URLs, Socket Mode tickets).
_SLACK = re.compile(r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|https://hooks\.slack\.com/\S+|(?<=[?&]ticket=)[\w-]+")
_PLAIN = (int, float, bool, type(None))


def configure(level: str = "INFO", form: LogFormat = "auto", stream: TextIO | None = None) -> None:
    """Send our events of at least `level`, and warnings of the libraries, to `stream` (standard error)."""
    out = sys.stderr if stream is None else stream
    as_json = form == "json" or (form == "auto" and not out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_described(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_written(as_json=as_json)],
        )
    )
    # The libraries tell at INFO and DEBUG what people wrote.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_described(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def mask(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """The event with everything that looks like a credential replaced by its kind in brackets."""
    return {key: _masked(value) for key, value in event.items()}


def masked(text: str) -> str:
    """The text with everything that looks like a credential replaced by its kind in brackets."""
    # `redact` would shorten what is long, and a traceback tells the most at its end.
    return without_secrets(_SLACK.sub("[slack_secret]", text), _label)


def _label(kind: SecretKind) -> str:
    return f"[{kind}]"


def _masked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {masked(str(key)): _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(one) for one in value]
    return value if isinstance(value, _PLAIN) else masked(value if isinstance(value, str) else repr(value))


def _described() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _written(*, as_json: bool) -> list[Processor]:
    # A traceback in plain text has no local variables, which may hold tokens; and it is masked like everything else.
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    return [structlog.processors.format_exc_info, mask, renderer]
