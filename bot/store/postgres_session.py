"""One connection to PostgreSQL, which does not wait for a server that has vanished without closing it.

A machine that is cut off or frozen sends nothing, not even that it is gone; the kernel would wait for a quarter of an
hour. That the server is silent says little: a statement may take long. So it is asked over another connection whether
it is there.
"""

import secrets
import socket
import struct
import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow

SILENT_SECONDS = 1.0
"""After so long without a word the server is asked whether it is there, and again and again. Longer than any lock is
waited for (`bot/store/postgres_statements.py`).
"""
_ANSWER_SECONDS = 1.0
"""How long it has for its answer."""
_LOOK_SECONDS = 0.1
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""Every PostgreSQL server answers this with one byte, before it asks who is there."""
_NETWORK = {
    "connect_timeout": 2,
    # A firewall that has forgotten the connection drops what is sent, while new connections are answered.
    "tcp_user_timeout": 2000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""Used where the database's address says nothing else."""

RV = TypeVar("RV")


def network_limits(url: str) -> dict[str, Any]:
    """What the kernel and the driver are told about waiting, unless the address itself says it."""
    said = conninfo_to_dict(url)
    return {name: limit for name, limit in _NETWORK.items() if name not in said}


class Vanished(psycopg.OperationalError):
    """The server has said nothing for so many `seconds`. To connect anew at once would only take longer."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class Session(psycopg.Connection[DictRow]):
    """A connection that numbers its commits, under a name that no other has.

    When the server has vanished a statement raises `Vanished` after two seconds, and the connection is closed.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.name = secrets.token_hex(8)
        self.number = 0

    def wait(self, gen: PQGen[RV], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> RV:
        """Wait for an answer of the server. Each statement ends here."""
        try:
            return super().wait(self._unless_it_has_vanished(gen), interval, timeout)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                # Not the server's word. The driver may still take a connection for a good one whose socket has failed
                # ("connection socket closed"), and each use of it would fail from now on.
                self.close()
            raise

    def _unless_it_has_vanished(self, gen: PQGen[RV]) -> PQGen[RV]:
        """The same conversation with the server, which is sent on after `_LOOK_SECONDS` when nothing has come."""
        heard_at = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard_at = time.monotonic()
                elif time.monotonic() - heard_at > SILENT_SECONDS:
                    if not self._is_server_there():
                        self.close()
                        raise Vanished("the server has vanished", time.monotonic() - heard_at)
                    heard_at = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            result: RV = end.value
            return result

    def _is_server_there(self) -> bool:
        """Whether a server answers at the same address. One on this machine cannot vanish from the network."""
        if not self.info.hostaddr:
            return True
        try:
            with socket.create_connection((self.info.hostaddr, self.info.port), timeout=_ANSWER_SECONDS) as asking:
                asking.sendall(_SSL_REQUEST)
                return bool(asking.recv(1))
        except OSError:
            return False
