"""A tiny Bolt app in both modes: what people do arrives, and what the app answers is shown."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_parts import actions, button, field, modal, over_http, over_socket, plain, section, tiny_app
from slack_bolt.async_app import AsyncApp

from bot.sandbox.driver import ActFailed, Visitor
from bot.sandbox.driver_words import words
from bot.sandbox.manifest import DEFAULT
from bot.sandbox.server import Sandbox

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

Bodies = dict[str, dict[str, Any]]
MENU = {
    "type": "static_select",
    "action_id": "menu",
    "options": [{"text": plain("Rot"), "value": "r"}, {"text": plain("Blau"), "value": "b"}],
}


def talking_app(sandbox: Sandbox, seen: Bodies) -> AsyncApp:
    app = tiny_app(sandbox)

    @app.command("/amazon-token")
    async def command(ack: Any, body: dict[str, Any], client: Any) -> None:
        seen["command"] = body
        await ack(text=f"Befehl: {body['text']}")
        blocks = [section("Schritt 1"), actions(button(value="7"), MENU)]
        await client.chat_postMessage(channel=body["user_id"], text="Schritt 1", blocks=blocks)

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        seen["go"] = body
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    @app.action("menu")
    async def menu(ack: Any, body: dict[str, Any], respond: Any) -> None:
        seen["menu"] = body
        await ack()
        await respond(text="gewählt", replace_original=True)

    @app.view("form")
    async def form(ack: Any, body: dict[str, Any]) -> None:
        seen["form"] = body
        value = body["view"]["state"]["values"]["name"]["input"]["value"]
        answers: dict[str, dict[str, Any]] = {
            "bad": {"response_action": "errors", "errors": {"name": "So nicht"}},
            "wrong": {"response_action": "errors", "errors": {"nowhere": "So nicht"}},
            "odd": {"response_action": "dance"},
            "update": {"response_action": "update", "view": modal(title=plain("Neu"))},
            "push": {"response_action": "push", "view": modal(title=plain("Darüber"))},
            "broken": {"response_action": "push", "view": modal(title=plain("x" * 25))},
            "clear": {"response_action": "clear"},
        }
        await ack(**answers.get(value, {}))

    @app.view_closed("form")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        seen["closed"] = body
        await ack()

    return app


@pytest.fixture
def seen() -> Bodies:
    return {}


@pytest.fixture(params=[over_socket, over_http])
async def talking(request: pytest.FixtureRequest, sandbox: Sandbox, seen: Bodies) -> AsyncIterator[None]:
    mode: Callable[[Sandbox, AsyncApp], AbstractAsyncContextManager[None]] = request.param
    async with mode(sandbox, talking_app(sandbox, seen)):
        yield


@pytest.mark.usefixtures("talking")
async def test_a_command_arrives_and_is_answered(erika: Visitor, seen: Bodies) -> None:
    """The payload has Slack's fields, mentions as entities, and the acknowledgement's text is shown to one person."""
    await erika.command("/amazon-token for @Ben Support & <co> #support")
    text = "for <@U0BEN|ben.support> &amp; &lt;co&gt; <#C0SUPPORT|support>"
    assert seen["command"]["text"] == text
    assert seen["command"]["channel_name"] == "directmessage"
    assert await erika.ephemeral_text() == f"Befehl: {text}"
    async with Visitor(erika.base_url, "U0BEN") as ben:
        assert await ben.messages() == []


@pytest.mark.usefixtures("talking")
async def test_a_press_carries_message_and_container(erika: Visitor, seen: Bodies) -> None:
    """A press has the button's value, its message, and a state; the modal it opens can be submitted."""
    await erika.command("/amazon-token")
    await erika.press("Weiter")
    body = seen["go"]
    assert body["actions"][0]["value"] == "7"
    assert body["message"]["ts"] == body["container"]["message_ts"]
    assert body["state"]["values"]["bar"]["menu"]["selected_option"] is None
    view = await erika.modal(title="Formular")
    assert await erika.fill_and_submit(view, name="gut") == {}
    await erika.no_modal()
    assert seen["form"]["view"]["state"]["values"]["name"]["input"]["value"] == "gut"


@pytest.mark.usefixtures("talking")
async def test_a_submission_is_answered_in_every_way(erika: Visitor) -> None:
    """errors, update, push and clear do what Slack does; what Slack itself checks does not arrive."""
    await erika.command("/amazon-token")
    await erika.press("go")
    assert await erika.fill_and_submit(input="bad") == {"name": "So nicht"}
    assert (await erika.modal())["errors"] == {"name": "So nicht"}
    assert await erika.fill_and_submit() == {"name": "Bitte fülle dieses Pflichtfeld aus."}
    await erika.fill_and_submit(name="update")
    await erika.modal(title="Neu")
    await erika.fill_and_submit(name="push")
    await erika.modal(title="Darüber")
    await erika.fill_and_submit(name="clear")
    await erika.no_modal()


@pytest.mark.usefixtures("talking")
@pytest.mark.parametrize(
    ("value", "error"),
    [("wrong", "invalid_response_action"), ("odd", "invalid_response_action"), ("broken", "invalid_arguments")],
)
async def test_a_wrong_answer_to_a_submission_is_refused(erika: Visitor, value: str, error: str) -> None:
    """Errors at unknown fields, unknown response actions and views beyond the limits are not shown."""
    await erika.command("/amazon-token")
    await erika.press("go")
    with pytest.raises(ActFailed) as caught:
        await erika.fill_and_submit(name=value)
    assert caught.value.error == error


