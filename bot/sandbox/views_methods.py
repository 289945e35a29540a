"""views.*: modals and Home tabs; and blocks.validate, which checks them and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.chat import check_length, message_content
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.views import check_view
from bot.sandbox.workspace import Args, Method, Workspace

if TYPE_CHECKING:
    from bot.sandbox.world import Json


def _view(workspace: Workspace, args: Args, expected: str) -> Json:
    view: Any = args.json("view")
    if view is None:
        raise SlackRefusal("invalid_arguments", "[ERROR] missing required field: view")
    check_view(view, expected, workspace)
    checked: Json = view
    return checked


def open_view(workspace: Workspace, args: Args) -> Json:
    """views.open. An invalid view leaves the trigger unspent."""
    trigger, view = args.required("trigger_id"), _view(workspace, args, "modal")
    return {"view": workspace.views.open(workspace.views.spend_trigger(trigger), view)}


def push_view(workspace: Workspace, args: Args) -> Json:
    """views.push."""
    trigger, view = args.required("trigger_id"), _view(workspace, args, "modal")
    return {"view": workspace.views.push(workspace.views.spend_trigger(trigger), view)}


def update_view(workspace: Workspace, args: Args) -> Json:
    """views.update."""
    view = _view(workspace, args, "modal")
    user_id, old = workspace.views.find(args.text("view_id"), args.text("external_id"))
    if args.text("hash") not in (None, old["hash"]):
        raise SlackRefusal("hash_conflict")
    return {"view": workspace.views.update(user_id, old, view)}


def publish_view(workspace: Workspace, args: Args) -> Json:
    """views.publish."""
    user_id, view = args.required("user_id"), _view(workspace, args, "home")
    if user_id not in workspace.world.people:
        raise SlackRefusal("user_not_found")
    if not workspace.manifest.home:
        raise SlackRefusal("not_enabled")
    old = workspace.views.homes.get(user_id)
    if old and args.text("hash") not in (None, old["hash"]):
        raise SlackRefusal("hash_conflict")
    return {"view": workspace.views.publish(user_id, view)}


def validate(workspace: Workspace, args: Args) -> Json:
    """blocks.validate: blocks, a message or a view is checked as when it is posted or opened, and nothing is shown."""
    # The rule validate_as_strict of docs/sandbox-rules.md.
    given = [kind for kind in ("blocks", "message", "view") if args.json(kind) is not None]
    if len(given) != 1:
        raise SlackRefusal("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
    kind = given[0]
    try:
        if kind == "view":
            view: Any = args.json("view")
            check_view(view, "home" if isinstance(view, dict) and view.get("type") == "home" else "modal", workspace)
        else:
            content = Args(args.json("message") or {}) if kind == "message" else args
            check_length(message_content(workspace, content)["blocks"])
    except SlackRefusal as refusal:
        errors = [_constraint(kind, message) for message in refusal.messages or [refusal.error]]
        raise SlackRefusal(f"invalid_{kind}", errors=errors) from refusal
    return {}


def _constraint(kind: str, message: str) -> Json:
    """One entry of `errors`. The pointer starts at what was given, of blocks at the list."""
    said, _, pointer = message.removeprefix("[ERROR] ").rstrip("]").partition(" [json-pointer:")
    root = {"blocks": "/blocks", "view": "/view", "message": ""}[kind]
    return {"code": "failed_constraint", "message": said, "pointer": pointer.removeprefix(root)}


METHODS = {
    "blocks.validate": Method(run=validate),
    "views.open": Method(run=open_view),
    "views.push": Method(run=push_view),
    "views.update": Method(run=update_view),
    "views.publish": Method(run=publish_view),
}
