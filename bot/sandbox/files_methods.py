"""files.*: uploads in two steps (an address for the bytes, then their completion), files.info and files.delete."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from bot.sandbox.chat import thread_of
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.workspace import Args, Method, Workspace
from bot.sandbox.world import BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.world import Json


SNIPPET = "snippet"
"""The kind of a file that is a text snippet."""
PREVIEW = 1000
"""Characters of a snippet in its message."""


def upload_address(workspace: Workspace, args: Args) -> Json:
    """files.getUploadURLExternal."""
    name, length = args.required("filename"), args.number("length", 1, 10**9)
    file_id = f"F{secrets.token_hex(5).upper()}"
    workspace.files[file_id] = {"id": file_id, "name": name, "title": name, "size": length}
    if args.text("alt_txt"):
        workspace.files[file_id]["alt_txt"] = args.text("alt_txt")
    return {"upload_url": f"{workspace.base_url}/upload/{file_id}", "file_id": file_id}


def info(workspace: Workspace, args: Args) -> Json:
    """files.info of a file that the app can see: one of its own, or one in a conversation it is in."""
    file = workspace.files.get(args.required("file"))
    if file is None or not file.get("completed"):
        raise SlackRefusal("file_not_found")
    return {"file": shown(file)}


def shown(file: Json) -> Json:
    """A file as the Web API shows it."""
    return {name: value for name, value in file.items() if name not in ("completed", "usable_at")}


def received(workspace: Workspace, user_id: str, name: str, kind: str, content: bytes) -> Json:
    """Store a file that a person has sent, and return it as Slack shows it."""
    file_id = f"F{secrets.token_hex(5).upper()}"
    link = f"{workspace.base_url}/files/{file_id}"
    file: Json = {"id": file_id, "name": name, "title": name, "mimetype": kind, "filetype": name.rpartition(".")[2]}
    file |= {"size": len(content), "user": user_id, "mode": "hosted", "url_private": link, "url_private_download": link}
    if kind == SNIPPET:
        # The rule snippets of docs/sandbox-rules.md.
        text = content.decode(errors="replace")
        file |= {"mode": "snippet", "editable": True, "preview": text[:PREVIEW], "lines": text.count("\n") + 1}
        file |= {"mimetype": "text/plain", "preview_is_truncated": len(text) > PREVIEW}
    elif kind.startswith("audio/"):
        # The rule voice_clips of docs/sandbox-rules.md.
        file |= {"subtype": "slack_audio", "media_display_type": "audio", "transcription": {"status": "processing"}}
    workspace.files[file_id] = file | {"completed": True, "usable_at": time.monotonic()}
    workspace.contents[file_id] = content
    return file


def complete(workspace: Workspace, args: Args) -> Json:
    """files.completeUploadExternal: the file exists from now on, and is shared if a channel is named.

    A block can show it only after `Workspace.processing` seconds; Slack does not report when it can.
    """
    entries: Any = args.json("files")
    if not isinstance(entries, list) or not entries:
        raise SlackRefusal("invalid_arguments", "[ERROR] missing required field: files")
    done = [_complete_one(workspace, entry) for entry in entries]
    if args.text("channel_id"):
        channel = workspace.channel(args.required("channel_id"))
        if not workspace.inside(channel):
            raise SlackRefusal("not_in_channel")
        comment = args.text("initial_comment") or ""
        thread_ts = thread_of(channel, args)
        workspace.world.post(channel, BOT_USER, comment, thread_ts=thread_ts, files=done)
    return {"files": done}


def _complete_one(workspace: Workspace, entry: Json) -> Json:
    file = workspace.files.get(entry.get("id", ""))
    if file is None or file["id"] not in workspace.contents:
        raise SlackRefusal("file_not_found")
    link = f"{workspace.base_url}/files/{file['id']}"
    file |= {"title": entry.get("title") or file["name"], "url_private": link, "completed": True}
    file.setdefault("usable_at", time.monotonic() + workspace.processing)
    return shown(file)


def delete(workspace: Workspace, args: Args) -> Json:
    """files.delete: the app's own file disappears, also from messages, whose text stays."""
    file_id = args.required("file")
    if file_id not in workspace.files:
        raise SlackRefusal("file_not_found")
    if workspace.files[file_id].get("user", BOT_USER) != BOT_USER:
        raise SlackRefusal("cant_delete_file")
    workspace.files.pop(file_id)
    workspace.contents.pop(file_id, None)
    for channel in workspace.world.channels.values():
        for message in channel.messages:
            if any(file["id"] == file_id for file in message.files):
                workspace.world.edit(channel, message, files=[file for file in message.files if file["id"] != file_id])
    return {}


METHODS = {
    "files.delete": Method(run=delete, scopes=("files:write",)),
    "files.info": Method(run=info, scopes=("files:read",)),
    "files.getUploadURLExternal": Method(run=upload_address, scopes=("files:write",)),
    "files.completeUploadExternal": Method(run=complete, scopes=("files:write",)),
}