@pytest.mark.usefixtures("talking")
async def test_closing_is_announced_to_who_asked(erika: Visitor, seen: Bodies) -> None:
    """view_closed comes with notify_on_close."""
    await erika.command("/amazon-token")
    await erika.press("go")
    await erika.close_modal()
    assert seen["closed"]["view"]["callback_id"] == "form"


@pytest.mark.usefixtures("talking")
async def test_a_stale_press_arrives(erika: Visitor, seen: Bodies) -> None:
    """A menu choice replaces the message; a press on what it was before still arrives, with the old value."""
    await erika.command("/amazon-token")
    old = await erika.wait_for("Schritt 1")
    await erika.press("menu", option="Blau")
    assert seen["menu"]["actions"][0]["selected_option"]["value"] == "b"
    await erika.wait_for("gewählt", fresh=True)
    await erika.press("go", message=old)
    assert seen["go"]["actions"][0]["value"] == "7"


async def test_an_ephemeral_press_has_no_message(sandbox: Sandbox, erika: Visitor) -> None:
    """Slack does not send the message of an ephemeral press; its response_url can still delete it."""
    seen: Bodies = {}
    app = tiny_app(sandbox)

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any], respond: Any) -> None:
        seen["go"] = body
        await ack()
        await respond(delete_original=True)

    async with over_socket(sandbox, app):
        await app.client.chat_postEphemeral(
            channel="D0ERIKA", user="U0ERIKA", text="nur du", blocks=[actions(button())]
        )
        await erika.press("go")
        assert await erika.messages() == []
    assert "message" not in seen["go"]
    assert seen["go"]["container"]["is_ephemeral"]


async def test_a_home_tab_can_be_pressed(sandbox: Sandbox, erika: Visitor) -> None:
    """Opening Home is an event; a press there has the view as its container."""
    seen: Bodies = {}
    app = tiny_app(sandbox)

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any], client: Any) -> None:
        home = {"type": "home", "blocks": [section("Daheim"), actions(button())]}
        await client.views_publish(user_id=event["user"], view=home)

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        seen["go"] = body
        await ack()

    async with over_socket(sandbox, app):
        home = await erika.home("Daheim")
        assert "Weiter" in words(home)
        await erika.press_in(home, "go")
    assert seen["go"]["container"] == {"type": "view", "view_id": home["id"]}


async def test_late_and_failing_acknowledgements_show(sandbox: Sandbox, erika: Visitor, unused_tcp_port: int) -> None:
    """Nobody there: not_connected. Too late: operation_timeout. An error: dispatch_failed over HTTP."""
    with pytest.raises(ActFailed) as nobody:
        await erika.command("/amazon-token")
    assert nobody.value.error == "not_connected"
    app = tiny_app(sandbox)

    @app.command("/amazon-token")
    async def never(body: dict[str, Any]) -> None:
        """Does not acknowledge."""

    sandbox.sockets.ack_limit = 0.2
    async with over_socket(sandbox, app):
        with pytest.raises(ActFailed) as late:
            await erika.command("/amazon-token")
    assert late.value.error == "operation_timeout"
    sandbox.delivery.transport = sandbox.http_transport
    sandbox.request_url = f"http://127.0.0.1:{unused_tcp_port}/"
    with pytest.raises(ActFailed) as broken:
        await erika.command("/amazon-token")
    assert broken.value.error == "dispatch_failed"


async def test_an_undeclared_command_does_not_exist(erika: Visitor) -> None:
    """Slack knows only the commands of the manifest."""
    with pytest.raises(ActFailed) as caught:
        await erika.command("/dance")
    assert caught.value.error == "invalid_command"


async def test_without_escaping_a_mention_is_plain_text(seen: Bodies) -> None:
    """Without should_escape the name arrives as it was typed; without interactivity no press arrives."""
    manifest = {
        **DEFAULT,
        "features": {"slash_commands": [{"command": "/amazon-token"}]},
        "settings": {"interactivity": {"is_enabled": False}},
    }
    async with Sandbox(manifest) as sandbox, Visitor(sandbox.url, "U0ERIKA") as erika:
        async with over_socket(sandbox, talking_app(sandbox, seen)):
            await erika.command("/amazon-token for @Ben Support")
            assert seen["command"]["text"] == "for @Ben Support"
            with pytest.raises(ActFailed) as caught:
                await erika.press("go")
        assert caught.value.error == "dispatch_failed"


async def test_slack_itself_checks_lengths(sandbox: Sandbox, erika: Visitor) -> None:
    """min_length and max_length are checked before anything is sent, in the person's language."""
    views = sandbox.workspace.views
    views.open("U0ERIKA", modal(field(min_length=3, max_length=5)))
    assert "mindestens 3" in (await erika.fill_and_submit(name="ab"))["name"]
    assert "höchstens 5" in (await erika.fill_and_submit(name="abcdef"))["name"]
    views.open("U0OLIVER", modal(field(min_length=3)))
    async with Visitor(sandbox.url, "U0OLIVER") as oliver:
        assert "at least 3" in (await oliver.fill_and_submit(name="ab"))["name"]
