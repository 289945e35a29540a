"""Messages outside a walkthrough: introduction, invitation, answers to commands and to outdated buttons."""

from collections.abc import Sequence

from bot.blocks import actions as ids
from bot.blocks.kit import (
    Block,
    Content,
    actions,
    button,
    confirmation,
    context,
    link_button,
    say,
    section,
    top_level_text,
)
from conversations.common_schema import AGENT_COMMANDS, COMMANDS
from conversations.engine.procedure import Urgency
from conversations.engine.texts import Texts


def message(text: str, *buttons: Block, block_id: str = "door") -> Content:
    """A message of one paragraph (mrkdwn) with buttons below."""
    blocks = [section(text), *([actions(block_id, *buttons)] if buttons else [])]
    return {"text": top_level_text(text), "blocks": blocks}


def with_line(content: Content, mrkdwn: str) -> Content:
    """The message with one more small line, above its buttons."""
    blocks = list(content["blocks"])
    at = next((number for number, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    blocks.insert(at, context(mrkdwn))
    return {**content, "text": top_level_text(content["text"], mrkdwn), "blocks": blocks}


def urgent_line(texts: Texts, urgency: Urgency | None) -> list[str]:
    """Since when somebody cannot wait, and for what (mrkdwn); no line when they can."""
    if urgency is None:
        return []
    return [say(texts, "answers.status_urgent", since=urgency.since, names=", ".join(urgency.affected) or "–")]


def answer(texts: Texts, key: str, *buttons: Block, **values: object) -> Content:
    """The text `answers.<key>` with buttons below."""
    return message(say(texts, f"answers.{key}", **values), *buttons)


def paragraph(texts: Texts, key: str, **values: object) -> Content:
    """A text of any key, without buttons."""
    return message(say(texts, key, **values))


def dm_button(texts: Texts, team_id: str, app_id: str) -> Block:
    """A button that opens the direct message with the bot."""
    return link_button(
        ids.OPEN_DM, texts.say("buttons.open_step"), f"slack://app?team={team_id}&id={app_id}&tab=messages"
    )


def introduction(texts: Texts, *others: Block) -> Content:
    """What the bot does, with a button to start and `others`."""
    start = button(ids.START, texts.say("buttons.start"), style="primary")
    return answer(texts, "introduction", start, *others)


def continue_or_restart(texts: Texts, title: str, walk_id: int, other: tuple[str, str] | None = None) -> Content:
    """The answer to somebody who wants to start a walk and has one under way: the two ways to proceed.

    The `other` procedure, its ID and its name, is what they want to start where it is not that of the walk.
    """
    go_on = button(ids.GO_ON, texts.say("buttons.go_on"), str(walk_id), style="primary")
    sure = confirmation(texts, "confirm.restart")
    if other is None:
        begin = button(ids.RESTART, texts.say("buttons.start_over"), str(walk_id), confirm=sure)
        return answer(texts, "walk_under_way", go_on, begin, title=title)
    procedure, name = other
    begin = button(f"{ids.RESTART}:{procedure}", name, str(walk_id), confirm=sure)
    return answer(texts, "other_under_way", go_on, begin, title=title, name=name)


def ask(texts: Texts, key: str, action_id: str, label: str, walk_id: int) -> Content:
    """The question before something that ends a walk."""
    return answer(
        texts,
        key,
        button(action_id, texts.say(f"buttons.{label}"), str(walk_id), style="danger"),
        button(ids.KEEP, texts.say("buttons.keep"), str(walk_id)),
    )


def too_late(texts: Texts, sentence: str, walk_id: int | None) -> Content:
    """The answer to an outdated or foreign button (mrkdwn); a button shows the present step of the walk `walk_id`."""
    buttons = [button(ids.SHOW_STEP, texts.say("buttons.show_step"), str(walk_id))] if walk_id is not None else []
    return message(sentence, *buttons)


def privacy(texts: Texts, command: str, days: int, *, copies: bool = False) -> Content:
    """What is stored about somebody, why and how long (`days` after the end), and how to get or delete it.

    `copies`: tickets are also copied to other systems.
    """
    return answer(
        texts,
        "privacy",
        button(ids.EXPORT, texts.say("buttons.export")),
        button(ids.DELETE, texts.say("buttons.delete")),
        command=command,
        days=days,
        others=texts.say("answers.privacy_copies" if copies else "answers.privacy_no_copies"),
    )


def ask_delete(texts: Texts, owner: str, *warnings: str) -> Content:
    """The question before everything about `owner` is deleted: what that means, then `warnings` (mrkdwn)."""
    return message(
        "\n\n".join([say(texts, "answers.ask_delete"), *warnings]),
        button(ids.ERASE, texts.say("buttons.erase"), owner, style="danger"),
        button(ids.KEEP, texts.say("buttons.keep")),
    )


def usage(texts: Texts, command: str, *, agent: bool, others: Sequence[tuple[str, str]] = ()) -> Content:
    """The help: every command with a line of explanation. `others` begin procedures: a word, and the name of one."""
    names = (*COMMANDS, *(AGENT_COMMANDS if agent else ()))
    lines = [say(texts, "commands.begin", command=command, word=word, name=name) for word, name in others]
    lines += [say(texts, f"commands.{name}", command=command) for name in names]
    key = "answers.usage_agent" if agent else "answers.usage"
    return message(
        "\n".join([say(texts, key, command=command, count=len(AGENT_COMMANDS)), *(f"•  {line}" for line in lines)])
    )
