"""`python -m tests.faults.rolling_update --from REVISION`: a former version and this one serve one database.

The former version is taken from Git, and runs with the packages that are installed. Its processes serve people over
PostgreSQL; this version migrates the database meanwhile; the processes of before go on, and are killed and started
again on the new schema; then one after the other is replaced, and the first is killed each time. Where this version may
not migrate beside them, that is refused; then all are stopped first.
"""

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from sqlite_utils import Database

from bot.store.migrations import MIGRATIONS
from bot.store.postgres_schema import DATA
from tests.faults import altered_bot
from tests.faults.bot_to_kill import BotToKill
from tests.faults.patient_people import Merchant
from tests.faults.reckoning import Reckoning
from tests.faults.torture import RANDOM, ROOT, _run
from tests.faults.torture_postgres import PostgresTorture
from tests.postgres_server import Looks, serving
from tests.waiting import until

_NAMES = """
from sqlite_utils import Database
from bot.store.migrations import MIGRATIONS
print(*(migration.name for migration in MIGRATIONS.pending(Database(memory=True))))
"""
_MESSAGES = 10
"""So many are sent in each stage of the update at least."""
KINDS = ("after_send", "before_record", "after_commit", RANDOM)


class NoHistoryError(Exception):
    """This checkout has no Git history, or not as much of it."""


@dataclass(frozen=True)
class Former:
    """A former version: its code in a folder, and its migrations."""

    revision: str
    code: Path
    migrations: frozenset[str]

    @property
    def missing(self) -> list[str]:
        """The migrations that it does not have."""
        return [name for name in _migrations() if name not in self.migrations]

    @property
    def can_stay(self) -> bool:
        """Whether it may serve while this version migrates."""
        return not DATA.keys() & set(self.missing)


