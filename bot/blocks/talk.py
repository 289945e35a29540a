"""The conversation between an agent and a merchant: its messages to both, and the modals in which an agent writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.blocks import actions as ids
from bot.blocks.forms import INPUT_LIMIT, stale_view
from bot.blocks.kit import (
    Block,
    Content,
    View,
    actions,
    button,
    confirmation,
    context,
    entity,
    escape,
    field,
    modal,
    plain,
    quote,
    remark,
    say,
    section,
    text_input,
    top_level_text,
)
from conversations.engine.formatter import Mention
from conversations.engine.texts import Texts
from conversations.ticket.macros import AnyRules, Macro, macros

_LAST_LIMIT = 700
"""So many characters of the merchant's last message are shown above an answer; all of it is in the thread."""


@dataclass(frozen=True)
class Undelivered:
    """Why a message has not reached the merchant: it is tried again ("waiting"), or never will; "" when it has.

    `error` is that of the last attempt.
    """

    why: Literal["", "waiting", "gone", "closed", "refused"] = ""
    error: str = ""


# Modals


def answer_view(
    texts: Texts,
    rules: AnyRules,
    draft: ids.AnswerDraft,
    *,
    merchant: str,
    language: str,
    category: str,
    text: str,
    last: str,
    own: Sequence[Macro] = (),
    others: Sequence[tuple[str, datetime]] = (),
    gone: bool = False,
) -> dict[str, Any]:
    """„Antworten“: who will read it and in which language, their last message, the macros, and the text.

    `own` are the macros of the agents, `others` those who have it open too, and since when. `gone`: the one that was
    chosen has been deleted.
    """
    blocks = [
        section(
            say(texts, "talk.answer.intro", merchant=merchant, language=texts.say(f"talk.answer.languages.{language}"))
        )
    ]
    blocks += [section(say(texts, "talk.answer.others", agent=agent, at=at)) for agent, at in others]
    if last:
        blocks += [context(say(texts, "talk.answer.last", name=merchant)), quote(last[:_LAST_LIMIT])]
    blocks += [section(say(texts, "talk.answer.template_gone"))] if gone else []
    blocks += [
        _macro_menu(texts, macros(texts, rules, category, own)),
        _text_input(texts, "answer", draft.redrawn, text),
    ]
    return {**_modal(texts, "answer", ids.ANSWER, str(draft), blocks), "notify_on_close": True}


def correct_view(texts: Texts, message_id: int, *, merchant: str, text: str) -> dict[str, Any]:
    """„Korrigieren“: the text that is in the merchant's direct message now."""
    blocks = [section(say(texts, "talk.correct.intro", merchant=merchant)), _text_input(texts, "correct", 0, text)]
    return _modal(texts, "correct", ids.CORRECT, str(message_id), blocks)


def not_sent_view(texts: Texts, why: str, text: str) -> dict[str, Any]:
    """What replaces the modal when nothing was sent: why (mrkdwn), and the text, so that it is not lost."""
    blocks = [section(why), context(say(texts, "talk.answer.not_sent")), quote(text)]
    return stale_view(texts, *blocks)


def _modal(texts: Texts, form: str, callback_id: str, metadata: str, blocks: list[Block]) -> dict[str, Any]:
    title, submit, close = (texts.say(f"talk.{form}.{part}") for part in ("title", "submit", "close"))
    return modal(title, close, blocks, submit=submit, callback_id=callback_id, private_metadata=metadata)


def _text_input(texts: Texts, form: str, number: int, text: str) -> Block:
    element: Block = {**text_input(INPUT_LIMIT), "focus_on_load": True, **({"initial_value": text} if text else {})}
    return field(texts, f"{ids.TEXT}.{number}", f"talk.{form}.text", element)


def _macro_menu(texts: Texts, offered: Sequence[tuple[str, list[Macro]]]) -> Block:
    groups = [
        {
            "label": plain(title[:75]),
            "options": [{"text": plain(macro.label[:75]), "value": macro.name} for macro in group],
        }
        for title, group in offered
    ]
    element: Block = {
        "type": "static_select",
        "action_id": ids.MACRO,
        "placeholder": plain(texts.say("talk.answer.canned.placeholder")),
        "option_groups": groups,
    }
    return {**field(texts, "canned", "talk.answer.canned", element, optional=True), "dispatch_action": True}


