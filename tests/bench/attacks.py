"""One hostile phone: `python -m tests.bench.attacks NAME PORT SECONDS [FROM]` attacks a server on this machine.

Each attack is what somebody without any token can do, from an address of its own (127.0.0.2), for a bounded time and
with bounded means. It prints what it managed as one line of JSON: how often it did what it does, and how often it was
turned away.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress

ATTACKER = "127.0.0.2"
_MOST_OPEN = 1100


class Phone:
    """The attacker: where it is, whom it attacks, until when."""

    def __init__(self, port: int, seconds: float, source: str = ATTACKER) -> None:
        self.port = port
        self.source = source
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

    def websocket(self) -> socket.socket | None:
        """Open a socket as a screen does; None where that fails."""
        connection = self.connect()
        if connection is None:
            return None
        key = base64.b64encode(os.urandom(16)).decode()
        with suppress(OSError):
            connection.sendall(
                f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            if connection.recv(4096).startswith(b"HTTP/1.1 101"):
                return connection
        self.refused += 1
        connection.close()
        return None

    def pour(self, frame: bytes, times: int) -> None:
        """Send the same frame so often on one socket, then open the next."""
        chunk = frame * max(1, min(times, 65_536 // len(frame)))
        while self.on:
            connection = self.websocket()
            if connection is None:
                continue
            with connection:
                connection.settimeout(1)
                sent = 0
                try:
                    while self.on and sent < times:
                        connection.sendall(chunk)
                        sent += len(chunk) // len(frame)
                        self.done += len(chunk) // len(frame)
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


def _request(method: str, path: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: riwaq\r\nContent-Length: 0\r\n\r\n".encode()


def events(phone: Phone) -> None:
    """Events of twelve bytes, 20,000 on one socket."""
    phone.pour(frame(b'42["x",1]'), 20_000)


def connects(phone: Phone) -> None:
    """CONNECTs without a token, 20,000 on one socket."""
    phone.pour(frame(b'40{"token":"' + b"x" * 43 + b'"}'), 20_000)


def pings(phone: Phone) -> None:
    """Empty pings, which the library answers by itself."""
    phone.pour(frame(b"", 0x89), 100_000)


def fragments(phone: Phone) -> None:
    """A message that never ends."""
    connection = phone.websocket()
    part = frame(b"x" * 65_536, 0x00)
    while phone.on:
        if connection is None:
            connection = phone.websocket()
            continue
        connection.settimeout(1)
        try:
            connection.sendall(frame(b'40["', 0x01))
            for _ in range(3200):
                connection.sendall(part)
                phone.done += 1
        except OSError:
            phone.refused += 1
        connection.close()
        connection = None


def sockets(phone: Phone) -> None:
    """10,000 sockets, one after the other, that show nothing; the last thousand stay."""
    kept: list[socket.socket] = []
    while phone.on and phone.done < 10_000:
        connection = phone.websocket()
        if connection is None:
            continue
        phone.done += 1
        kept.append(connection)
        if len(kept) > _MOST_OPEN:
            kept.pop(0).close()
    while phone.on:
        time.sleep(0.1)
    for connection in kept:
        connection.close()


def dials(phone: Phone) -> None:
    """Connections that are opened and closed, 10,000 and more."""
    while phone.on:
        connection = phone.connect()
        if connection is not None:
            phone.done += 1
            connection.close()


def slow_headers(phone: Phone) -> None:
    """500 requests whose headers come a byte at a time."""
    phone.hold(500, b"GET / HTTP/1.1\r\nHost: riwaq\r\nX-Slow: ", b"x")


def slow_bodies(phone: Phone) -> None:
    """500 requests whose bodies come a byte at a time."""
    phone.hold(500, _request("POST", "/api/v1/pairings").replace(b"Length: 0", b"Length: 60000"), b"x")


def silence(phone: Phone) -> None:
    """1,100 connections that say nothing."""
    phone.hold(_MOST_OPEN, b"", b"")


def pairings(phone: Phone) -> None:
    """Requests to be paired."""
    phone.ask(_request("POST", "/api/v1/pairings"))


def openapi(phone: Phone) -> None:
    """The dearest document there was."""
    phone.ask(_request("GET", "/api/v1/openapi.json"))


def readyz(phone: Phone) -> None:
    """Whether the server is ready."""
    phone.ask(_request("GET", "/readyz"))


def guesses(phone: Phone) -> None:
    """Tokens that are none, another each time."""
    while phone.on:
        token = base64.urlsafe_b64encode(os.urandom(32)).decode()
        request = f"GET /api/v1/venue HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer {token}\r\n\r\n"
        connection = phone.connect()
        if connection is None:
            continue
        with connection, suppress(OSError):
            connection.sendall(request.encode())
            phone.refused += connection.recv(4096).startswith(b"HTTP/1.1 429")
            phone.done += 1


def handshakes(phone: Phone) -> None:
    """HTTPS handshakes; against a server that speaks HTTP they are so many malformed requests."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    while phone.on:
        connection = phone.connect()
        if connection is None:
            continue
        try:
            context.wrap_socket(connection, server_hostname="riwaq.local").close()
            phone.done += 1
        except OSError:
            phone.refused += 1
            connection.close()


ATTACKS: dict[str, Callable[[Phone], None]] = {
    one.__name__: one
    for one in (
        events, connects, pings, fragments, sockets, dials, slow_headers, slow_bodies, silence, pairings, openapi,
        readyz, guesses, handshakes,
    )
}  # fmt: skip
"""By name, in the order in which they are played."""


def main(name: str, port: str, seconds: str, source: str = ATTACKER) -> None:
    """Attack, and say what came of it."""
    phone = Phone(int(port), float(seconds), source)
    ATTACKS[name](phone)
    print(json.dumps({"done": phone.done, "refused": phone.refused}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