def former(revision: str, folder: Path) -> Former:
    """Unpack a revision into an empty folder. `NoHistoryError`."""
    with tarfile.open(fileobj=BytesIO(_git("archive", revision, "bot", "conversations", "manifest.yml"))) as archive:
        archive.extractall(folder, filter="data")
    names = subprocess.run(  # noqa: S603 - a list of words, no shell
        [sys.executable, "-c", _NAMES], env={**os.environ, "PYTHONPATH": str(folder)}, cwd=folder, check=True,
        stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    return Former(revision, folder, frozenset(names.split()))


def before_the_newest_migration() -> str:
    """The newest revision with fewer migrations than there are now. `NoHistoryError`."""
    for revision in _git("log", "--format=%h", "--", "bot/store/migrations.py").decode().split():
        text = _git("show", f"{revision}^:bot/store/migrations.py").decode()
        if any(f"def {name}(" not in text for name in _migrations()):
            return f"{revision}^"
    raise NoHistoryError("no revision has fewer migrations")


def _migrations() -> list[str]:
    with Database(memory=True, execute_plugins=False) as empty:
        return [migration.name for migration in MIGRATIONS.pending(empty)]


def _git(*words: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise NoHistoryError("Git is not installed")
    ran = subprocess.run([git, "-C", str(ROOT), *words], check=False, capture_output=True)  # noqa: S603 - as above
    if ran.returncode:
        raise NoHistoryError(ran.stderr.decode(errors="replace").strip())
    return ran.stdout


@dataclass
class RollingUpdate(PostgresTorture):
    """The kills are spread over the stages of the update; between two stages the first is killed once more."""

    former: Former = field(kw_only=True)
    kinds: tuple[str, ...] = KINDS
    refused: list[str] = field(default_factory=list)
    """With which words: to migrate while the former serves, and then the former itself."""

    def _made(self, port: int) -> BotToKill:
        made = super()._made(port)
        for one in self.bots.every:
            self._make_former(one)
        (self.folder / "migrating").mkdir()
        self._migrating = BotToKill(self.sandbox, self.folder / "migrating", settings=self.bots.settings)
        return made

    async def _kill_often(self) -> None:
        stages = self.processes + 2
        await self._kill(self.kills // stages)
        await self._while_all_serve(self._migrate())
        await self._kill(self.kills // stages)
        for one in self.bots.every:
            await self._while_all_serve(self._replace(one))
            await self._kill(self.kills // stages)

    async def _kill(self, times: int) -> None:
        """Start the first as what it is by now, and kill it, so often."""
        for _ in range(times):
            self.done[await self._one(self.kinds[self.done.total() % len(self.kinds)])] += 1
            self._note_unrecorded()
            self._search()
        if self.done:
            self._let_time_pass()

    async def _while_all_serve(self, doing: Awaitable[None]) -> None:
        await self.bot.start()
        await self.bot.connected()
        sent = self._sent()
        await until(lambda: self._sent() > sent + _MESSAGES, "people to go on")
        await doing
        await self.bot.kill()
        self.done[RANDOM] += 1

    async def _migrate(self) -> None:
        assert self._migrations() == self.former.migrations, "the former made the schema"
        if await self._migrating.migrate() == 0:
            assert self.former.can_stay, "it should have been refused"
            return
        self.refused.append(self._migrating.last_lines(1))
        assert not self.former.can_stay, self.refused
        assert self._migrations() == self.former.migrations, "nothing has changed"
        assert await self.bots.stop() == 0
        assert await self._migrating.migrate() == 0, self._migrating.last_lines()
        self._make_former(self._migrating)
        assert await self._migrating.migrate() != 0, "it does not know this schema"
        self.refused.append(self._migrating.last_lines(1))
        for one in self.bots.every:
            self._modernize(one)
        await self.bots.start()
        await self.bots.connected()

    def _sent(self) -> int:
        with contextlib.closing(Looks(self.url)) as looks:
            return int(looks.execute("SELECT count(*) FROM outbox WHERE state = 'delivered'").fetchone()[0])

    def _migrations(self) -> set[str]:
        with contextlib.closing(Looks(self.url)) as looks:
            return {name for (name,) in looks.execute("SELECT name FROM migrations").fetchall()}

    def _count(self, walkers: list[Merchant], unfinished: int) -> Reckoning:
        """What became of everything counts. With which words the former answered in between is its own matter."""
        result = super()._count(walkers, unfinished)
        self._excuse(result)
        incidents = [str(line) for line in self.bots.lines() if line.get("event") == "incident"]
        own = [line[:600] for line in incidents if str(self.former.code) not in line]
        result.figures["incidents of the former"] = len(incidents) - len(own)
        result.faults["incidents in the bot's log"] = own
        return result

    async def _replace(self, one: BotToKill) -> None:
        self._modernize(one)
        await self.bots.replace(one)

    def _make_former(self, one: BotToKill) -> None:
        one.program, one.code = [sys.executable, "-m", "bot"], self.former.code

    @staticmethod
    def _modernize(one: BotToKill) -> None:
        one.program, one.code = altered_bot.program("eager"), Path.cwd()


def main() -> int:
    """What was updated from, and a table, on standard output; 1 when a zero is missing, 2 without the revision."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--from", dest="revision", help="by default the newest with fewer migrations")
    said.add_argument("--kills", type=int, default=15, help="how many in all")
    said.add_argument("--merchants", type=int, default=3)
    said.add_argument("--processes", type=int, default=3)
    said.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = said.parse_args()
    with tempfile.TemporaryDirectory(prefix="former-") as code, serving() as server:
        try:
            before = former(options.revision or before_the_newest_migration(), Path(code))
        except NoHistoryError as error:
            sys.stderr.write(f"{error}\n")
            return 2
        sys.stdout.write(f"from {before.revision}, which does not have: {', '.join(before.missing)}\n")
        update = RollingUpdate(
            Path(tempfile.mkdtemp(prefix="torture-")), options.kills, options.merchants, options.seed, server=server,
            processes=options.processes, former=before,
        )  # fmt: skip
        clean = _run(update)
    for whom, words in zip(("this version while it served", "that version afterwards"), update.refused, strict=False):
        sys.stdout.write(f"{whom}: {words}\n")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
