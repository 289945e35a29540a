"""Somebody is forgotten over PostgreSQL: gone from tables and dumps at once, from its files by the server's tools."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.scene import Scene
from bot.demo.stage import SandboxStage
from bot.sandbox.driver import Visitor
from conversations.amazon_token.plays import ERROR
from conversations.engine.texts import Language, Texts
from tests.bytes_written import TypedSecrets, files
from tests.postgres_server import Looks, PostgresServer
from tests.stories.conftest import Serve
from tests.stories.presses import begun
from tests.stories.test_story_postgres_backups import KEY, documented, run
from tests.stories.test_story_privacy import SENTENCE, SHOP, _full_case, _silent

pytestmark = pytest.mark.story


def kept(places: Iterator[tuple[str, bytes]], words: set[str]) -> set[str]:
    """Those of the words that are somewhere."""
    everything = b"".join(content for _, content in places)
    return {word for word in words if word.encode() in everything}


async def test_tokens_and_words_are_gone_from_tables_and_dumps(
    serve: Serve,
    erika: Visitor,
    oliver: Visitor,
    anna: Visitor,
    all_texts: dict[Language, Texts],
    postgres_server: PostgresServer,
    postgres_url: str,
    tmp_path: Path,
    typed_secrets: TypedSecrets,
) -> None:
    """A token is never there. After the erasure neither ID, name, words nor hashes are; then docs/privacy.md's command.

    PostgreSQL leaves deleted rows in its files, and words in the statistics of its planner: the command takes both.
    """
    stage = SandboxStage(Scene(erika, "merchant", _silent), Scene(anna, "Anna", _silent), all_texts["de"])
    backups = tmp_path / "backups"
    backups.mkdir()
    dump = documented("pg_dump").replace("--format custom", "--format plain")
    looks = Looks(postgres_url)
    async with serve(database_url=postgres_url, hash_key=KEY) as line:
        await begun(oliver)
        await _full_case(stage)
        await line.bot.outbox_worker.drain()
        state = repr(looks.execute("SELECT state FROM walks").fetchall())
        mine = {
            "U0ERIKA",
            "Erika Beispiel",
            SENTENCE,
            SHOP,
            ERROR,
            "4.9.24.10",
            *re.findall(r'"([0-9a-f]{64})"', state),
        }
        assert len(mine) > 6, "there are hashes"
        looks.execute("ANALYZE")
        run(dump, postgres_url, backups=backups)
        looks.execute("CHECKPOINT")
        assert kept(looks.everything(), mine) == kept(files(backups), mine) == mine
        # Some of it is compressed there.
        assert kept(files(_folder(postgres_server, looks)), mine) >= {"U0ERIKA", "Erika Beispiel", SENTENCE}
        assert typed_secrets.leaks([*looks.everything(), *files(backups)]) == []

        await erika.command("/amazon-token delete")
        await erika.press("privacy:erase")
        await erika.wait_for(all_texts["de"].say("answers.deleted").strip())
        await line.bot.outbox_worker.drain()
        run(dump, postgres_url, backups=backups)
        assert kept(looks.everything(), mine) == kept(files(backups), mine) == set()

        run(documented("vacuumdb", "privacy.md"), postgres_url)
        looks.execute("CHECKPOINT")
        assert kept(files(_folder(postgres_server, looks)), mine) == set()
    looks.close()


def _folder(server: PostgresServer, looks: Looks) -> Path:
    """Where the server has the files of the database."""
    (path,) = looks.execute("SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()").fetchone() or (
        "",
    )
    return server.home / "data" / str(path)
