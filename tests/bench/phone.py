"""What a hostile phone is made of: where it is, whom it attacks, until when, and how it repeats itself."""

from __future__ import annotations

import base64
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress

ATTACKER = "127.0.0.2"
MOST_OPEN = 1100


class Phone:
    """The attacker: where it is, whom it attacks, until when."""

    def __init__(self, port: int, seconds: float, source: str = ATTACKER, token: str = "") -> None:
        """`token` is a paired device's, for who has stolen one."""
        self.port = port
        self.source = source
        self.token = token
        self.until = time.monotonic() + seconds
        self.done = 0
        self.refused = 0

    @property
    def on(self) -> bool:
        """Whether it goes on."""
        return time.monotonic() < self.until

    def connect(self) -> socket.socket | None:
        """Connect; None where that fails."""
        try:
            connection = socket.create_connection(("127.0.0.1", self.port), 5, (self.source, 0))
        except OSError:
            self.refused += 1
            time.sleep(0.001)
            return None
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def websocket(self, offered: str = "") -> socket.socket | None:
        """Open a socket as a screen does, with more headers where `offered`; None where that fails."""
        connection = self.connect()
        if connection is None:
            return None
        key = base64.b64encode(os.urandom(16)).decode()
        with suppress(OSError):
            connection.sendall(
                f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                f"Sec-WebSocket-Version: 13\r\n{offered}\r\n".encode()
            )
            if connection.recv(4096).startswith(b"HTTP/1.1 101"):
                return connection
        self.refused += 1
        connection.close()
        return None

    def pour(self, frame: bytes, times: int, first: bytes = b"", offered: str = "") -> None:
        """Send `first` and then the same frame so often on one socket, then open the next."""
        chunk = frame * max(1, min(times, 65_536 // len(frame)))
        while self.on:
            connection = self.websocket(offered)
            if connection is None:
                continue
            with connection:
                connection.settimeout(1)
                sent = 0
                try:
                    connection.sendall(first)
                    while self.on and sent < times:
                        connection.sendall(chunk)
                        sent += len(chunk) // len(frame)
                        self.done += len(chunk) // len(frame)
                except OSError:
                    self.refused += 1

    def in_turn(self, *each: Callable[[], None]) -> None:
        """Do one after the other until the time is over; what fails is begun anew."""
        while self.on:
            for one in each:
                try:
                    one()
                    self.done += 1
                except OSError:
                    self.refused += 1

    def ask(self, request: bytes) -> None:
        """Send the same request as quickly as answers come, on kept connections."""
        connection: socket.socket | None = None
        while self.on:
            connection = connection or self.connect()
            if connection is None:
                continue
            try:
                connection.sendall(request)
                answer = connection.recv(1 << 20)
                if not answer.startswith(b"HTTP/1.1 2"):
                    raise OSError
                self.done += 1
                while len(answer) >= 1 << 16:
                    answer = connection.recv(1 << 20)
            except OSError:
                self.refused += 1
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def hold(self, count: int, first: bytes, more: bytes) -> None:
        """Hold so many connections open, send `first` on each and then `more` again and again; replace what is shut."""
        with selectors.DefaultSelector() as open_ones:
            while self.on:
                while self.on and len(open_ones.get_map()) < count:
                    connection = self.connect()
                    if connection is None:
                        break
                    self.done += 1
                    with suppress(OSError):
                        connection.sendall(first)
                    connection.setblocking(False)
                    open_ones.register(connection, selectors.EVENT_READ)
                for key, _ in open_ones.select(0.5):
                    shut: socket.socket = key.fileobj  # type: ignore[assignment]
                    self.refused += 1
                    open_ones.unregister(shut)
                    shut.close()
                for key in list(open_ones.get_map().values()):
                    held: socket.socket = key.fileobj  # type: ignore[assignment]
                    with suppress(OSError):
                        if more:
                            held.send(more)
            for key in list(open_ones.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]


def frame(payload: bytes, first: int = 0x81) -> bytes:
    """Return a client's frame, masked with zeros: the cheapest to send."""
    size = len(payload)
    head = bytes([first, 0x80 | size]) if size < 126 else bytes([first, 0xFF]) + struct.pack(">Q", size)
    return head + b"\0\0\0\0" + payload


def request(method: str, path: str) -> bytes:
    """Return a request without a body."""
    return f"{method} {path} HTTP/1.1\r\nHost: riwaq\r\nContent-Length: 0\r\n\r\n".encode()
