"""HTTPS by the server itself: one port, on which a first byte says whether somebody speaks TLS or not.

Without certificates everything is as it was. With them this machine (loopback) may go on in plain HTTP; everybody else
gets the health check and the page from which a device learns to trust the server, and is sent on to HTTPS for the rest.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import gevent
from gevent.pywsgi import WSGIServer

from checkin_server.web.problems import problem

log = logging.getLogger(__name__)
HANDSHAKE_S = 5.0
"""Seconds from a connection to the end of its handshake."""
MOST_AT_ONCE = 24
"""Handshakes that one address may have open at once; a hall's screens come from as many addresses."""
_TLS_BEGINS = b"\x16"
_PLAIN = ("/healthz", "/readyz", "/trust")
_PLAIN_BELOW = ("/trust/", "/static/")
"""What may be asked for in plain HTTP: no personal data, no token."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SecureServer(WSGIServer):
    """gevent's server, whose connections are looked at before they are read. Handshakes run in their own greenlets."""

    def __init__(self, listener: socket.socket, application: Any, tls: ssl.SSLContext | None, **more: Any) -> None:
        super().__init__(listener, application, **more)
        self._tls = tls
        self._shaking: Counter[str] = Counter()

    def handle(self, client: Any, address: Any) -> None:
        """Serve a connection; one that should speak TLS, and does not finish its handshake in time, is closed."""
        secured = client if self._tls is None else self._secured(client, str(address[0]))
        if secured is not None:
            super().handle(secured, address)

    def _secured(self, client: Any, address: str) -> Any | None:
        assert self._tls is not None
        if self._shaking[address] >= MOST_AT_ONCE:
            return None
        self._shaking[address] += 1
        try:
            with gevent.Timeout(HANDSHAKE_S):
                if client.recv(1, socket.MSG_PEEK) != _TLS_BEGINS:
                    return client
                shaken = self._tls.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
                shaken.do_handshake()
                return shaken
        except (gevent.Timeout, OSError):  # ssl.SSLError is one: a device that does not trust us yet, or noise
            with contextlib.suppress(OSError):
                client.close()
            return None
        finally:
            self._shaking[address] -= 1
            if not self._shaking[address]:
                del self._shaking[address]


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
