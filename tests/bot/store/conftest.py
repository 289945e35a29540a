"""Every store passes one suite. Another one joins by its name in `params`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.protocol import Store
from bot.store.sqlite import open_store


@pytest.fixture(params=["sqlite"])
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/bot.db")
    yield opened
    opened.close()
