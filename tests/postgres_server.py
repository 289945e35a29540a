"""A PostgreSQL server of the tests' own, where Debian's packages or the PATH have one."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from psycopg.rows import dict_row

_STOP_WITH_THE_TESTS = '"$@" & server=$!; read -r _; kill -INT $server; wait $server'
_NUMBERS = count(1)
_SYNCHRONOUS = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres` of version 15 or newer, or `None`."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    usable = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return usable[-1] if usable else None


def client_tools() -> Path:
    """The folder with psql, pg_dump and their like; the test is skipped without them, unless CI is set."""
    folder = binaries()
    if folder is None or not all(
        (folder / name).exists() for name in ("psql", "pg_dump", "pg_restore", "pg_basebackup")
    ):
        missing("PostgreSQL's client programs are not installed (Debian: apt-get install postgresql)")
    return folder


def missing(why: str) -> NoReturn:
    """Skip the test, or fail it when CI is set."""
    if os.environ.get("CI"):
        pytest.fail(f"{why}; it is required when CI is set")
    pytest.skip(why)


class PostgresServer:
    """A server with a folder of its own; it stops with the process of the tests, however that ends."""

    def __init__(self, programs: Path, home: Path, settings: Mapping[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._programs, self.home = programs, home
        self._user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "", "fsync": "off",
            "max_connections": "60", "shared_buffers": "16MB", "log_min_messages": "fatal", **settings,
        }  # fmt: skip
        self._options = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make the folder's content. It sorts as German does, so that nothing relies on the order of C."""
        self.give(self.home)
        subprocess.run(  # noqa: S603 - a list of words, no shell
            [self._programs / "initdb", "-D", self.home / "data", "-U", "amazon_token", "-A", "trust", "-E", "UTF8",
             "--no-sync", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de"],
            check=True, capture_output=True, user=self._user, cwd=self.home,
        )  # fmt: skip

    def copy(self, other: "PostgresServer") -> None:
        """Make the folder's content as a standby of another server that serves."""
        self.give(self.home)
        subprocess.run(  # noqa: S603 - a list of words, no shell
            [client_tools() / "pg_basebackup", "-D", self.home / "data", "-h", "127.0.0.1", "-p", str(other.port),
             "-U", "amazon_token", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"],
            check=True, capture_output=True, user=self._user, cwd=self.home,
        )  # fmt: skip

    def give(self, folder: Path) -> None:
        """Let the server own a folder and what is in it, where it is another user."""
        for path in () if self._user is None else (folder, *folder.rglob("*")):
            shutil.chown(path, self._user)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.home / "log").open("a") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the shell's words are above
                ["/bin/sh", "-c", _STOP_WITH_THE_TESTS, "sh", self._programs / "postgres", "-D", self.home / "data",
                 *self._options],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, user=self._user, cwd=self.home,
            )  # fmt: skip
        give_up_at = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop it where it serves, after what is under way was rolled back."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(timeout=30)
            self._process = None

    def crash(self) -> None:
        """End it in the middle of everything."""
        number = int((self.home / "data" / "postmaster.pid").read_text("ascii").splitlines()[0])
        os.kill(number, signal.SIGQUIT)
        self.stop()

    def restart(self) -> None:
        """End it in the middle of everything, as a crash does, and start it again."""
        self.crash()
        self.start()

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://amazon_token@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """The address of a new database, a copy of another one."""
        name = f"bot{next(_NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)


class PostgresPair:
    """Two servers: the first confirms only what the second, its synchronous standby, has written too."""

    def __init__(self, first: PostgresServer, second: PostgresServer) -> None:
        self.first, self.second = first, second
        self.failed_over = False

    def join(self) -> None:
        """Make the second a standby of the first, which serves; both serve then."""
        self.second.copy(self.first)
        self.second.start()
        with psycopg.connect(self.first.url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")
            give_up_at = time.monotonic() + 30
            while connection.execute(_SYNCHRONOUS).fetchone() is None:
                if time.monotonic() > give_up_at:
                    raise TimeoutError("the standby does not become synchronous")
                time.sleep(0.05)

    def fail_over(self) -> None:
        """The first is gone, in the middle of everything; the second takes its place."""
        self.first.crash()
        with psycopg.connect(self.second.url("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")
        self.failed_over = True

    def restart(self) -> None:
        """The one in charge crashes and starts again."""
        (self.second if self.failed_over else self.first).restart()

    def new_database(self) -> str:
        """The address of a new database, which leads to the one in charge."""
        name = self.first.new_database().rpartition("/")[2]
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self.first, self.second))
        return f"postgresql://amazon_token@{hosts}/{name}?target_session_attrs=read-write"


class Looks:
    """A look into PostgreSQL with what tests ask of SQLite."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def query(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows, by the names of their columns."""
        return iter(self._connection.cursor(row_factory=dict_row).execute(sql.encode()).fetchall())

    def execute(self, sql: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """The rows as tuples."""
        if not values:
            return self._connection.execute(sql.encode())
        return self._connection.execute(sql.replace("?", "%s").encode(), values)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Each table with all that is in it."""
        for (table,) in self.execute(_TABLES).fetchall():
            rows = self.execute(f"SELECT CAST(t AS text) FROM {table} AS t").fetchall()  # noqa: S608 - the schema's own
            yield table, repr(rows).encode()

    def commit(self) -> None:
        """Each statement is committed by itself."""

    def close(self) -> None:
        """End the look."""
        self._connection.close()


@contextmanager
def serving(**settings: str) -> Iterator[PostgresServer]:
    """A server that serves as long as the block lasts."""
    with _made(settings) as server:
        server.make()
        server.start()
        yield server


@contextmanager
def serving_pair(**settings: str) -> Iterator[PostgresPair]:
    """A server with a synchronous standby, as long as the block lasts."""
    with serving(**settings) as first, _made(settings) as second:
        pair = PostgresPair(first, second)
        pair.join()
        yield pair


@contextmanager
def _made(settings: Mapping[str, str]) -> Iterator[PostgresServer]:
    """A server with an empty folder; if it serves at the end of the block, it is stopped."""
    programs = binaries()
    if programs is None:
        missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="amazon-token-postgres-"))
    server = PostgresServer(programs, home, settings)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