def refused_view(texts: Texts, why: str, take: tuple[str, int] | None) -> dict[str, Any]:
    """The modal after an agent's press that did nothing: why (mrkdwn).

    `take`: with a button to take the ticket of this number and go on with this act.
    """
    blocks = [section(why)]
    if take is not None:
        (act, number), confirm = take, confirmation(texts, "talk.confirm.take", danger=False)
        label = texts.say("ticket.buttons.take")
        blocks.append(actions("talk.take", button(ids.TAKE_OVER, label, f"{act}:{number}", confirm=confirm)))
    return {**stale_view(texts, *blocks), "callback_id": ids.REFUSED}


def is_refusal(view: View) -> bool:
    """Whether this is such a modal."""
    return view.get("callback_id") == ids.REFUSED


def refusal_below(view: View) -> Content:
    """The same as a message, for when Slack opens no modal."""
    return {"text": top_level_text(view["blocks"][0]["text"]["text"]), "blocks": view["blocks"]}


# What the merchant reads


def to_merchant(texts: Texts, agent: str, ticket: int, text: str, *, first: bool, corrected: bool = False) -> Content:
    """An agent's message in the merchant's direct message; the `first` one says how to answer."""
    key = "talk.to_merchant.intro_corrected" if corrected else "talk.to_merchant.intro"
    intro, how = say(texts, key, agent=agent, ticket=ticket), say(texts, "talk.to_merchant.how")
    hint = [context(how)] if first else []
    top_level = top_level_text(intro, escape(text), *([how] if first else []))
    return {"text": top_level, "blocks": [section(intro), quote(text), *hint]}


def line(texts: Texts, key: str, **values: object) -> Content:
    """A small line from the bot to the merchant, the text `talk.to_merchant.<key>`."""
    return sentence(say(texts, f"talk.to_merchant.{key}", **values))


def taken_back(texts: Texts, agent: str) -> Content:
    """What the merchant sees in place of a message that was taken back."""
    return remark_alone(say(texts, "talk.to_merchant.taken_back", agent=agent))


def remark_alone(mrkdwn: str) -> Content:
    """A message of one remark that may take the place of a quotation."""
    return {"text": top_level_text(mrkdwn), "blocks": [remark(mrkdwn)]}


def sentence(mrkdwn: str) -> Content:
    """A message of one small line."""
    return {"text": top_level_text(mrkdwn), "blocks": [context(mrkdwn)]}


def settled_question(texts: Texts, question: ids.AnswerDraft, agent: str, *, again: bool = False) -> Content:
    """„Hat es jetzt geklappt?“ with two answers; `again` after words that were neither yes nor no."""
    key = "talk.settled.question_again" if again else "talk.settled.question"
    text = say(texts, key, agent=agent, ticket=question.number)
    yes = button(ids.SETTLED, texts.say("talk.settled.yes"), str(question), style="primary")
    no = button(ids.UNSETTLED, texts.say("talk.settled.no"), str(question))
    return {"text": top_level_text(text), "blocks": [section(text), actions("talk.settled", yes, no)]}


def settled_record(texts: Texts, *, works: bool, owned: bool) -> Content:
    """What replaces the question once it is answered."""
    key = "closed" if works else ("reopened" if owned else "reopened_unowned")
    return sentence(say(texts, f"talk.settled.{key}"))


# What support reads in the thread under the card


