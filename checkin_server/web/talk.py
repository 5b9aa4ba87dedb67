"""What a screen's socket may say, and when: a valid CONNECT, once, and from then on next to nothing.

Snapshots go out; commands come over HTTP. So whoever sends more than the library's own signs of life is no screen, and
their socket ends. The limits are felt by nobody else: a real screen sends one message and a pong every ten seconds.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from simple_websocket import Server
from wsproto.events import CloseConnection, Message
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

from checkin_server.common.buckets import Bucket
from checkin_server.web.auth import GUEST
from checkin_server.web.wire import WIRE, Wire

LARGEST_MESSAGE = 16_384
"""Bytes of a message, asked while it is being put together."""
FRAMES = (10.0, 3.0)
"""Frames at once and a second, parts and pings too."""
GRACE_S = 1.0
"""A socket that has ended has this long to take what was sent to it; then it is shut."""
_CONNECT = "40"
_PONG = "3"


class Unruly(Exception):
    """A screen would not send this."""

    def __init__(self, why: str, code: CloseReason = CloseReason.POLICY_VIOLATION) -> None:
        super().__init__(why)
        self.why = why
        self.code = code


class Talk:
    """What has been said on one socket so far."""

    def __init__(self, now: float) -> None:
        self._frames = Bucket.full(*FRAMES, now)
        self._size = 0
        self._connected = False

    def part(self, data: str | bytes | bytearray, last: bool, now: float) -> None:
        """Hear a part of a message. Raises `Unruly`: too many parts, or together too large."""
        self.frame(now)
        self._size += len(data.encode()) if isinstance(data, str) else len(data)
        if self._size > LARGEST_MESSAGE:
            raise Unruly("the message is too large", CloseReason.MESSAGE_TOO_BIG)
        if last:
            self._size = 0

    def frame(self, now: float) -> None:
        """Hear a frame. Raises `Unruly` when there are too many."""
        if not self._frames.take(now):
            raise Unruly("too many frames")

    def message(self, message: str | bytes) -> None:
        """Hear a whole message. Raises `Unruly` for all but a first CONNECT in the default namespace, and pongs."""
        if message == _PONG and self._connected:
            return
        if self._connected or not isinstance(message, str) or not message.startswith(_CONNECT):
            raise Unruly("nothing of this kind is said here")
        self._connected = True
        try:
            shown = json.loads(message[2:] or "{}")
        except (ValueError, RecursionError):
            shown = None
        if not isinstance(shown, dict):
            raise Unruly("this connects nothing")


class _Heard:
    """The parser of a connection's frames; what comes out of it is counted before anybody works on it."""

    def __init__(self, parser: Any, talk: Talk) -> None:
        self._parser = parser
        self._talk = talk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    def events(self) -> Iterator[Any]:
        """Give one event after the other, each as it is asked for. Raises `Unruly`."""
        for event in self._parser.events():
            if isinstance(event, Message):
                self._talk.part(event.data, event.message_finished, time.monotonic())
            elif not isinstance(event, CloseConnection):
                self._talk.frame(time.monotonic())
            yield event


class _Screen(Server):  # type: ignore[misc]
    """A WebSocket that reads with patience for screens and none for anybody else."""

    talk: Talk
    wire: Wire
    sock: Any
    ws: Any
    connected: bool

    def handshake(self) -> None:
        """Answer the handshake. From here on the wire is what is written to and read from."""
        self.wire = self.sock = Wire(self.sock)
        self.talk = Talk(time.monotonic())
        super().handshake()
        self.ws = _Heard(self.ws, self.talk)

    def _thread(self) -> None:
        """Read until it ends, whatever ends it; every turn waits, so that others come in between."""
        try:
            while self.connected:
                received = self.sock.recv(self.receive_bytes)
                if not received:
                    break
                self.ws.receive_data(received)
                self.connected = self._handle_events()
        except Unruly as unruly:
            self._say_why(unruly)
        except (OSError, ProtocolError):
            pass
        finally:
            self.connected = False
            self.event.set()
            self.sock.close()

    def end(self, unruly: Unruly) -> None:
        """Say why and hang up."""
        self._say_why(unruly)
        self.connected = False
        self.wire.hang_up()

    def _say_why(self, unruly: Unruly) -> None:
        with contextlib.suppress(OSError, ProtocolError):
            self.sock.send(self.ws.send(CloseConnection(unruly.code, unruly.why)))


def guarded(base: type[Any]) -> type[Any]:
    """Return Engine.IO's WebSocket class `base` with a `Wire` between it and the network, and ears for what is said."""

    class Guarded(base):  # type: ignore[misc]
        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            try:
                self.ws = _Screen(environ, **self.server_args)
            except (ProtocolError, OSError, ConnectionError, UnicodeError):
                # No WebSocket handshake after all. What the library has begun for it ends with it.
                self.app.__self__.close(wait=False, abort=True)
                start_response("400 Bad Request", [("Connection", "close"), ("Content-Length", "0")])
                return []
            self.environ = environ
            environ[WIRE] = self.ws.wire
            if GUEST in environ:
                self.ws.wire.on_proof = environ[GUEST].prove
            answer = self.app(self)
            if self.ws.mode == "werkzeug":
                raise ConnectionError
            return answer

        def wait(self) -> Any:
            message = super().wait()
            if message is None:
                return None
            try:
                self.ws.talk.message(message)
            except Unruly as unruly:
                self.ws.end(unruly)
                return None
            return message

        def close(self) -> None:
            with contextlib.suppress(OSError):  # hung up already: there is nobody to say goodbye to
                super().close()
            self.ws.wire.give_up(GRACE_S)

    return Guarded
