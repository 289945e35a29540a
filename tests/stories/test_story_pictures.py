"""Stories about the pictures of steps: seen at every screen, and never in the way."""

from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from bot.app import bootstrap
from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.images import hosting, prefetch
from bot.images.drawings import every_image
from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.sandbox.world import direct_message_id
from conversations.amazon_token.developer_ids import DOCUMENTED_ID
from conversations.amazon_token.facts import Facts
from conversations.amazon_token.plays import NEW_ENOUGH, PLAYS
from conversations.amazon_token.procedure import PROCEDURE
from conversations.amazon_token.settings import TokenSettings
from conversations.amazon_token.steps import STEPS
from conversations.engine.screens import title_key
from conversations.engine.texts import LANGUAGES, Language, Texts
from conversations.registry import PROCEDURES
from tests.waiting import until

pytestmark = pytest.mark.story
PNG = b"\x89PNG"
PERSON: dict[Language, str] = {"de": "U0ERIKA", "en": "U0OLIVER"}
ASIDE = frozenset(
    {
        "update_required",
        "newer_mask",
        "current_key_set",
        "account_names",
        "further_account",
        "going_back",
        "differing_seller_id",
        "adopt_seller_id",
    }
)
"""Screens that a walk without trouble does not come to."""
Json = dict[str, Any]


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are prepared at once and without pauses."""
    monkeypatch.setattr(prefetch, "AFTER_SECONDS", 0.0)
    monkeypatch.setattr(prefetch, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def unprepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture is there before a step needs it."""
    monkeypatch.setattr(prefetch, "AFTER_SECONDS", 3600.0)


class Seen:
    """The images of every message that ever stood in somebody's direct message, by its step's title."""

    def __init__(self, sandbox: Sandbox, person: str) -> None:
        self.images: dict[str, list[Json]] = {}
        self._channel = sandbox.world.channels[direct_message_id(person)]
        self._told = sandbox.world.on_change
        sandbox.world.on_change = self._look

    def _look(self, *what: Any) -> None:
        for message in self._channel.messages:
            found = [one for one in message.blocks if one["type"] == "image"]
            for block in message.blocks:
                if block["type"] == "section":
                    self.images.setdefault(block["text"]["text"], found)
        self._told(*what)

    def at(self, title: str) -> list[Json]:
        """The images of the step of this title."""
        return next(images for text, images in self.images.items() if text.startswith(f"*{title}*"))


def screens() -> Iterator[str]:
    """The steps that happen on a screen."""
    for step in STEPS:
        facts = Facts(region="europe", key_set="alternativ")
        if PROCEDURE.pictures.of(step, facts, TokenSettings()) is not None:
            yield step


def uploads(sandbox: Sandbox) -> int:
    return sum(call.method == "files.completeUploadExternal" for call in sandbox.calls)


def images_of(message: Json) -> list[Json]:
    return [one for one in message["blocks"] if one["type"] == "image"]


async def until_prepared(logged: list[Any], times: int = 1) -> None:
    def ready() -> bool:
        return sum(line["event"] == "pictures_ready" for line in logged) >= times

    await until(ready, "the workspace to have its pictures")


def on_stage(merchant: Visitor, agent: Visitor, texts: Texts) -> SandboxStage:
    scenes = [Scene(one, name, lambda _text: None) for one, name in ((merchant, "Merchant"), (agent, "Agent"))]
    return SandboxStage(scenes[0], scenes[1], texts)


async def to_account_mask(visitor: Visitor) -> Json:
    """From nothing to the first step with a number."""
    scene = Scene(visitor, "Merchant", lambda _text: None)
    await scene.start()
    await scene.press("walk:orders_stopped")
    return await scene.fill("form:connect_version", version=NEW_ENOUGH)


