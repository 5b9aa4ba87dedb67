"""What a fake printer is connected by: the printer's end."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import time
from typing import Protocol


class Wire(Protocol):
    """The printer's end of a line."""

    def hear(self, most: int, seconds: float) -> bytes | None:
        """Bytes; b"" when the other side is gone, None when it says nothing."""

    def say(self, data: bytes) -> None:
        """Send all of it. Raises OSError when the line is cut."""

    def murmur(self, data: bytes) -> None:
        """Send it if there is room: a printer does not wait until its chatter is heard."""

    def gone(self) -> bool:
        """Whether the other side has closed, without reading what it sent."""

    def half_close(self) -> None:
        """Say nothing any more, and hear on."""

    def cut(self) -> None:
        """Arrange that leaving the line looks like a breakdown, not like an orderly end."""


class SocketWire:
    """A connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def hear(self, most: int, seconds: float) -> bytes | None:
        self._connection.settimeout(seconds)
        try:
            return self._connection.recv(most)
        except TimeoutError:
            return None

    def say(self, data: bytes) -> None:
        self._connection.settimeout(5)
        self._connection.sendall(data)

    def murmur(self, data: bytes) -> None:
        self._connection.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            self._connection.send(data)

    def gone(self) -> bool:
        if self._connection.family == socket.AF_UNIX:
            events = select.poll()
            events.register(self._connection, select.POLLRDHUP)
            return bool(events.poll(0))
        try:
            info = self._connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
        except OSError:
            return True
        return info[0] != 1  # TCP_ESTABLISHED

    def half_close(self) -> None:
        self._connection.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class PtyWire:
    """The master's side of a pseudo-terminal, whose other side is a serial device."""

    def __init__(self, master: int) -> None:
        self._master = master
        os.set_blocking(master, False)

    def hear(self, most: int, seconds: float) -> bytes | None:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return None
        try:
            return os.read(self._master, most)
        except BlockingIOError:
            return None
        except OSError:  # nobody has the device open
            time.sleep(0.01)
            return b""

    def say(self, data: bytes) -> None:
        os.write(self._master, data)

    def murmur(self, data: bytes) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def gone(self) -> bool:
        events = select.poll()
        events.register(self._master, select.POLLHUP)
        return bool(events.poll(0))

    def half_close(self) -> None:
        pass

    def cut(self) -> None:
        pass
