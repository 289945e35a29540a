"""conversations.*: opening and describing conversations, and reading their messages."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from bot.sandbox.refusal import SlackRefusal
from bot.sandbox.workspace import Args, Method, Workspace
from bot.sandbox.world import TEAM_ID, direct_message_id

if TYPE_CHECKING:
    from bot.sandbox.world import Channel, Json, Message

MOST_MESSAGES = 999
LIMITED_MESSAGES = 15
MOST_MEMBERS = 1000


def open_conversation(workspace: Workspace, args: Args) -> Json:
    """conversations.open with one person."""
    user_id = args.text("users")
    if not user_id:
        raise SlackRefusal("users_list_not_supplied")
    if user_id not in workspace.world.people:
        raise SlackRefusal("user_not_found")
    channel_id = direct_message_id(user_id)
    return {"no_op": True, "already_open": True, "channel": {"id": channel_id}}


def _readable(workspace: Workspace, args: Args, what: str) -> Channel:
    channel = workspace.channel(args.required("channel"))
    workspace.need(f"{channel.family}:{what}")
    if what == "history" and not workspace.inside(channel):
        raise SlackRefusal("not_in_channel")
    return channel


def info(workspace: Workspace, args: Args) -> Json:
    """conversations.info."""
    channel = _readable(workspace, args, "read")
    shown: Json = {
        "id": channel.id,
        "is_im": channel.kind == "dm",
        "is_channel": channel.family == "channels",
        "is_group": channel.family == "groups",
        "is_private": channel.private or channel.kind == "dm",
        "is_member": workspace.inside(channel),
        "is_archived": False,
        "is_ext_shared": False,
        "context_team_id": TEAM_ID,
    }
    if channel.kind == "channel":
        shown |= {"name": channel.name, "name_normalized": channel.name}
    else:
        shown["user"] = next(iter(channel.members & workspace.world.people.keys()))
    if args.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def members(workspace: Workspace, args: Args) -> Json:
    """conversations.members, page by page."""
    channel = _readable(workspace, args, "read")
    everybody = sorted(channel.members)
    begin, limit = _offset(args, "user"), args.number("limit", 100, MOST_MEMBERS)
    more = begin + limit < len(everybody)
    cursor = _cursor("user", begin + limit) if more else ""
    return {"members": everybody[begin : begin + limit], "response_metadata": {"next_cursor": cursor}}


def history(workspace: Workspace, args: Args) -> Json:
    """conversations.history: newest first, without the replies in threads."""
    channel = _readable(workspace, args, "history")
    stored = [m for m in channel.messages if m.only_for is None]
    shown = [m for m in stored if not m.is_reply or m.broadcast]
    return _page(args, [m for m in reversed(shown) if _in_range(m, args)], channel, _most(workspace))


def replies(workspace: Workspace, args: Args) -> Json:
    """conversations.replies: the message that began the thread, always, then the replies, oldest first."""
    channel = _readable(workspace, args, "history")
    root = channel.find(args.required("ts"))
    if root is None or root.only_for is not None:
        raise SlackRefusal("thread_not_found")
    thread = channel.replies(root.thread_ts or root.ts)
    return _page(args, [root, *(m for m in thread if _in_range(m, args))], channel, _most(workspace))


def _most(workspace: Workspace) -> int:
    """How many messages Slack gives at once (the rule history_of_fifteen)."""
    return LIMITED_MESSAGES if workspace.rates.history_limited else MOST_MESSAGES


def _in_range(message: Message, args: Args) -> bool:
    ts = _key(message.ts, "ts")
    oldest, latest = _key(args.text("oldest") or "0", "oldest"), _key(args.text("latest") or "9999999999", "latest")
    return oldest <= ts <= latest if args.flag("inclusive") else oldest < ts < latest


def _key(ts: str, name: str) -> tuple[int, str]:
    seconds, _, rest = ts.partition(".")
    if not seconds.isdigit():
        raise SlackRefusal(f"invalid_ts_{name}")
    return int(seconds), rest.ljust(6, "0")[:6]


def _page(args: Args, messages: list[Message], channel: Channel, most: int) -> Json:
    begin, limit = _offset(args, "next_ts"), min(args.number("limit", 100, MOST_MESSAGES), most)
    more = begin + limit < len(messages)
    shown = [_shown(m, args, channel) for m in messages[begin : begin + limit]]
    body: Json = {"messages": shown, "has_more": more, "pin_count": 0}
    if more:
        body["response_metadata"] = {"next_cursor": _cursor("next_ts", begin + limit)}
    return body


def _shown(message: Message, args: Args, channel: Channel) -> Json:
    # The rule metadata_on_request of docs/sandbox-rules.md.
    shown = message.as_slack(with_metadata=args.flag("include_all_metadata"))
    thread = channel.replies(message.ts)
    if thread:
        shown |= {"reply_count": len(thread), "latest_reply": thread[-1].ts, "thread_ts": message.ts}
    return shown


def _cursor(word: str, offset: int) -> str:
    return base64.b64encode(f"{word}:{offset}".encode()).decode()


def _offset(args: Args, word: str) -> int:
    cursor = args.text("cursor")
    if not cursor:
        return 0
    try:
        cursor_word, _, offset = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackRefusal("invalid_cursor") from None
    if cursor_word != word or not offset.isdigit():
        raise SlackRefusal("invalid_cursor")
    return int(offset)


METHODS = {
    "conversations.open": Method(run=open_conversation, scopes=("im:write",)),
    "conversations.info": Method(run=info),
    "conversations.members": Method(run=members),
    "conversations.history": Method(run=history),
    "conversations.replies": Method(run=replies),
}