@pytest.mark.usefixtures("prepared", "rendered_anew")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_screen_of_a_walk_shows_its_picture(
    serve: Any, sandbox: Sandbox, cast: Any, all_texts: Any, logged: list[Any], language: Language
) -> None:
    """From the version to the second fetch: one PNG a step, uploaded, with words in the merchant's language."""
    seen = Seen(sandbox, PERSON[language])
    async with serve():
        await until_prepared(logged)
        stage = on_stage(await cast(PERSON[language]), await cast("U0ANNA"), all_texts[language])
        await PLAYS["second-failure"](stage)
    keys = {title_key(PROCEDURE, step) for step in set(screens()) - ASIDE}
    shown = {key: seen.at(all_texts[language].say(key)) for key in keys}
    for step, images in shown.items():
        assert len(images) == 1, step
        assert sandbox.workspace.contents[images[0]["slack_file"]["id"]].startswith(PNG), step
    assert len({images[0]["slack_file"]["id"] for images in shown.values()}) == len(shown)
    (developer,) = shown["screens.developer_form.title"]
    assert DOCUMENTED_ID in developer["alt_text"]
    assert not any(call.outcome == "invalid_blocks" for call in sandbox.calls)
    assert "'picture'" not in repr([call.args for call in sandbox.calls])


@pytest.mark.usefixtures("prepared")
async def test_a_second_start_uploads_nothing(serve: Any, sandbox: Sandbox, logged: list[Any]) -> None:
    """What the workspace has it keeps; the languages have their own."""
    async with serve():
        await until_prepared(logged)
    first = uploads(sandbox)
    async with serve():
        await until_prepared(logged, times=2)
    assert first == len(list(every_image(LANGUAGES, PROCEDURES, {})))
    assert uploads(sandbox) == first


@pytest.mark.usefixtures("prepared")
async def test_own_words_change_the_picture(
    serve: Any, sandbox: Sandbox, logged: list[Any], tmp_path: Any, all_texts: Any
) -> None:
    """A label that the operator words anew is drawn anew, in that language only."""
    async with serve():
        await until_prepared(logged)
    before = uploads(sandbox)
    folder = tmp_path / "guides"
    (folder / PROCEDURE.id).mkdir(parents=True)
    label = all_texts["en"].say("pictures.labels.settings")
    (folder / PROCEDURE.id / "texts.en.yaml").write_text(f"pictures:\n  labels:\n    settings: {label}!\n")
    async with serve(guide_dir=folder):
        await until_prepared(logged, times=2)
    assert 1 <= uploads(sandbox) - before < before / 2
    names = {file["name"] for file in list(sandbox.workspace.files.values())[before:]}
    assert names
    assert all(name.endswith("-en.png") for name in names)


@pytest.mark.usefixtures("unprepared")
async def test_where_and_the_language_keep_the_right_picture(line: Any, sandbox: Sandbox, erika: Visitor) -> None:
    """The same file when the step is shown longer and shorter again; the English one after a change of language."""
    assert line.work
    await to_account_mask(erika)
    step = await erika.wait_for(lambda m: "walk:sees_key_set" in str(m["blocks"]) and images_of(m))
    (german,) = images_of(step)
    for action, shown in (("step:where", 2), ("step:less", 1)):  # also that of the screen's other act
        await erika.press(action, message=step)
        step = await erika.wait_for(lambda m, a=action, n=shown: _toggled(m, a) and len(images_of(m)) == n)
        assert images_of(step)[0]["slack_file"] == german["slack_file"]
    await erika.command("/amazon-token language en")
    english = await erika.wait_for(lambda m: images_of(m) and images_of(m)[0]["alt_text"] != german["alt_text"])
    assert images_of(english)[0]["slack_file"] != german["slack_file"]
    assert uploads(sandbox) == 4  # the version's, that of the other act, and this one twice


def _toggled(message: Json, pressed: str) -> bool:
    wanted = {"step:where": "step:less", "step:less": "step:where"}[pressed]
    buttons = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return any(one["action_id"] == wanted for one in buttons)


@pytest.mark.usefixtures("unprepared")
async def test_a_used_message_keeps_no_picture(line: Any, erika: Visitor) -> None:
    """A step shrinks to its record; the one live message is the only one with an image."""
    assert line.work
    await to_account_mask(erika)
    scene = Scene(erika, "Erika", lambda _text: None)
    await scene.press("walk:sees_key_set")
    await scene.press("walk:back")

    async def one_image() -> bool:
        return sum(bool(images_of(message)) for message in await erika.messages()) == 1

    await until(one_image, "the step before to lose its picture", erika.dialogue)


