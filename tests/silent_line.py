"""A way to a server over TCP on which nothing arrives any more while it is silent, and nothing is closed either."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class SilentLine:
    """Listens at a port of its own and passes on what comes to `port` of this machine."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._talks = threading.Event()
        self._talks.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Nothing arrives in the block. What was sent meanwhile arrives at its end, also that it was closed."""
        self._talks.clear()
        try:
            yield
        finally:
            self._talks.set()

    def close(self) -> None:
        """Accept nobody any more."""
        self._talks.set()
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._target)) as far:
            back = threading.Thread(target=self._pass_on, args=(far, near), daemon=True)
            back.start()
            self._pass_on(near, far)
            back.join()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                data = one.recv(65536)
                self._talks.wait()
                if not data:
                    break
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def line_to(url: str) -> Iterator[tuple[SilentLine, str]]:
    """A line to the server of a database, and the database's address over it."""
    port = urlsplit(url).port
    assert port is not None
    line = SilentLine(port)
    try:
        yield line, url.replace(f":{port}/", f":{line.port}/")
    finally:
        line.close()
