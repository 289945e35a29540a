"""docs/deployment.md, rehearsed: a dump is restored, and a database is brought back to just before a mistake."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot.sandbox.driver import Visitor
from bot.store.models import Person
from bot.store.postgres import open_store
from tests.bytes_written import TypedSecrets, files
from tests.postgres_server import Looks, PostgresServer, client_tools, serving
from tests.stories.conftest import Serve
from tests.stories.presses import at_step, begun
from tests.waiting import until

pytestmark = pytest.mark.story
ROOT = Path(__file__).parents[2]
KEY = "5e" * 32


def documented(beginning: str, document: str = "deployment.md") -> str:
    """The block of commands, or of settings, in the document that begins like this."""
    blocks = re.findall(r"```(?:sh|ini)\n(.*?)```", (ROOT / "docs" / document).read_text("utf-8"), re.DOTALL)
    (found,) = (block for block in blocks if block.startswith(beginning))
    return str(found)


def run(commands: str, url: str, **places: Path) -> None:
    """Run documented commands against a database, with other folders in place of those at the root."""
    for name, folder in places.items():
        commands = commands.replace(f"/{name}", str(folder))
    parts = psycopg.conninfo.conninfo_to_dict(url)
    environment = {
        "PATH": f"{client_tools()}:{os.environ['PATH']}", "PGHOST": parts["host"], "PGPORT": parts["port"],
        "PGUSER": parts["user"], "PGDATABASE": parts["dbname"],
    }  # fmt: skip
    ran = subprocess.run(  # noqa: S603 - the commands are those of the documentation
        ["/bin/sh", "-eu", "-c", commands], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


async def test_a_walk_goes_on_after_a_restore(
    serve: Serve,
    erika: Visitor,
    oliver: Visitor,
    postgres_url: str,
    postgres_server: PostgresServer,
    tmp_path: Path,
    typed_secrets: TypedSecrets,
) -> None:
    """The dump is made while the bot serves; Erika is where she was then, and what Oliver did later is not there."""
    backups = tmp_path / "backups"
    backups.mkdir()
    async with serve(database_url=postgres_url, hash_key=KEY, pictures=False):
        await begun(erika)
        await erika.press("walk:orders_stopped")
        await at_step(erika, "connect_version")
        run(documented("pg_dump"), postgres_url, backups=backups)
        await begun(oliver)
    run(documented("createdb"), postgres_url, backups=backups)
    restored = postgres_server.url("amazon_token_restored")
    looks = Looks(restored)
    assert looks.execute("SELECT worker_id, step FROM walks").fetchall() == [("U0ERIKA", "connect_version")]
    async with serve(database_url=restored, hash_key=KEY, pictures=False):
        await erika.enter("field:connect_version:version", "4.9.24.4")
        await at_step(erika, "account_mask")
    assert looks.execute("SELECT worker_id, step FROM walks").fetchall() == [("U0ERIKA", "account_mask")]
    assert typed_secrets.leaks(files(backups)) == []
    looks.close()


async def test_a_database_is_brought_back_to_just_before_a_mistake() -> None:
    """From a copy and the archived log: what came after the copy is there, the mistake is not, and the bot can write.

    The server archives as the documented settings say.
    """
    settings = dict(re.findall(r"^(\w+) = '?(.+?)'?$", documented("archive_mode"), re.MULTILINE))
    settings["archive_command"] = settings["archive_command"].replace("/archive", "../archive")
    with serving(**settings) as server:
        folders = {name: server.home / name for name in ("archive", "backups", "recovered")}
        for name in ("archive", "backups"):
            folders[name].mkdir()
            server.give(folders[name])
        url = server.new_database()
        store = open_store(url)
        with store.transaction() as tx:
            tx.save_person(Person(team_id="T1", user_id="U0BEFORE"))
        run(documented("pg_basebackup"), url, **folders)
        with store.transaction() as tx:
            tx.save_person(Person(team_id="T1", user_id="U0AFTER"))
        store.close()
        looks = Looks(url)
        (moment,) = looks.execute("SELECT now()").fetchone() or (datetime.now(UTC),)
        looks.execute("TRUNCATE people CASCADE")
        (log,) = looks.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
        looks.close()
        await until((folders["archive"] / log).exists, "the log to be archived")
        commands = documented("cp -R").replace("2026-11-28 09:41:00+00", moment.isoformat(" "))
        run(commands, url, **folders)
        server.stop()
        shutil.rmtree(server.home / "data")
        server.give(folders["recovered"].rename(server.home / "data"))
        server.start()
        looks = Looks(url)
        await until(lambda: looks.execute("SELECT pg_is_in_recovery()").fetchone() == (False,), "the recovery to end")
        assert looks.execute("SELECT user_id FROM people ORDER BY user_id").fetchall() == [("U0AFTER",), ("U0BEFORE",)]
        looks.close()
        recovered = open_store(url)
        with recovered.transaction() as tx:
            tx.save_person(Person(team_id="T1", user_id="U0NEW"))
        recovered.close()
