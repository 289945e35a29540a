"""Every screen of the product passes `blocks.validate`, and what Slack refuses is named."""

import math
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli import patience
from bot.cli.screens import AnyScreen, every_screen
from bot.cli.validation import validated
from bot.sandbox.server import Sandbox
from bot.settings.core import with_procedures
from conversations.all_texts import load_texts
from conversations.engine.procedure import TRANSFERRED
from conversations.engine.texts import LANGUAGES
from conversations.registry import PROCEDURES

SCREEN = AnyScreen("card open", "de", "message", {"blocks": [{"type": "divider"}]})
BAD = replace(SCREEN, name="home agent", kind="view", payload={"type": "home", "blocks": [{"type": "nothing"}]})


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(rates=math.inf) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.token, base_url=sandbox.api_url, retry_handlers=[])


async def findings(client: AsyncWebClient, *screens: AnyScreen) -> tuple[list[str], list[str]]:
    """What is found about these screens, and what is said meanwhile."""
    said: list[str] = []
    return [str(one) async for one in validated(client, screens, said.append)], said


def all_screens() -> list[AnyScreen]:
    """Every screen of an installation with the least settings."""
    given: dict[str, Any] = {"slack_bot_token": "xoxb-1-test", "support_channel_id": "C0SUPPORT"}
    settings = with_procedures(PROCEDURES)(_env_file=None, slack_app_token="xapp-1-test", **given)
    return list(every_screen(settings, load_texts(None)))


async def test_every_screen_is_valid(client: AsyncWebClient) -> None:
    """Steps, forms, cards and Home tabs of every procedure in each language are among them; none is refused."""
    screens = all_screens()
    names = {(screen.name, screen.language) for screen in screens}
    for language in LANGUAGES:
        for procedure in PROCEDURES.values():
            shown = {f"step {name}" for name, step in procedure.steps.items() if step.end != TRANSFERRED}
            modals = (name for name, form in procedure.forms.items() if not form.in_message)
            shown |= {f"form {name}" for name in modals} | {"card open", "form answer", "form sort"}
            assert {(f"{procedure.id} {one}", language) for one in shown} <= names
        assert {(f"home {whose}", language) for whose in ("empty", "merchant", "agent")} <= names
    found, said = await findings(client, *screens)
    assert found == [f"✓ screens: Slack accepts all {len(screens)}"]
    assert said[0] == f"Slack checks {len(screens)} screens …"


async def test_what_is_refused_is_named(client: AsyncWebClient) -> None:
    """Screen, language and Slack's own words; the screens after it are checked as well, and nothing is in order."""
    found, _ = await findings(client, BAD, SCREEN, replace(BAD, language="en"))
    assert [one.partition(":")[0] for one in found] == ["✗ screen home agent (de)", "✗ screen home agent (en)"]
    assert "/blocks/0" in found[0]
    assert "[failed_constraint]" in found[0]


@pytest.mark.parametrize("code", ["unknown_method", "not_allowed_token_type", "missing_scope"])
async def test_a_token_that_may_not_ask_knows_nothing(sandbox: Sandbox, client: AsyncWebClient, code: str) -> None:
    """A warning that nothing is known, after the first call: it is no fault of the installation."""
    sandbox.misbehave("blocks.validate", "error", code=code, times=9)
    found, _ = await findings(client, SCREEN, SCREEN)
    assert [one.partition("\n")[0] for one in found] == [f"! screens: unknown after 0 of 2: Slack says {code}"]
    assert len(sandbox.calls) == 1


async def test_a_wait_that_slack_asks_for_is_kept_and_said(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """After 429 the same screen is tried again, not before Retry-After."""
    sandbox.misbehave("blocks.validate", "rate_limited", retry_after=1, skip=1)
    found, said = await findings(client, SCREEN, SCREEN)
    assert found == ["✓ screens: Slack accepts all 2"]
    assert said[1:] == ["1 of 2 screens are checked; Slack asks to wait 1 s (ratelimited)"]
    first, refused, again = sandbox.calls
    assert again.at - refused.at >= 1.0
    assert (first.outcome, refused.outcome, again.outcome) == ("ok", "rate_limited", "ok")


async def test_slack_does_not_answer(sandbox: Sandbox, client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same screen is tried a few times; then nothing is known, which is a warning."""
    monkeypatch.setattr(patience, "_WAIT", 0.0)
    sandbox.misbehave("blocks.validate", "error_500", times=99)
    found, _ = await findings(client, SCREEN)
    assert [one.partition("\n")[0] for one in found] == ["! screens: unknown after 0 of 1: Slack says HTTP 500"]
    assert len(sandbox.calls) == 5
