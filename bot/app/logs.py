"""The log on standard error: one line per event, as JSON unless a terminal shows it, with secrets masked."""

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

# Tokens, and URLs that anybody who knows them can use (response URLs, Socket Mode tickets).
_SLACK = re.compile(r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|https://hooks\.slack\.com/\S+|(?<=[?&]ticket=)[\w-]+")
_UNMASKED_TYPES = (int, float, bool, type(None))


def configure(level: str = "INFO", form: LogFormat = "auto", stream: TextIO | None = None) -> None:
    """Log the bot's events of at least `level`, and warnings of the libraries, to `stream` (standard error)."""
    out = sys.stderr if stream is None else stream
    as_json = form == "json" or (form == "auto" and not out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_field_processors(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering_processors(as_json=as_json),
            ],
        )
    )
    # At INFO and DEBUG the libraries log what people wrote.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_field_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def mask(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: the event with `masked` applied to every text in it."""
    return {key: _masked(value) for key, value in event.items()}


def masked(text: str) -> str:
    """The text with everything that looks like a credential replaced by its kind in brackets."""
    # `redact` would shorten a long text, and the end of a traceback says the most.
    return without_secrets(_SLACK.sub("[slack_secret]", text), _label)


def _label(kind: SecretKind) -> str:
    return f"[{kind}]"


def _masked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {masked(str(key)): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    return value if isinstance(value, _UNMASKED_TYPES) else masked(value if isinstance(value, str) else repr(value))


def _field_processors() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _rendering_processors(*, as_json: bool) -> list[Processor]:
    # A plain traceback shows no local variables, which may hold tokens, and is masked like everything else.
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    return [structlog.processors.format_exc_info, mask, renderer]
