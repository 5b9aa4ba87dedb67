"""Many screens on real sockets (WebSocket, Engine.IO 4, Socket.IO 5), read by one cheap loop.

A job comes as one line of JSON on standard input: tokens of boards that all show the same, and of other screens. When
every screen has its first snapshot the process says `ready`; when its input is closed it stops, and writes when which
version came to which board.
"""

from __future__ import annotations

import base64
import json
import os
import re
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench import wire

_VERSION = re.compile(rb'^42\["snapshot",\{"topic":"[^"]*","epoch":"[^"]*","version":(\d+),')
_CALL = re.compile(rb'"call":"(s_[0-9a-f]+)\.')


def mask(payload: bytes) -> bytes:
    """Return a client's text frame; clients must mask what they send."""
    assert len(payload) < 65_536
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    key = os.urandom(4)
    return b"\x81" + size + key + bytes(byte ^ key[i & 3] for i, byte in enumerate(payload))


def frames(received: bytearray) -> list[tuple[int, bytes]]:
    """Take the complete frames (opcode and payload) out of what a server has sent."""
    found = []
    while len(received) >= 2:
        opcode, size, start = received[0] & 0x0F, received[1], 2
        if size == 126:
            if len(received) < 4:
                break
            size, start = int.from_bytes(received[2:4], "big"), 4
        elif size == 127:
            if len(received) < 10:
                break
            size, start = int.from_bytes(received[2:10], "big"), 10
        if len(received) < start + size:
            break
        found.append((opcode, bytes(received[start : start + size])))
        del received[: start + size]
    return found


@dataclass
class _Screen:
    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    versions: list[tuple[int, float]] = field(default_factory=list)
    """Each version that came, and when (monotonic seconds, the same clock in all processes of a machine)."""


def open_screen(port: int, token: str) -> _Screen:
    """Connect, as the shared JavaScript does, and return once the server has taken the device in."""
    connection = wire.connect(port)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    received = bytearray()
    while b"\r\n\r\n" not in received:
        more = connection.recv(4096)
        if not more:
            raise RuntimeError("the server hung up")
        received += more
    if not received.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(f"no socket: {bytes(received[:200])!r}")
    del received[: received.index(b"\r\n\r\n") + 4]
    connection.sendall(mask(b"40" + json.dumps({"token": token}).encode()))
    screen = _Screen(connection, received)
    while not screen.versions:
        hear(screen)
    return screen


def hear(screen: _Screen, first_with: dict[str, int] | None = None, seen: set[int] | None = None) -> None:
    """Read what there is; note versions, and of boards, in `first_with`, the first version that shows a call."""
    more = screen.connection.recv(262_144)
    now = time.monotonic()
    if not more:
        raise RuntimeError("the server hung up on a screen")
    screen.received += more
    for opcode, payload in frames(screen.received):
        if opcode == 8 or payload.startswith((b"44", b"41")):
            raise RuntimeError(f"a screen was turned away: {payload[:200]!r}")
        if payload == b"2":
            screen.connection.sendall(mask(b"3"))
        found = _VERSION.match(payload)
        if found:
            version = int(found[1])
            screen.versions.append((version, now))
            if first_with is not None and seen is not None and version not in seen:
                seen.add(version)
                for call in _CALL.findall(payload):
                    first_with.setdefault(call.decode(), version)


def main() -> None:
    """Do the job on standard input."""
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    boards = [open_screen(int(job["port"]), token) for token in job["boards"]]
    others = [open_screen(int(job["port"]), token) for token in job["others"]]
    first_with: dict[str, int] = {}
    seen: set[int] = set()
    poll = select.epoll()
    by_fd = {screen.connection.fileno(): screen for screen in (*boards, *others)}
    board_fds = {screen.connection.fileno() for screen in boards}
    for fd in (*by_fd, sys.stdin.fileno()):
        poll.register(fd, select.EPOLLIN)
    print("ready", flush=True)
    cpu = time.process_time()
    give_up = time.monotonic() + job["limit_s"]
    told = False
    while not told and time.monotonic() < give_up:
        for fd, _ in poll.poll(1.0):
            if fd == sys.stdin.fileno():
                told = True
            elif fd in board_fds:
                hear(by_fd[fd], first_with, seen)
            else:
                hear(by_fd[fd])
    json.dump(
        {
            "versions": [screen.versions for screen in boards],
            "first_with": first_with,
            "cpu_s": time.process_time() - cpu,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
