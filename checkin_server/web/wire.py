"""One frame for all: a snapshot is encoded once and the same bytes are written to every screen that watches its topic.

Socket.IO encodes and queues a message for each client anew, through three libraries. With 200 screens that is most of
what a call costs (docs/performance.md, "Fan-out"). Here a room's frame is made once, and each connection's one writer
sends it. What a slow connection has not taken yet is replaced by what is newer, for snapshots are whole.

Everything that is written to a connection goes through its writer, pings and closing too, as two writers would put
their bytes into the middle of each other's frames when the network takes only a part (docs/adr/0009).
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

WIRE = "riwaq.wire"
"""Where a request's environment keeps the writer of its socket."""
PATIENCE_S = 10.0
"""A screen that takes nothing for this long is hung up on; it connects again when it can."""
PROOF_WITHIN_S = 5.0
"""Who has not shown within this time that they belong here is hung up on."""
SILENCE_S = 30.0
"""A screen that says nothing for this long is gone: it answers a ping every ten seconds."""


def text_frame(text: str) -> bytes:
    """Return a server's whole WebSocket text frame (RFC 6455, 5.2): final, not masked, not compressed."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65_536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


def event_frame(event: str, document: Any) -> bytes:
    """Return the frame of a Socket.IO event in the default namespace (Engine.IO 4 message, Socket.IO 5 event)."""
    return text_frame("42" + json.dumps([event, document], ensure_ascii=False, separators=(",", ":")))


class Wire:
    """The one writer of a connection. It stands in for the connection's socket in the library that reads it."""

    def __init__(self, connection: socket.socket) -> None:
        self.on_proof: Callable[[], None] = lambda: None
        """Told once it is known who is at the other end."""
        self._connection = connection
        # gevent's sockets wait by themselves; the one inside says at once how much it took.
        self._raw = getattr(connection, "_sock", connection)
        # Of a connection in TLS it is OpenSSL's own object that says at once what it took and what it has.
        self._tls: Any = getattr(connection, "_sslobj", None)
        self._guard = threading.Lock()
        self._messages: deque[bytes] = deque()
        self._frames: dict[str, bytes] = {}
        self._writing = False
        self._broken = False
        self._proof_until: float | None = time.monotonic() + PROOF_WITHIN_S

    def prove(self) -> None:
        """Take whoever is at the other end for a screen: it may be silent from now on, as screens are."""
        self._proof_until = None
        self.on_proof()

    def give_up(self, grace_s: float) -> None:
        """Hang up soon: what was sent still has `grace_s` seconds to arrive."""
        if not self._broken:
            timer = threading.Timer(grace_s, self.hang_up)
            timer.daemon = True
            timer.start()

    # -- what the library asks of a socket -------------------------------------------------------------------------

    def send(self, data: bytes) -> int:
        """Send all of `data`, in order, after what is being sent now. Raises OSError once the connection is lost."""
        with self._guard:
            if self._broken:
                raise OSError("the connection is lost")
            self._messages.append(data)
            if self._writing:
                return len(data)
            self._writing = True
        self._write()
        return len(data)

    def recv(self, size: int) -> bytes:
        """Receive, as the socket does; others come in between. Raises TimeoutError (an OSError) when patience ends."""
        silent_at = time.monotonic() + SILENCE_S
        while True:
            until = self._proof_until
            left = (silent_at if until is None else until) - time.monotonic()
            if self._can_be_read(min(max(0.0, left), PROOF_WITHIN_S)):
                if self._tls is None:
                    break
                if (data := self._decrypted(size)) is not None:
                    return data
            if left <= 0:
                raise TimeoutError("nothing was said for too long")
        return self._connection.recv(size)

    def _decrypted(self, size: int) -> bytes | None:
        """Return what came in TLS; None while there is only a part of it, or nothing of the other end's own."""
        try:
            return bytes(self._tls.read(size))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def close(self) -> None:
        """Close, as the socket does."""
        self._broken = True
        self._connection.close()

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._connection.fileno()

    # -- what the fan-out asks -------------------------------------------------------------------------------------

    def offer(self, topic: str, frame: bytes) -> None:
        """Send a topic's newest frame soon. Never waits: one that was not sent yet is replaced by this one."""
        with self._guard:
            if self._broken:
                return
            self._frames[topic] = frame
            if self._writing:
                return
            self._writing = True
        self._write()

    def _next(self) -> bytes | None:
        """Take what is to be sent next; None when there is nothing, and then nobody writes any more."""
        with self._guard:
            if self._messages and not self._broken:
                return self._messages.popleft()
            if self._frames and not self._broken:
                return self._frames.pop(next(iter(self._frames)))
            self._writing = False
            return None

    def _write(self) -> None:
        """Send all there is. What the network does not take at once is left to a thread of its own."""
        while (data := self._next()) is not None:
            sent = self._try(data)
            if sent < len(data):
                rest = memoryview(data)[sent:]
                threading.Thread(target=self._finish, args=(rest,), name="wire", daemon=True).start()
                return

    def _finish(self, rest: memoryview) -> None:
        """Send the rest of a frame however long it takes, then all that came meanwhile; or hang up."""
        data: memoryview | bytes | None = rest
        while data is not None:
            last = time.monotonic()
            while len(data) and not self._broken:
                sent = self._try(data)
                if sent:
                    data, last = memoryview(data)[sent:], time.monotonic()
                elif time.monotonic() - last > PATIENCE_S:
                    self.hang_up()
                elif not self._broken:
                    self._wait_for_room(PATIENCE_S)
            data = self._next()

    def _try(self, data: bytes | memoryview) -> int:
        """Send what the network takes now; return how much that was."""
        try:
            if self._tls is not None:
                return int(self._tls.write(data))
            return int(self._raw.send(data, socket.MSG_DONTWAIT))
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return 0
        except OSError:
            self.hang_up()
            return len(data)

    def _can_be_read(self, seconds: float) -> bool:
        """Wait for something to read, at most so long. Raises OSError once the connection is lost."""
        if self._tls is not None and self._tls.pending():
            return True
        waiting = select.poll()
        try:
            waiting.register(self._connection.fileno(), select.POLLIN)
        except ValueError as error:
            raise OSError("the connection is lost") from error
        return bool(waiting.poll(seconds * 1000))

    def _wait_for_room(self, seconds: float) -> None:
        waiting = select.poll()
        try:
            waiting.register(self._connection.fileno(), select.POLLOUT)
        except (OSError, ValueError):
            self.hang_up()
            return
        waiting.poll(seconds * 1000)

    def hang_up(self) -> None:
        """Give the connection up now: whoever reads from it hears of it, and everything is cleared away there."""
        self._broken = True
        with contextlib.suppress(OSError):  # gone already
            self._connection.shutdown(socket.SHUT_RDWR)


