"""What people do: commands, presses, submissions. Each becomes a payload for the app, whose answer is then applied."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.sandbox import forms, typed
from bot.sandbox.delivery import AppRequest, NotAcknowledged
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.response_urls import ResponseAddress
from bot.sandbox.views import check_view
from bot.sandbox.world import APP_ID, BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.delivery import Delivery
    from bot.sandbox.response_urls import ResponseUrls
    from bot.sandbox.workspace import Workspace
    from bot.sandbox.world import Channel, Json, SandboxUser

TOKEN = "sandbox"  # noqa: S105 - Slack's outdated verification token, which nobody checks


class Interactions:
    """What people do on the page. Every method returns the answer for the page, {"ok": …}, or raises `SlackRefusal`."""

    def __init__(self, workspace: Workspace, delivery: Delivery, urls: ResponseUrls) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._urls = urls

    async def command(self, person: SandboxUser, channel: Channel, line: str) -> Json:
        """A slash command. An answer in the acknowledgement is shown like one to the response_url."""
        name, _, text = line.strip().partition(" ")
        declared = self._workspace.manifest.commands.get(name)
        if declared is None or "commands" not in self._workspace.manifest.scopes:
            raise SlackRefusal("invalid_command")
        text = typed.in_command(text.strip(), self._workspace.world) if declared.should_escape else text.strip()
        payload = {
            "token": TOKEN,
            **self._workspace.installation.in_command(),
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.kind == "dm" else channel.name,
            "user_id": person.id,
            "user_name": person.handle,
            "command": name,
            "text": text,
            "api_app_id": APP_ID,
            "response_url": self._urls.issue(channel, person.id),
            "trigger_id": self._workspace.views.new_trigger(person.id),
        }
        answer = await self._delivery.send(AppRequest(kind="slash_commands", payload=payload))
        if isinstance(answer, str):
            answer = {"text": answer}
        if answer:
            address = ResponseAddress(channel=channel, user_id=person.id, original=None, issued_at=time.monotonic())
            self._urls.respond(address, answer)
        return {"ok": True}

    async def press(self, person: SandboxUser, channel: Channel, ts: str, action: Json, values: Json) -> Json:
        """A button or menu in a message. A press of a button that was replaced meanwhile reaches the app too."""
        message = channel.find(ts, for_user=person.id)
        if message is None or message.user != BOT_USER:
            raise SlackRefusal("message_not_found")
        ephemeral = message.only_for is not None
        container: Json = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        name = "directmessage" if channel.kind == "dm" else channel.name
        payload = {
            "container": container,
            "channel": {"id": channel.id, "name": name},
            "state": {"values": forms.values(message.blocks, values)},
            "response_url": self._urls.issue(channel, person.id, message),
            "actions": [forms.acted(message.blocks, action)],
        }
        if not ephemeral:
            payload["message"] = message.as_slack()
        await self._interact(person, "block_actions", payload)
        return {"ok": True}

    async def press_in_view(self, person: SandboxUser, view_id: str, action: Json, values: Json) -> Json:
        """A button or menu in a modal or on the Home tab."""
        view = self._view(person, view_id)
        view["state"] = {"values": forms.values(view["blocks"], values)}
        payload = {
            "container": {"type": "view", "view_id": view_id},
            "view": view,
            "actions": [forms.acted(view["blocks"], action)],
        }
        await self._interact(person, "block_actions", payload)
        return {"ok": True}

    async def submit(self, person: SandboxUser, view_id: str, values: Json) -> Json:
        """A modal's submission. Errors are shown at the fields; what Slack itself checks never reaches the app."""
        view = self._view(person, view_id)
        german = person.locale.startswith("de")
        errors = forms.incomplete(view["blocks"], values, german=german)
        if errors:
            self._workspace.views.show_errors(person.id, view, errors)
            return {"ok": True, "errors": errors}
        view["state"] = {"values": forms.values(view["blocks"], values)}
        answer = await self._interact(person, "view_submission", {"view": view, "response_urls": []})
        return self._answered(person, view_id, answer if isinstance(answer, dict) else {})

    async def close(self, person: SandboxUser, view_id: str) -> Json:
        """A modal is closed; the app is told if the modal asks for it."""
        view = self._view(person, view_id)
        self._workspace.views.close(person.id, view)
        if view["notify_on_close"]:
            await self._interact(person, "view_closed", {"view": view, "is_cleared": False})
        return {"ok": True}

    def _answered(self, person: SandboxUser, view_id: str, answer: Json) -> Json:
        views = self._workspace.views
        _, view = views.find(view_id)
        match answer.get("response_action"):
            case None:
                views.close(person.id, view)
            case "clear":
                views.clear(person.id)
            case "errors":
                return self._show_errors(person, view, answer.get("errors"))
            case "update":
                check_view(answer.get("view"), "modal", self._workspace)
                views.update(person.id, view, answer["view"])
            case "push":
                check_view(answer.get("view"), "modal", self._workspace)
                views.push(person.id, answer["view"])
            case other:
                raise SlackRefusal("invalid_response_action", f"[ERROR] unknown response_action: {other}")
        return {"ok": True}

    def _show_errors(self, person: SandboxUser, view: Json, errors: Any) -> Json:
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise SlackRefusal("invalid_response_action", "[ERROR] errors must name input blocks of the view")
        self._workspace.views.show_errors(person.id, view, errors)
        return {"ok": True, "errors": errors}

    def _view(self, person: SandboxUser, view_id: str) -> Json:
        home = self._workspace.views.homes.get(person.id)
        if home and home["id"] == view_id:
            return home
        owner, view = self._workspace.views.find(view_id)
        if owner != person.id:
            raise SlackRefusal("not_found")
        return view

    async def _interact(self, person: SandboxUser, kind: str, about: Json) -> Any:
        if not self._workspace.manifest.interactive:
            raise NotAcknowledged("dispatch_failed")
        payload = {
            "type": kind,
            "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": person.home_team},
            "api_app_id": APP_ID,
            "token": TOKEN,
            **self._workspace.installation.in_interaction(),
            **about,
        }
        if kind != "view_closed":
            payload["trigger_id"] = self._workspace.views.new_trigger(person.id)
        return await self._delivery.send(AppRequest(kind="interactive", payload=payload))
