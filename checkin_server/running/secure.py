"""HTTPS by the server itself: one port, on which a first byte says whether somebody speaks TLS or not.

Without certificates everything is as it was. With them this machine (loopback) may go on in plain HTTP; everybody else
gets the health check and the page from which a device learns to trust the server, and is sent on to HTTPS for the rest.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import gevent

from checkin_server.running.shares import Held, Shares
from checkin_server.running.turns import Turns
from checkin_server.running.vouchers import Vouchers, is_whole
from checkin_server.web.problems import problem

HANDSHAKE_S = 5.0
"""Seconds from a connection to the end of its handshake, those in line included."""
HELLO = 8192
"""Bytes of a first message that are looked at; browsers' have about two thousand."""
_REST_WITHIN_S = 0.02
"""The rest of a first message follows its beginning so soon, if it follows at all."""
_TLS_BEGINS = b"\x16"
_PLAIN = ("/healthz", "/readyz", "/trust")
_PLAIN_BELOW = ("/trust/", "/static/")
"""What may be asked for in plain HTTP: no personal data, no token."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Handshakes:
    """Begins to speak TLS with whoever does. Every connection has a greenlet of its own, the listener never waits.

    What is dear is what the server does once it has the other side's first message. Before that each address takes a
    handshake of its share, and then they go one after the other, with everybody else's requests in between.
    """

    def __init__(self, tls: ssl.SSLContext, shares: Shares, turns: Turns) -> None:
        self._tls = tls
        self._shares = shares
        self._turns = turns
        self.vouchers = Vouchers()

    def secured(self, client: Any, held: Held | None, hang_up: Callable[[Any], None]) -> Any | None:
        """Return the connection as it is spoken on from now on; None, and it is closed, when nothing comes of it.

        `held` is how it is counted (None: it is a listed proxy's); `hang_up` shuts a connection.
        """
        speaks = client
        try:
            with gevent.Timeout(HANDSHAKE_S):
                begun = client.recv(HELLO, socket.MSG_PEEK)
                if begun[:1] != _TLS_BEGINS:
                    return client
                if not is_whole(begun):
                    gevent.sleep(_REST_WITHIN_S)
                    begun = client.recv(HELLO, socket.MSG_PEEK)
                is_known = held is None or held.proved or self.vouchers.redeem(begun)
                if held is not None and not is_known and not self._waited(held):
                    client.close()
                    return None
                speaks = self._tls.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
                if held is not None:
                    held.shut = lambda: hang_up(speaks)
                speaks.do_handshake()
                return speaks
        except (gevent.Timeout, OSError):  # ssl.SSLError is one: a device that does not trust us yet, or noise
            with contextlib.suppress(OSError):
                speaks.close()
            return None

    def belongs(self, connection: Any) -> None:
        """A device has shown its token on this connection: it is known by its session when it comes back."""
        if isinstance(connection, ssl.SSLSocket) and connection.session is not None:
            self.vouchers.note(connection.session.id)

    def _waited(self, held: Held) -> bool:
        wait = self._shares.shakes(held)
        if wait is None:
            return False
        if wait:
            gevent.sleep(wait)
        self._turns.next()
        return True


def is_loopback(address: str) -> bool:
    """Whether a request comes from this machine itself."""
    return address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1")


def scheme_of(connection: Any) -> str:
    """Return how a connection is spoken on: ``https`` or ``http``."""
    return "https" if isinstance(connection, ssl.SSLSocket) else "http"


def only_secure(served: Wsgi) -> Wsgi:
    """Serve in plain HTTP only what may be; browsers are shown how to trust the server, programs are told."""

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if (
            environ.get("wsgi.url_scheme") == "https"
            or is_loopback(environ.get("REMOTE_ADDR", ""))
            or path in _PLAIN
            or path.startswith(_PLAIN_BELOW)
        ):
            return served(environ, start)
        if environ.get("REQUEST_METHOD") == "GET" and "text/html" in environ.get("HTTP_ACCEPT", ""):
            start("303 See Other", [("Location", f"/trust?to={quote(path[:200], safe='')}"), ("Content-Length", "0")])
            return [b""]
        answer = problem("https_only")
        return answer(environ, start)

    return serve
