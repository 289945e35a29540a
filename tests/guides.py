"""The shipped texts, loaded once for each process, and texts that are marked so that nothing unmarked goes unseen."""

from functools import cache

from conversations.all_texts import AllTexts, load_texts
from conversations.common_schema import COMMON
from conversations.engine.procedure_schema import merged, procedure_schema
from conversations.engine.texts import LANGUAGES, Language, Text, Texts, Tree, Words
from conversations.registry import PROCEDURES, Procedures

FIRST = next(iter(PROCEDURES))
"""The ID of the procedure that most tests walk through."""
CATALOGUE: Tree = merged(COMMON, procedure_schema(PROCEDURES[FIRST]))
"""The keys of the common texts and of that procedure's."""


@cache
def shipped() -> AllTexts:
    """All texts as they are shipped."""
    return load_texts()


def guide(language: Language) -> Texts:
    """The common texts and those of the first procedure in one language."""
    return shipped().of(language, FIRST)


GUIDES: dict[Language, Texts] = {language: guide(language) for language in LANGUAGES}
"""The same in both languages."""


def marked(language: Language, schema: Tree) -> Texts:
    """Texts in which each is marked with its key and its placeholders."""
    texts: dict[str, str] = {}
    words: dict[str, list[str]] = {}

    def walk(tree: Tree, prefix: str) -> None:
        for key, node in tree.items():
            if isinstance(node, Text):
                named = " ".join(f"{{{name}}}" for name in sorted(node.placeholders))
                texts[prefix + key] = f"«{language}:{prefix}{key} {named}»"
            elif isinstance(node, Words):
                words[prefix + key] = [key, f"{language}-{key}"]
            else:
                walk(node, f"{prefix}{key}.")

    walk(schema, "")
    return Texts(language, texts, words)


def all_marked_texts(procedures: Procedures = PROCEDURES) -> AllTexts:
    """All texts of all procedures, marked."""
    return AllTexts(
        {language: marked(language, COMMON) for language in LANGUAGES},
        {
            (language, name): marked(language, procedure_schema(procedure))
            for language in LANGUAGES
            for name, procedure in procedures.items()
        },
    )