class Rooms:
    """Who watches what, and how it is sent to them."""

    def __init__(self, emit: Callable[[str, dict[str, Any]], None]) -> None:
        """`emit` sends a snapshot to one socket id in Socket.IO's own way: for those without a wire."""
        self._emit = emit
        self._wires: dict[str, dict[str, Wire]] = {}
        self._others: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def join(self, room: str, sid: str, wire: Wire | None) -> None:
        """Send what is pushed to `room` to this socket too."""
        with self._lock:
            if wire is not None:
                self._wires[room] = {**self._wires.get(room, {}), sid: wire}
            else:
                self._others[room] = self._others.get(room, set()) | {sid}

    def leave(self, room: str, sid: str) -> None:
        """Send it nothing more."""
        with self._lock:
            self._wires[room] = {key: wire for key, wire in self._wires.get(room, {}).items() if key != sid}
            self._others[room] = self._others.get(room, set()) - {sid}

    def push(self, room: str, snapshot: dict[str, Any]) -> None:
        """Send a snapshot to everybody in a room."""
        wires = self._wires.get(room)
        if wires:
            frame = event_frame("snapshot", snapshot)
            for wire in wires.values():
                wire.offer(room, frame)
        for sid in self._others.get(room, ()):
            self._emit(sid, snapshot)
