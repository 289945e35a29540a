"""The shipped texts as a process of the tests reads them: once, not again for each bot that it starts.

To read them, and to build what understanding needs, takes longer than most stories. Nobody changes them.
"""

from pathlib import Path

from conversations import all_texts
from conversations.all_texts import AllTexts
from conversations.registry import PROCEDURES, Procedures

_read = all_texts.load_texts
_texts: dict[tuple[tuple[str, int], ...], tuple[Procedures, AllTexts]] = {}
"""By the identities of the procedures, which are kept so that no other object gets the same."""


def load_texts(folder: Path | None = None, procedures: Procedures = PROCEDURES) -> AllTexts:
    """The same as `conversations.all_texts.load_texts`; an operator's `folder` is read each time."""
    if folder is not None:
        return _read(folder, procedures)
    key = tuple((name, id(procedure)) for name, procedure in procedures.items())
    if key not in _texts:
        _texts[key] = dict(procedures), _read(None, procedures)
    return _texts[key][1]
