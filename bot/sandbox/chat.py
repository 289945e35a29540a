"""chat.*: the bot's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.blocks_rules import check_blocks, check_metadata, with_ids
from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.workspace import Args, Method, Workspace
from bot.sandbox.world import BOT_USER, direct_message_id

if TYPE_CHECKING:
    from bot.sandbox.world import Channel, Json, Message

LONGEST_POST = 40_000
LONGEST_UPDATE = 4_000
"""Bytes in UTF-8."""
MOST_CHARACTERS, MOST_WEIGHT, BLOCK_WEIGHT = 11_300, 13_297, 125
"""What the blocks of a message may hold: characters, and characters with something added for each further block."""


def message_content(workspace: Workspace, args: Args) -> Json:
    """Text, blocks and metadata of a message. Raises `SlackRefusal` for what Slack would not accept."""
    text, blocks = args.text("text") or "", args.json("blocks")
    if not text.strip() and not blocks:
        raise SlackRefusal("no_text")
    if len(text) > LONGEST_POST:
        raise SlackRefusal("msg_too_long")
    if blocks is not None:
        faults = check_blocks(blocks, "message", workspace)
        if faults:
            raise SlackRefusal("invalid_blocks", *faults)
        if workspace.pictures_lost and any(block.get("type") == "image" for block in blocks):
            raise SlackRefusal("invalid_blocks", "downloading image failed")
    content: Json = {"text": text, "blocks": with_ids(blocks or [])}
    metadata = args.json("metadata")
    if metadata == {}:
        # The rule empty_metadata_removes of docs/sandbox-rules.md.
        content["metadata"] = None
    elif metadata is not None:
        check_metadata(metadata)
        content["metadata"] = metadata
    return content


def check_length(blocks: list[Json]) -> None:
    """Raise `SlackRefusal` for more text than a message's blocks may hold. Answers at a response_url may hold more."""
    characters = sum(map(_characters, blocks))
    # The rule blocks_too_long of docs/sandbox-rules.md.
    if characters > MOST_CHARACTERS or characters + BLOCK_WEIGHT * (len(blocks) - 1) > MOST_WEIGHT:
        raise SlackRefusal("msg_blocks_too_long")


def _characters(value: Any) -> int:
    """The characters of every text in a block."""
    if isinstance(value, list):
        return sum(map(_characters, value))
    if isinstance(value, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _characters(v) for k, v in value.items())
    return 0


def addressed_channel(workspace: Workspace, args: Args) -> Channel:
    """The conversation that a message goes to; a user ID means that person's direct message."""
    name = args.required("channel")
    if name in workspace.world.people:
        name = direct_message_id(name)
    if name.startswith("#"):
        name = next((c.id for c in workspace.world.channels.values() if c.name == name[1:]), name)
    channel = workspace.channel(name)
    if not workspace.inside(channel):
        raise SlackRefusal("not_in_channel")
    return channel


def thread_of(channel: Channel, args: Args) -> str | None:
    """The thread that a message goes into, `None` without one. The root is marked as the beginning of a thread.

    A reply to a message that is not there is no error: it becomes a message of the channel.
    """
    thread_ts = args.text("thread_ts")
    root = channel.find(thread_ts) if thread_ts else None
    if root is None:
        # The rule reply_to_deleted_root of docs/sandbox-rules.md.
        return None
    root.thread_ts = root.thread_ts or root.ts
    return root.thread_ts


def post(workspace: Workspace, args: Args) -> Json:
    """chat.postMessage."""
    channel = addressed_channel(workspace, args)
    content = message_content(workspace, args)
    check_length(content["blocks"])
    thread_ts = thread_of(channel, args)
    broadcast = bool(thread_ts) and args.flag("reply_broadcast")
    message = workspace.world.post(channel, BOT_USER, thread_ts=thread_ts, broadcast=broadcast, **content)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_slack(with_metadata=True)}


def own_message(workspace: Workspace, args: Args, foreign: str) -> tuple[Channel, Message]:
    """The bot's own message that a call names; `foreign` is the code when it is somebody else's."""
    channel = workspace.channel(args.required("channel"))
    message = channel.find(args.required("ts"))
    if message is None:
        raise SlackRefusal("message_not_found")
    if message.user != BOT_USER:
        raise SlackRefusal(foreign)
    return channel, message


def update(workspace: Workspace, args: Args) -> Json:
    """chat.update. A text without blocks removes the blocks.

    Metadata stays unless new metadata is given (the rule metadata_stays).
    """
    channel, message = own_message(workspace, args, "cant_update_message")
    content = message_content(workspace, args)
    # The rule update_bytes of docs/sandbox-rules.md.
    if len(content["text"].encode()) > LONGEST_UPDATE:
        raise SlackRefusal("msg_too_long")
    check_length(content["blocks"])
    # The rule block_mismatch of docs/sandbox-rules.md.
    if content["blocks"] and _has_rich_text(message.blocks) and not _has_rich_text(content["blocks"]):
        raise SlackRefusal("block_mismatch")
    edited = message.edited or not content["blocks"]  # Slack shows "edited" only for changes of the plain text
    workspace.world.edit(channel, message, edited=edited, **content)
    shown = message.as_slack(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _has_rich_text(blocks: list[Json]) -> bool:
    return any(block["type"] == "rich_text" for block in blocks)


def delete(workspace: Workspace, args: Args) -> Json:
    """chat.delete."""
    channel, message = own_message(workspace, args, "cant_delete_message")
    workspace.world.remove(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(workspace: Workspace, args: Args) -> Json:
    """chat.postEphemeral."""
    channel, user_id = addressed_channel(workspace, args), args.required("user")
    if user_id not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    content = message_content(workspace, args)
    content.pop("metadata", None)
    thread_ts = args.text("thread_ts")
    message = workspace.world.post(channel, BOT_USER, thread_ts=thread_ts, only_for=user_id, **content)
    return {"message_ts": message.ts}


def permalink(workspace: Workspace, args: Args) -> Json:
    """chat.getPermalink."""
    channel = workspace.channel(args.required("channel"))
    ts = args.required("message_ts")
    if channel.find(ts) is None:
        raise SlackRefusal("message_not_found")
    link: Any = f"{workspace.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(run=post, scopes=("chat:write",)),
    "chat.update": Method(run=update, scopes=("chat:write",)),
    "chat.delete": Method(run=delete, scopes=("chat:write",)),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=("chat:write",)),
    "chat.getPermalink": Method(run=permalink),
}
