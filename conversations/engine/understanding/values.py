"""Values in what people type, as the procedure's own readers find them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from conversations.engine.answers import text_of
from conversations.engine.steps import Form, FoundValue, Sentence
from conversations.engine.understanding.intents import AskWhich, Intent, OfferedAct, Press, TypedValue, Values
from conversations.engine.understanding.situation import Situation
from conversations.secrets.credentials import kind_of


@dataclass(frozen=True)
class FoundAt:
    """A value and the act whose form or choice it is."""

    act: OfferedAct
    found: FoundValue


def values_in(text: str, situation: Situation) -> list[FoundAt]:
    """Every value of what can be entered or chosen now that `text` may mean."""
    return list(_found(text, situation)) if situation.walk is not None else []


def whole_value(found: list[FoundAt]) -> Intent | None:
    """The value that is the whole message."""
    return _meant([one for one in found if one.found.whole])


def value_in_sentence(found: list[FoundAt]) -> Intent | None:
    """The value that the message states; several, or one that only occurs in it, are asked."""
    return _meant(found)


def _found(text: str, situation: Situation) -> Iterator[FoundAt]:
    walk, vocabulary = situation.walk, situation.vocabulary
    if walk is None:
        return
    sentence = Sentence(text, situation.language, vocabulary.texts, walk.facts)
    seen: set[str] = set()
    for act in situation.acts:
        offer = walk.procedure.offer_of(act.at, act.event)
        form = walk.form(act.form) if act.form is not None else offer
        search = form.in_sentence if form is not None else None
        if search is None and isinstance(form, Form):
            search = partial(_whole, form)
        if search is None or act.event in seen:
            continue
        seen.add(act.event)
        acts = {other.choice: other for other in situation.acts if other.event == act.event}
        for found in search(sentence):
            chosen = text_of(found.raw, "choice") if act.choice is not None else None
            yield FoundAt(acts[chosen], found)


def _whole(form: Form, sentence: Sentence) -> list[FoundValue]:
    """The whole message, for a field whose procedure does not look into sentences."""
    text = sentence.text.strip()
    fits = form.typed is not None and text and (form.looks_like is None or form.looks_like(text, kind_of(text)))
    return [FoundValue({str(form.typed): text}, whole=True)] if fits else []


def _meant(found: list[FoundAt]) -> Intent | None:
    if not found:
        return None
    first = found[0]
    values = tuple(TypedValue(one.act, one.found.raw, one.found.read_as, one.found.complete) for one in found)
    if len(found) == 1 and first.found.sure:
        return Press(first.act, first.found.read_as) if first.act.choice is not None else values[0]
    if first.act.choice is not None:
        return AskWhich(tuple(one.act for one in found))
    return Values(first.act, values)
