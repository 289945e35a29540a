"""`amazon-token ask`: what the bot would understand, and why."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.cli_support import explained, procedure_named, stop
from bot.cli.stats import OneLanguage

if TYPE_CHECKING:
    from conversations.all_texts import AllTexts
    from conversations.engine.procedure import AnyProcedure
    from conversations.engine.texts import Language
    from conversations.engine.understanding.question_index import QuestionIndex

_SHOWN = 3


def add_to(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(ask)


def ask(
    text: Annotated[str, typer.Argument(help="What somebody types.")],
    step: Annotated[
        str | None, typer.Option(help="The step at which it is typed; without it there is no walk.")
    ] = None,
    lang: Annotated[OneLanguage, typer.Option(help="The language that the person reads.")] = OneLanguage.de,
    procedure: Annotated[
        str | None, typer.Option(help="The procedure, by its ID. Default: the first one.", metavar="ID")
    ] = None,
    guide_dir: Annotated[
        Path | None, typer.Option(envvar="GUIDE_DIR", help="A folder with your own text files.")
    ] = None,
) -> None:
    """Show how the bot would understand a message: its meaning and the question it matches, with scores.

    Every condition that a question may have (`only_if`) counts as met. Nothing is stored, and no settings are
    needed.

    Example: amazon-token ask "Wo steht die Versionsnummer?" --step connect_version --lang de
    """
    from conversations.all_texts import load_texts  # noqa: PLC0415 - imported when a command runs, so that help is quick

    about = procedure_named(procedure)
    if step is not None and step not in about.steps:
        stop(f"There is no step {step}. There are: {', '.join(about.steps)}.")
    language: Language = "de" if lang is OneLanguage.de else "en"
    with explained():
        texts = load_texts(guide_dir)
    typer.echo("\n".join(_meant(texts, about, text, step, language)))
    typer.echo("\n".join(_told(texts.questions(language, about.id), text, step, frozenset(about.conditions))))


def _meant(
    texts: "AllTexts", procedure: "AnyProcedure", text: str, step: str | None, language: "Language"
) -> Iterator[str]:
    """What the message means at the step, of a walk of which nothing else is known; and the secrets in it."""
    from conversations.engine.understanding.situation import situation_of  # noqa: PLC0415 - the same
    from conversations.engine.understanding.understand import understand  # noqa: PLC0415
    from conversations.engine.walkthrough import Walk  # noqa: PLC0415

    walk = None
    if step is not None:
        state = procedure.begin()
        state.step = step
        walk = Walk(procedure, state, procedure.settings())
    understood = understand(text, situation_of(texts.vocabulary(procedure), language, walk))
    yield f"Understood as: {_named(understood.intent)}"
    if understood.secrets:
        yield f"Removed: {', '.join(map(str, understood.secrets))}"
    yield ""


def _named(intent: object) -> str:
    """The intent's name and what belongs to it, without anything that was typed."""
    words = [type(intent).__name__]
    for name, value in vars(intent).items():
        if name == "act":
            words.append(f"event={value.event}" + (f" choice={value.choice}" if value.choice is not None else ""))
        elif isinstance(value, bool) or (name in {"word", "kind", "read_as"} and value):
            words.append(f"{name}={value}")
    return " ".join(words)


def _told(index: "QuestionIndex", text: str, step: str | None, holding: frozenset[str]) -> Iterator[str]:
    match = index.match(text, step, holding)
    if match.sure is not None:
        same = "in the same words" if match.same_words else "not in the same words"
        yield f"Answered: {match.sure.key}, {same}"
        yield from (f"  {line}" for line in match.sure.answer.splitlines())
    elif match.offers:
        yield f"Offered: {', '.join(question.key for question in match.offers)}"
    else:
        yield "Not understood"
    yield f"Sureness: {match.sureness:.2f}"
    yield ""
    for scored in index.ranked(text, step, holding)[:_SHOWN]:
        question = scored.question
        where = "this step" if step in question.steps else "another step" if question.steps else "any step"
        condition = f", only if {question.only_if}" if question.only_if is not None else ""
        yield f"{scored.score:6.2f}  {question.key} ({where}{condition}): {question.title}"
    yield ""
    yield index.rule
