"""HTTP/1.1 over a kept connection, as cheap as it gets: the client must not be what is measured."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def connect(port: int) -> socket.socket:
    """Connect to a server on this machine; what is sent leaves at once."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def head(method: str, path: str, port: int, headers: dict[str, str]) -> bytes:
    """Return a request's first bytes, up to where the length of its body comes; `request` completes them."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\nContent-Length: "


def request(start: bytes, body: bytes) -> bytes:
    """Return a whole request from its `head` and its body."""
    return b"%b%d\r\n\r\n%b" % (start, len(body), body)


def whole(received: bytes | bytearray) -> tuple[int, bytes] | None:
    """Return status and body once an answer is complete, None before."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = _LENGTH.search(received, 0, end)
    if length is None:
        raise ValueError(f"an answer without a length: {bytes(received[:200])!r}")
    if len(received) < end + 4 + int(length[1]):
        return None
    return int(received[9:12]), bytes(received[end + 4 : end + 4 + int(length[1])])


class Caller:
    """A client that sends one request after another and waits for each answer."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connection: socket.socket | None = None

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer's document. Raises RuntimeError for anything but success."""
        text = b"" if body is None else json.dumps(body).encode()
        if self._connection is None:  # not before there is something to say: a silent stranger is shut out
            self._connection = connect(self.port)
        self._connection.sendall(request(head(method, f"/api/v1{path}", self.port, self.headers), text))
        received = bytearray()
        while (answer := whole(received)) is None:
            more = self._connection.recv(65536)
            if not more:
                raise RuntimeError(f"{method} {path}: the server hung up")
            received += more
        status, content = answer
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {content[:300]!r}")
        return json.loads(content)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