@pytest.mark.usefixtures("unprepared")
@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("files.getUploadURLExternal", {"kind": "error", "code": "missing_scope"}),
        ("files.getUploadURLExternal", {"kind": "rate_limited", "retry_after": 30}),
        ("files.completeUploadExternal", {"kind": "error_500"}),
        ("upload", {"kind": "slow", "seconds": 3.0}),
        ("upload", {"kind": "timeout_before"}),
        ("upload", {"kind": "unprocessed"}),
    ],
    ids=["missing scope", "rate limited", "500", "slow", "no answer", "never processed"],
)
async def test_trouble_with_uploads_does_not_stop_a_walk(
    serve: Any, sandbox: Sandbox, cast: Any, all_texts: Any, logged: list[Any], method: str, fault: Json,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The whole story takes its course without pictures, which it does not wait for; each trouble is told once."""
    monkeypatch.setattr(hosting, "_UPLOAD_SECONDS", 3600.0)
    monkeypatch.setattr(bootstrap, "IMAGE_WAIT_SECONDS", 0.5)
    sandbox.misbehave(method, times=500, **fault)

    def told() -> list[tuple[str, str]]:
        return [(line["picture"], line["error"]) for line in logged if line["event"] == "picture_left_out"]

    async with serve():
        await PLAYS["second-failure"](on_stage(await cast("U0ERIKA"), await cast("U0ANNA"), all_texts["de"]))
        assert images_of(await to_account_mask(await cast("U0OLIVER"))) == []
        await until(told, "a word on the picture of a step that stays")
    assert len(told()) == len(set(told()))
    assert not [line for line in logged if line["event"] == "outbox_row_dead"]


async def test_pictures_can_be_off(serve: Any, sandbox: Sandbox, cast: Any) -> None:
    """No image, no upload, and the words as ever."""
    async with serve(pictures=False):
        message = await to_account_mask(await cast("U0ERIKA"))
    assert images_of(message) == []
    assert uploads(sandbox) == 0


async def test_under_a_public_address_the_bot_serves_the_pictures(
    serve: Any, sandbox: Sandbox, cast: Any, unused_tcp_port: int
) -> None:
    """Slack fetches each over HTTP; nothing is uploaded. An address that nobody was given does not exist."""
    public = f"http://127.0.0.1:{unused_tcp_port}"
    async with serve(public_url=public, port=unused_tcp_port), aiohttp.ClientSession() as http:
        (image,) = images_of(await to_account_mask(await cast("U0ERIKA")))
        url = image["image_url"]
        assert url.startswith(f"{public}/pictures/amazon_token.which_mask-de-")
        async with http.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            assert (await answer.read()).startswith(PNG)
            assert "immutable" in answer.headers["Cache-Control"]
            tag = answer.headers["ETag"]
        async with http.get(url, headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304
        for wrong in (url[:-8] + "0000.png", url.replace("-de-", "-fr-"), url.replace("which_mask", "token")):
            async with http.get(wrong) as answer:
                assert answer.status == 404
    assert uploads(sandbox) == 0
    async with serve(public_url=public, port=unused_tcp_port), aiohttp.ClientSession() as http, http.get(url) as answer:
        assert answer.status == 200


async def test_a_public_address_that_slack_cannot_reach_does_not_stop_a_walk(
    serve: Any, cast: Any, logged: list[Any], unused_tcp_port: int
) -> None:
    """The step goes out without its picture, and the operator is told."""
    async with serve(public_url=f"http://127.0.0.1:{unused_tcp_port}"):
        assert images_of(await to_account_mask(await cast("U0ERIKA"))) == []
    assert any(line["event"] == "picture_left_out" for line in logged)


@pytest.mark.usefixtures("unprepared")
async def test_the_id_is_in_no_picture_where_it_is_not_valid(
    serve: Any, sandbox: Sandbox, cast: Any, all_texts: Any
) -> None:
    """No call of the story holds it, and the developer form was never drawn."""
    async with serve():
        await PLAYS["not-european"](on_stage(await cast("U0ERIKA"), await cast("U0ANNA"), all_texts["de"]))
    assert DOCUMENTED_ID not in repr([call.args for call in sandbox.calls])
    assert not any("authorize_developer" in file["name"] for file in sandbox.workspace.files.values())
