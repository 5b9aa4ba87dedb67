"""Serving an application: gevent, one process, one port; with deadlines, and shares for whoever has proved nothing."""

from __future__ import annotations

import _socket
import errno
import io
import logging
import os
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import unquote

import gevent
from gevent.pywsgi import Input, WSGIHandler, WSGIServer
from gevent.socket import socket as GeventSocket

from checkin_server.common.faults import Fault
from checkin_server.running import secure, wire_format
from checkin_server.running.application import Application
from checkin_server.running.paces import Paces
from checkin_server.running.proxies import Origin, Proxies
from checkin_server.running.shares import Asker, Held, Limits, Shares
from checkin_server.running.turns import Turns
from checkin_server.running.vouchers import is_whole
from checkin_server.running.wire_format import LARGEST_BODY, Head, Malformed
from checkin_server.web.auth import GUEST, tokens_shown
from checkin_server.web.problems import document

log = logging.getLogger(__name__)

FIRST_WORD_S = 5.0
"""A new connection, or a kept one of somebody who has proved nothing, may be silent so long."""
IDLE_S = 600.0
"""A kept connection of a device may be silent so long; browsers shut theirs after five minutes."""
HEAD_S = 8.0
"""A request's headers are here within this time of its first byte."""
BODY_S = 10.0
"""And its body within this time."""
SEND_S = 20.0
"""An answer's next piece is taken within this time."""
_SOCKET_COST = 2.0
"""A socket costs what two requests do."""
_FILE_COST = 0.2
"""A page's file costs little: a page has dozens of them, and is dead when one of its scripts is refused."""
_TRIAL_S = 0.05
"""Whoever is to be known by their first words has said them within this time."""
_TOKENS = re.compile(rb"(?:[Bb]earer |riwaq_d_[0-9A-Za-z]{1,40}=)([0-9A-Za-z_-]{20,64})")
_SIGN_IN = "/api/v1/session"
_SIGN_IN_COST = 20.0
"""Of a device's pace: a PIN is dear to look at, and nobody types five a second."""
_MOST_TOKENS = 16
"""Tokens that are looked at before a connection beyond the share is shut; a screen's own is among the first."""
_TURNED_AWAY_AT_ONCE = 200
"""Connections that are shut in one go, before others come in between."""
_FIRST_BYTES = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\r")


class PortTaken(Fault):
    """Nothing can listen at this address; the message says what to do."""


class _TooSlow(Exception):
    """A deadline has passed."""


def _plain(status: str, body: str = "", *headers: str) -> bytes:
    """Return a whole answer after which the connection ends."""
    kind = ("Content-Type: application/problem+json", "Cache-Control: no-store") if body else ()
    text = body.encode()
    lines = (f"HTTP/1.1 {status}", *kind, *headers, f"Content-Length: {len(text)}", "Connection: close", "", "")
    return "\r\n".join(lines).encode() + text


_TOO_LARGE = _plain("413 Content Too Large", document("too_large"))


