"""`amazon-token procedures`: what the bot can lead people through."""

from collections.abc import Iterator

from conversations.all_texts import load_texts
from conversations.engine.procedure import AnyProcedure
from conversations.engine.procedure_schema import procedure_schema
from conversations.engine.settings import ProcedureSettings
from conversations.engine.texts import Text, Texts, Tree, Words
from conversations.registry import PROCEDURES, first_of


def listing() -> str:
    """Every procedure with what an operator wants to know of it, the first first."""
    all_texts = load_texts()
    return "\n\n".join(_described(procedure, all_texts.of("en", name)) for name, procedure in PROCEDURES.items())


def skeleton(procedure: AnyProcedure) -> str:
    """Every key of the procedure's text files as YAML, to be filled in; a comment says what a text may name."""
    return "\n".join(_keys(procedure_schema(procedure), ""))


def _keys(tree: Tree, indent: str) -> Iterator[str]:
    for key, node in tree.items():
        if isinstance(node, Text):
            named = "".join(f", may name {{{name}}}" for name in sorted(node.placeholders))
            yield f"{indent}{key}:  # at most {node.limit} characters{named}"
        elif isinstance(node, Words):
            yield f"{indent}{key}: []  # words that people type"
        else:
            yield f"{indent}{key}:"
            yield from _keys(node, f"{indent}  ")


def _described(procedure: AnyProcedure, texts: Texts) -> str:
    first = procedure is first_of(PROCEDURES)
    settings = [name.upper() for name in procedure.settings.model_fields if name not in ProcedureSettings.model_fields]
    lines = {
        "words": ", ".join(texts.words("procedure.words")) + (" (or none: it is the first)" if first else ""),
        "steps": f"{len(procedure.steps)}, numbered to {procedure.last_number}",
        "continues in": ", ".join(sorted(set(procedure.transfers.values()))) or "no other procedure",
        "settings": ", ".join(settings) or "none",
        "stories": ", ".join(procedure.examples.plays) or "none",
    }
    return "\n".join([f"{procedure.id}: {texts.say('procedure.name')}", *(f"  {k}: {v}" for k, v in lines.items())])
