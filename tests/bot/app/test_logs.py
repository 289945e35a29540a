import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.app import logs

MWS_TOKEN = "amzn.mws." + "4ea38b7b-f563-7709-4bae-87aea0000000"
SLACK_TOKEN = "xoxb-" + "123456-synthetic"
RESPONSE_URL = "https://hooks.slack.com/" + "commands/T0/1/synthetic"
SECRETS = (MWS_TOKEN, SLACK_TOKEN, RESPONSE_URL)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Restores the logging of the test run itself."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    root.handlers[:] = []  # `configure` closes those it replaces
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(our_level)
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json() -> None:
    """Outside a terminal each event is one JSON object with time, level and logger."""
    stream = io.StringIO()
    logs.configure(stream=stream)
    structlog.get_logger("bot.outbox").info("delivered", key="k1", tries=2, what={"a": [1, None, True]})
    (line,) = _lines(stream)
    assert line.pop("timestamp")
    assert line == {
        "event": "delivered",
        "level": "info",
        "logger": "bot.outbox",
        "key": "k1",
        "tries": 2,
        "what": {"a": [1, None, True]},
    }


def test_a_terminal_gets_readable_lines() -> None:
    """In a terminal the line is for people."""
    stream = Terminal()
    logs.configure(stream=stream)
    structlog.get_logger("bot").warning("outbox_stuck", rows=3)
    assert "outbox_stuck" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_credential_is_logged(form: logs.LogFormat, secret: str) -> None:
    """What looks like a credential is masked in the event, in nested values, in objects and in tracebacks."""
    stream = io.StringIO()
    logs.configure(form=form, stream=stream)
    log = structlog.get_logger("bot")
    try:
        raise ValueError(f"refused {secret}")
    except ValueError:
        log.exception(
            f"seen {secret}",  # noqa: G004 - a formatted event must be masked too
            plain=secret,
            nested={"a": [f"x {secret}"], secret: 1},
            thing=ValueError(secret),
        )
    logging.getLogger("slack_bolt.App").error("failed for %s", secret)
    written = stream.getvalue()
    assert "Traceback" in written
    assert "refused" in written
    assert "failed for" in written
    assert secret not in written


@pytest.mark.parametrize("form", ["json", "console"])
def test_tracebacks_hold_no_local_variables(form: logs.LogFormat) -> None:
    """The values of variables, which may be what people wrote, do not reach the log."""
    stream = io.StringIO()
    logs.configure(form=form, stream=stream)
    written_by_a_person = "a quite " + "private sentence"
    try:
        raise KeyError(len(written_by_a_person))
    except KeyError:
        structlog.get_logger("bot").exception("broken")
    assert "KeyError" in stream.getvalue()
    assert "quite private" not in stream.getvalue()


def test_the_end_of_a_long_text_is_kept() -> None:
    """A long traceback is masked line by line and keeps its last line, which says the most."""
    text = f"line of a stack {SLACK_TOKEN}\n" * 500 + f"ValueError: the reason {MWS_TOKEN}"
    shown = logs.masked(text)
    assert shown.endswith("ValueError: the reason [mws_token]")
    assert SLACK_TOKEN not in shown


def test_libraries_are_kept_at_warning() -> None:
    """INFO of Bolt and aiohttp, which contains what people wrote, is dropped even if the bot logs at DEBUG."""
    stream = io.StringIO()
    logs.configure("DEBUG", stream=stream)
    for name in ("slack_bolt.AsyncApp", "slack_sdk.web", "aiohttp.access", "asyncio"):
        logging.getLogger(name).info("quiet")
        logging.getLogger(name).warning("loud")
    structlog.get_logger("bot").debug("ours")
    assert [line["event"] for line in _lines(stream)] == ["loud"] * 4 + ["ours"]


def test_the_level_is_a_setting() -> None:
    """The bot's events below the level are dropped."""
    stream = io.StringIO()
    logs.configure("ERROR", stream=stream)
    structlog.get_logger("bot").warning("dropped")
    structlog.get_logger("bot").error("kept")
    assert [line["event"] for line in _lines(stream)] == ["kept"]
