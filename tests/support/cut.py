"""A network that can be cut: a proxy between a screen and the server, on this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


class Line:
    """Everything that goes through can be cut off and mended, as when somebody pulls a cable."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._whole = True
        self.first_after_mending: float | None = None
        """When the first connection came after the last `mend` (monotonic seconds)."""
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Hang up on everybody, and on whoever tries again."""
        with self._lock:
            self._whole = False
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let everything through again."""
        self.first_after_mending = None
        self._whole = True

    def close(self) -> None:
        """Stop for good."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                screen, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                screen.close()
                continue
            if self.first_after_mending is None:
                self.first_after_mending = time.monotonic()
            server = socket.create_connection(("127.0.0.1", self._to))
            with self._lock:
                self._open |= {screen, server}
            for one, other in ((screen, server), (server, screen)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for connection in (one, other):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to a port of this machine, whole at first."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
