"""On the wire: how many calls a step costs, in which order they come, and that all words are the guide's."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app.server import RunningBot
from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from conversations.all_texts import load_texts
from conversations.amazon_token.plays import ERROR, NEW_ENOUGH, second_failure
from conversations.common_schema import COMMON
from conversations.engine.procedure_schema import procedure_schema
from conversations.engine.texts import Language, Text, Texts, Tree
from conversations.registry import PROCEDURES
from tests.guides import FIRST
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun

pytestmark = pytest.mark.story
SAYING = ("chat.postMessage", "chat.update", "response_url", "views.publish")


async def test_a_pressed_step_costs_two_calls(sandbox: Sandbox, line: RunningBot, erika: Visitor) -> None:
    """One new message, one use of the press's own URL for the old one, and nothing of chat.update's quota.

    Once the picture is in the workspace: the first time it is added to the message when Slack can show it.
    """
    await begun(erika)
    await erika.press("walk:orders_stopped")
    await erika.wait_for(lambda message: "slack_file" in str(message["blocks"]))
    await erika.press("walk:back")
    await at_step(erika, "before_start")
    await line.bot.outbox_worker.drain()
    before = len(sandbox.calls)
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await line.bot.outbox_worker.drain()
    methods = [call.method for call in sandbox.calls[before:] if not call.method.startswith(("auth.", "files."))]
    assert sorted(methods) == ["chat.postMessage", "response_url"]


async def test_a_broken_response_url_is_replaced(sandbox: Sandbox, line: RunningBot, erika: Visitor) -> None:
    """When the URL fails the old step shrinks by chat.update."""
    old = await begun(erika)
    await line.bot.outbox_worker.drain()
    sandbox.misbehave("response_url", "error_500")
    await erika.press("walk:orders_stopped")
    await at_step(erika, "connect_version")
    await line.bot.outbox_worker.drain()
    updates = [call for call in sandbox.calls if call.method == "chat.update"]
    assert [call.outcome for call in updates if call.args["ts"] == old["ts"]] == ["ok"]


async def test_retry_after_is_kept_and_so_is_the_order(sandbox: Sandbox, line: RunningBot, erika: Visitor) -> None:
    """After a 429 nothing goes to that conversation for as long as Slack said; then everything in its order."""
    await begun(erika)
    await line.bot.outbox_worker.drain()
    sandbox.misbehave("chat.postMessage", "rate_limited", retry_after=1)
    pressed = time.time()
    await erika.press("walk:orders_stopped")
    for text in ("eins", "weiter"):
        await erika.say(text)
        await sandbox.events.settle()
    await line.bot.outbox_worker.drain()
    posts = [call for call in sandbox.calls if call.method == "chat.postMessage" and call.at > pressed]
    assert posts[0].outcome == "rate_limited"
    assert all(call.at - posts[0].at >= 0.99 for call in posts[1:])
    assert "braucht eine Angabe" in (await at_step(erika, "connect_version"))["text"]


def _marked_tree(tree: Tree, texts: Texts, prefix: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, node in tree.items():
        if isinstance(node, Text):
            named = "".join(f" {{{name}}}" for name in sorted(node.placeholders))
            told[str(key)] = f"«{key[:8]}{named}»"
        elif isinstance(node, dict):
            told[str(key)] = _marked_tree(node, texts, f"{prefix}{key}.")
        else:
            told[str(key)] = texts.words(prefix + key)
    return told


@pytest.fixture
def marked_folder(tmp_path: Path, all_texts: dict[Language, Texts]) -> Path:
    """Guide files of one's own in which every text is marked."""
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / FIRST).mkdir()
    for language, texts in all_texts.items():
        for name, schema in (("common", COMMON), (f"{FIRST}/texts", procedure_schema(PROCEDURES[FIRST]))):
            tree = yaml.safe_dump(_marked_tree(schema, texts), allow_unicode=True)
            (folder / f"{name}.{language}.yaml").write_text(tree, "utf-8")
    return folder


_VALUES = re.compile(
    r"(?m:^\*?[1-9]\.\*? )|\bErika Beispiel\b|"
    rf"<!date\^[^>]*>|<@U\w+>|https://slack\.com/\S+|<slack://[^>]*>|slack://\S+|\b{re.escape(NEW_ENOUGH)}|{re.escape(ERROR)}"
)
"""The number of an act, who the card is about, a moment, a person, a link, the version and the merchant's own words."""


async def test_every_word_is_the_guides(
    sandbox: Sandbox, serve: Serve, erika: Visitor, anna: Visitor, marked_folder: Path, typed_secrets: object
) -> None:
    """With a guide in which every text is marked, nothing unmarked reaches Slack in a whole second failure."""
    assert typed_secrets
    german = load_texts(marked_folder).of("de", FIRST)
    async with serve(guide_dir=marked_folder) as line:
        merchant, agent = (Scene(who, who.user_id, lambda _text: None) for who in (erika, anna))
        await second_failure(SandboxStage(merchant, agent, german))
        await erika.home()
        await erika.command("/amazon-token help")
        await line.bot.outbox_worker.drain()
    said = [call.args for call in sandbox.calls if call.method in SAYING or call.method.startswith("views.")]
    assert len(said) > 50
    others = {load_texts().of("de", name).say("procedure.name") for name in PROCEDURES if name != FIRST}
    assert {text: rest for text in _texts(said) if text not in others and (rest := _unmarked(text))} == {}


def _texts(value: Any, key: str = "") -> list[str]:
    """Every text in what was said; blocks may come as JSON in a string."""
    if isinstance(value, str):
        if key in {"blocks", "view"}:
            return _texts(json.loads(value))
        return [value] if key == "text" else []
    if isinstance(value, dict) and value.get("type") == "rich_text_section":
        return ["".join(part.get("text", "") for part in value["elements"])]  # moments and people have no text
    pairs = (
        value.items()
        if isinstance(value, dict)
        else ((key, inner) for inner in value)
        if isinstance(value, list)
        else ()
    )
    return [text for name, inner in pairs for text in _texts(inner, name)]


def _unmarked(text: str) -> str:
    """What is left of a text without marked parts (marks can stand within marks), values and punctuation."""
    previous = None
    while previous != text:
        previous, text = text, re.sub(r"«[^«»]*»", "", text)
    return re.sub(r"[✓✗↓↩→■•·*_:,\s]", "", _VALUES.sub("", text))
