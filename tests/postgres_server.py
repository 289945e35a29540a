"""A PostgreSQL server of the tests' own, where Debian's packages or the PATH have one."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_STOP_WITH_THE_TESTS = '"$@" & server=$!; read -r _; kill -INT $server; wait $server'
_NUMBERS = count(1)


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres` of version 15 or newer, or `None`."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    usable = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return usable[-1] if usable else None


class PostgresServer:
    """A running server; it stops with the process of the tests, however that ends."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._templates: set[str] = set()

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://amazon_token@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """The address of a new database, a copy of another one."""
        name = f"bot{next(_NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)


@contextmanager
def serving(**settings: str) -> Iterator[PostgresServer]:
    """A server that serves as long as the block lasts. It sorts as German does, so that nothing relies on that of C."""
    folder = binaries()
    if folder is None:
        why = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(f"{why}; it is required when CI is set")
        pytest.skip(why)
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="amazon-token-postgres-"))
    try:
        if user is not None:
            shutil.chown(home, user)
        data = home / "data"
        subprocess.run(  # noqa: S603 - a list of words, no shell
            [folder / "initdb", "-D", data, "-U", "amazon_token", "-A", "trust", "-E", "UTF8", "--no-sync",
             "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de"],
            check=True, capture_output=True, user=user, cwd=home,
        )  # fmt: skip
        options = {
            "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", "fsync": "off",
            "max_connections": "60", "shared_buffers": "16MB", "log_min_messages": "fatal", **settings,
        }  # fmt: skip
        given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (home / "log").open("w") as log:
            server = subprocess.Popen(  # noqa: S603 - the shell's words are above
                ["/bin/sh", "-c", _STOP_WITH_THE_TESTS, "sh", folder / "postgres", "-D", data, *given],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, user=user, cwd=home,
            )  # fmt: skip
        try:
            running = PostgresServer(data, port)
            _wait(running)
            yield running
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(timeout=30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(server: PostgresServer) -> None:
    give_up_at = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return