def _too_many(wait_s: float) -> bytes:
    seconds = max(1, -(-int(wait_s * 1000) // 1000))
    return _plain(
        "429 Too Many Requests", document("too_many_requests", retry_after=seconds), f"Retry-After: {seconds}"
    )


class _Handler(WSGIHandler):
    """One connection."""

    server: _Server

    def __init__(self, sock: Any, address: Any, server: Any, held: Held | None) -> None:
        super().__init__(sock, address, server)
        self._peer = str(address[0]) if isinstance(address, tuple) else ""
        self._held = held
        self._head: Head | None = None
        self._device: str | None = None
        """Whose token this connection has shown first."""

    # -- reading -----------------------------------------------------------------------------------------------------

    def handle_one_request(self) -> Any:
        """Read a request and answer it. True: the connection goes on; None: it ends; else what is sent before that."""
        try:
            head = self._read_head()
            if head is None:
                return None
            return self._answer(head)
        except Malformed as malformed:
            return malformed.status, _plain(malformed.status)
        except (_TooSlow, OSError):
            return None

    def _read_head(self) -> Head | None:
        known = self._held is None or self._held.proved
        with gevent.Timeout(IDLE_S if known else FIRST_WORD_S, _TooSlow):
            first = self.rfile.peek(1)[:1]
        if not first:
            return None
        if first[0] not in _FIRST_BYTES:
            raise Malformed  # TLS spoken to a port that speaks HTTP, or nothing known
        with gevent.Timeout(HEAD_S, _TooSlow):
            return wire_format.read(self._lines())

    def _lines(self) -> Iterator[bytes]:
        while line := self.rfile.readline(wire_format.MOST_LINE):
            yield line

    def _answer(self, head: Head) -> Any:
        self._head = head
        # The library's own names, which it reads while it answers.
        self.command, self.path, self.request_version = head.method, head.target, head.version
        self.close_connection = not head.keeps_open
        origin = self.server.proxies.origin(self._peer, head.headers)
        is_socket = head.upgrades and head.target.startswith("/socket.io/")
        cost = _SOCKET_COST if is_socket else _FILE_COST if head.target.startswith("/static/") else 1.0
        device = self._speaking(head, origin.address)
        if device is not None:
            self._belongs_to(device)
            if head.target == _SIGN_IN:
                cost = _SIGN_IN_COST
        elif wait := self.server.shares.asks(origin.address, cost):
            return "429", _too_many(wait)
        else:
            self.server.turns.next()  # those who belong here come first
        if head.length > LARGEST_BODY:
            return self._refuse_large()
        self.environ = self._environ(head, origin)
        self.environ[GUEST] = Asker(self.server.shares, origin.address, self._held, 0.0 if device else cost)
        if is_socket:
            self.wsgi_input = Input(self.rfile, 0)
            self.environ |= {"wsgi.input": self.rfile, "wsgi.input_terminated": False}
        else:
            body = self._read_body(head)
            if len(body) > LARGEST_BODY:
                return self._refuse_large()
            self.wsgi_input = Input(io.BytesIO(body), len(body))  # type: ignore[arg-type]  # any file will do
            self.environ |= {"wsgi.input": self.wsgi_input, "wsgi.input_terminated": True}
        self.application = self.server.application
        if device is None:
            self.handle_one_response()
        elif is_socket:
            self.server.paces.wait(device, cost)
            self.handle_one_response()
        else:
            with self.server.paces.turn(device, cost):
                self.handle_one_response()
        if is_socket and secure.scheme_of(self.socket) == "https":
            # A connection in TLS has no second descriptor: its wire reads from this one still, and closes it.
            self.socket = None  # type: ignore[assignment]  # gevent's own word for: not mine any more
        # After a socket has ended, nothing on that connection is HTTP any more.
        return None if self.close_connection or is_socket or self.rfile.closed else True

    def _speaking(self, head: Head, address: str) -> str | None:
        """Return the device whose token is shown."""
        doorkeeper = self.server.doorkeeper
        for token in tokens_shown(head.headers):
            device = doorkeeper.proves(token, lambda: self.server.shares.tries(address))
            if device is not None:
                return device
        return None

    def _belongs_to(self, device: str) -> None:
        if self._held is not None and self._device is None:
            self._device = device
            self.server.belongs(self._held, self.socket)
            self.server.paces.holds(device, self, partial(_hang_up, self.socket))

    def handle(self) -> None:
        """Serve the connection to its end."""
        try:
            super().handle()
        finally:
            if self._device is not None:
                self.server.paces.lets_go(self._device, self)

    def _read_body(self, head: Head) -> bytes:
        if not head.length and not head.chunked:
            return b""
        with gevent.Timeout(BODY_S, _TooSlow):
            if head.headers.get("expect", "").lower() == "100-continue":
                self.socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            if head.chunked:
                try:
                    body: bytes = Input(self.rfile, None, chunked_input=True).read(LARGEST_BODY + 1)
                except OSError as error:
                    raise Malformed from error
            else:
                body = self.rfile.read(head.length)
        if len(body) < head.length:
            raise OSError("hung up in the middle of a body")
        return body

    def _refuse_large(self) -> None:
        """Say that it is too large, and take some of it still, so that the answer is read before the line is cut."""
        with suppress(OSError, _TooSlow), gevent.Timeout(1.0, _TooSlow):
            self.socket.sendall(_TOO_LARGE)
            self.socket.shutdown(socket.SHUT_WR)
            left = 4 * LARGEST_BODY
            while left > 0 and (some := self.rfile.read1(16_384)):
                left -= len(some)

    def _environ(self, head: Head, origin: Origin) -> dict[str, Any]:
        """Return the request as the application gets it.

        An offer to compress a socket's frames is not heard. Every browser makes it, and each snapshot would be
        compressed for each screen again: twice the time and three times the memory, to save what a hall's own network
        does not miss.
        """
        path, _, query = head.target.partition("?")
        environ: dict[str, Any] = self.server.get_environ()
        environ |= {
            "REQUEST_METHOD": head.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_PROTOCOL": head.version,
            "REMOTE_ADDR": origin.address,
            "REMOTE_PORT": "",
        }
        for name, value in head.headers.items():
            if "_" in name or name == "sec-websocket-extensions":
                continue
            key = name.replace("-", "_").upper()
            environ[key if name in ("content-type", "content-length") else f"HTTP_{key}"] = value
        environ["wsgi.url_scheme"] = origin.scheme or secure.scheme_of(self.socket)
        if origin.host:
            environ["HTTP_HOST"] = origin.host
        return environ

    # -- answering ---------------------------------------------------------------------------------------------------

    def _sendall(self, data: Any) -> None:
        try:
            with gevent.Timeout(SEND_S, OSError(errno.EPIPE, "nobody reads the answer")):
                super()._sendall(data)  # type: ignore[misc]  # the stubs leave it out
        except ssl.SSLError as error:
            # The library knows that word for somebody who hung up, and writes a trace for any other.
            raise BrokenPipeError(errno.EPIPE, "hung up in the middle of an answer") from error

    def log_request(self) -> None:
        """Log nothing: addresses hold visits' references, and metrics count requests."""

    def log_error(self, msg: str, *args: Any) -> None:
        """Log nothing of what strangers send either: it may hold anything, and as much as they like."""


class _Server(WSGIServer):
    """The listener: it knows who has how many connections before it reads a byte of them."""

    def __init__(
        self,
        listener: socket.socket,
        application: Application,
        tls: ssl.SSLContext | None,
        proxies: Proxies,
        limits: Limits | None,
    ) -> None:
        log_of_errors = logging.getLogger("riwaq.http")
        super().__init__(listener, application.flask, handler_class=_Handler, log=None, error_log=log_of_errors)
        self.doorkeeper = application.doorkeeper
        self.proxies = proxies
        self.shares = Shares(limits)
        self.paces = Paces()
        self.turns = Turns()
        self._handshakes = None if tls is None else secure.Handshakes(tls, self.shares, self.turns)

    def do_read(self) -> Any:
        """Take the next connection that is let in; those that are not are shut on the way."""
        listener: Any = self.socket
        for _ in range(_TURNED_AWAY_AT_ONCE):
            try:
                descriptor, address = listener._accept()
            except (BlockingIOError, ConnectionAbortedError):
                return None
            peer = str(address[0]) if isinstance(address, tuple) else ""
            held = None
            if not self.proxies.has(peer):
                held = self.shares.arrives(peer, partial(self._is_known, descriptor))
                if held is None:
                    os.close(descriptor)
                    continue
            connection = GeventSocket(listener.family, listener.type, listener.proto, fileno=descriptor)
            if held is not None:
                held.shut = partial(_hang_up, connection)
            return connection, address, held
        return None

    def _is_known(self, descriptor: int) -> bool | None:
        """Whether what a connection has sent so far shows a token that looks good, or a session that one was shown in.

        None: it may still. Never waits.
        """
        # The system's own socket: it is used once, and what is shut at once must cost as little as can be.
        looked_at = _socket.socket(self.socket.family, self.socket.type, self.socket.proto, descriptor)
        try:
            begun = looked_at.recv(secure.HELLO, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return False
        finally:
            looked_at.detach()
        if self._handshakes is not None and self._handshakes.vouchers.redeem(begun):
            return True
        if (b"earer " in begun or b"riwaq_d_" in begun) and self._recognises(begun):
            return True
        return False if not begun or is_whole(begun) else None

    def _recognises(self, begun: bytes) -> bool:
        shown = islice(_TOKENS.finditer(begun), _MOST_TOKENS)
        return any(self.doorkeeper.recognises(found[1].decode("ascii")) for found in shown)

    def belongs(self, held: Held, connection: Any) -> None:
        """A connection has shown a device's token."""
        self.shares.proves(held)
        if self._handshakes is not None:
            self._handshakes.belongs(connection)

    def handle(self, sock: Any, address: Any, held: Held | None = None) -> None:
        """Serve a connection to its end."""
        try:
            if held is not None and held.on_trial:
                gevent.sleep(_TRIAL_S)
                if not self._is_known(sock.fileno()):
                    return
                self.shares.passes(held)
            secured = sock if self._handshakes is None else self._handshakes.secured(sock, held, _hang_up)
            if secured is None:
                return
            if held is not None:
                held.shut = partial(_hang_up, secured)
            with suppress(OSError):  # they hung up on what they were to be told
                _Handler(secured, address, self, held).handle()
        finally:
            if held is not None:
                self.shares.leaves(held)


def _hang_up(connection: Any) -> None:
    with suppress(OSError, AttributeError):  # gone already
        connection._sock.shutdown(socket.SHUT_RDWR)


def listen(host: str, port: int) -> socket.socket:
    """Listen at an address. Raises `PortTaken` with the remedy."""
    try:
        listener = socket.create_server((host, port), backlog=1024, reuse_port=False)
    except (OSError, OverflowError) as error:
        raise PortTaken(
            f"cannot listen on {host}:{port}: {error}. Another program uses it, or it is not an address of this "
            "machine; choose another with --port (or stop the other program)"
        ) from error
    # Small answers must not wait 40 ms for the client's acknowledgement; accepted sockets inherit this.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(AttributeError, OSError):
        # Whoever says nothing at first is not even heard of for a second; who does, has said it when we look.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
    return listener


def server_for(
    application: Application,
    listener: socket.socket,
    tls: ssl.SSLContext | None = None,
    proxies: Proxies | None = None,
    limits: Limits | None = None,
) -> Any:
    """Return gevent's server for an application; call its ``serve_forever()``. With `tls` it speaks HTTPS as well."""
    if tls is not None:
        served = application.flask
        served.wsgi_app = secure.only_secure(served.wsgi_app)  # type: ignore[method-assign, assignment]  # Flask's way
    return _Server(listener, application, tls, proxies or Proxies(), limits)