def sent_copy(
    texts: Texts, message_id: int, agent: str, merchant: str, text: str, state: str, undelivered: Undelivered
) -> Content:
    """A copy of exactly what the merchant got, with buttons to correct it or take it back.

    `undelivered`: they have not got it, and why.
    """
    intro = say(texts, f"talk.to_support.{state}", agent=agent, merchant=merchant)
    blocks: list[Block] = [context(intro), quote(text)]
    if undelivered.why:
        key = f"talk.to_support.undelivered.{undelivered.why}"
        mark = say(texts, key, merchant=merchant, error=undelivered.error)
        blocks.append(context(mark))
        intro = f"{mark}\n{intro}"
    if state != "taken_back":
        confirm = confirmation(texts, "talk.confirm.take_back")
        correct = button(ids.CORRECT, texts.say("talk.buttons.correct"), str(message_id))
        back = button(ids.TAKE_BACK, texts.say("talk.buttons.take_back"), str(message_id), confirm=confirm)
        blocks.append(actions(f"talk.{message_id}.{state}", correct, back))
    return {"text": top_level_text(intro, escape(text)), "blocks": blocks}


def heard_copy(
    texts: Texts, ticket: int, name: str, text: str, *, owner: str | None = None, changed: bool = False
) -> Content:
    """What the merchant wrote, with a button to answer; the agent `owner` (user ID) is mentioned."""
    if changed:
        intro = say(texts, "talk.to_support.changed", name=name)
    elif owner is not None:
        intro = say(texts, "talk.to_support.heard_by", name=name, agent=Mention(owner))
    else:
        intro = say(texts, "talk.to_support.heard", name=name)
    answer = button(ids.ANSWER, texts.say("ticket.buttons.answer"), str(ticket))
    blocks = [context(intro), quote(text), actions("talk.answer", answer)]
    return {"text": top_level_text(intro, escape(text)), "blocks": blocks}


def news(texts: Texts, key: str, name: str, owner: str | None) -> Content:
    """What the merchant's answer changed about the ticket; the owner (user ID) is mentioned."""
    text = say(texts, f"talk.to_support.{key}", name=name)
    if owner is not None:
        text = f"{entity(Mention(owner))} {text}"
    return sentence(text)


def question(texts: Texts, pictures: ids.SharedPictures) -> Content:
    """„Ist ein Token zu sehen?“ with two answers, neither of which is the primary button."""
    text = say(texts, "talk.screenshots.ask_many" if len(pictures.files) > 1 else "talk.screenshots.ask")
    clear = button(ids.PASS_ON, texts.say("talk.screenshots.clear"), str(pictures))
    unsure = button(ids.HOLD_BACK, texts.say("talk.screenshots.unsure"), str(pictures))
    return {"text": top_level_text(text), "blocks": [section(text), actions("talk.pictures", clear, unsure)]}


def held_question(texts: Texts, message_id: int, text: str, warning: str) -> Content:
    """What is left of the merchant's message without what looks secret, and a button to pass it on.

    `warning` (mrkdwn) is what to do about the original; "" once it is deleted.
    """
    intro, wait = say(texts, "talk.held.question"), say(texts, "talk.held.wait")
    pass_on = button(ids.CLEANED, texts.say("talk.held.pass_on"), str(message_id), style="primary")
    small = [context(line) for line in (wait, warning) if line]
    blocks = [section(intro), quote(text), actions(f"talk.held.{message_id}", pass_on), *small]
    return {"text": top_level_text(intro, escape(text), wait, warning), "blocks": blocks}


def held_line(texts: Texts) -> Content:
    """What replaces the question once the message is passed on."""
    return sentence(say(texts, "talk.held.passed_on"))


def screenshot_line(texts: Texts, key: str) -> Content:
    """A small line about pictures to the merchant, the text `talk.screenshots.<key>`."""
    return sentence(say(texts, f"talk.screenshots.{key}"))


def passed_on(texts: Texts, name: str, file_id: str, filename: str, owner: Mention | None) -> Content:
    """The content of an upload row: the file in Slack and its comment (mrkdwn), which names the file.

    `instead` is sent when the file is gone.
    """
    mention = f"{entity(owner)} " if owner is not None else ""
    return {
        "file": file_id,
        "filename": filename,
        "title": texts.say("talk.screenshots.title"),
        "text": mention + say(texts, "talk.screenshots.comment", name=name, file=filename).strip(),
        "instead": say(texts, "talk.screenshots.lost").strip(),
    }
