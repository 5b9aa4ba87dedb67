"""Serving an application: gevent, one process, one port."""

from __future__ import annotations

import logging
import socket
import ssl
from typing import Any

from gevent.pywsgi import WSGIHandler

from checkin_server.common.faults import Fault
from checkin_server.running import secure
from checkin_server.running.application import Application

log = logging.getLogger(__name__)


class PortTaken(Fault):
    """Nothing can listen at this address; the message says what to do."""


class _Handler(WSGIHandler):
    def log_request(self) -> None:
        """Log nothing: addresses hold visits' references, and metrics count requests."""

    def get_environ(self) -> dict[str, Any]:
        """Return the request; an offer to compress a socket's frames is not heard.

        Every browser makes it, and each snapshot would be compressed for each screen again: twice the time and three
        times the memory, to save what a hall's own network does not miss.
        """
        environ: dict[str, Any] = super().get_environ()
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        environ["wsgi.url_scheme"] = secure.scheme_of(self.socket)
        return environ

    def handle_one_response(self) -> None:
        """Answer; after a socket has ended, nothing on that connection is HTTP any more."""
        super().handle_one_response()
        if (self.environ or {}).get("HTTP_UPGRADE", "").lower() == "websocket":
            self.close_connection = True
            if secure.scheme_of(self.socket) == "https":
                # A connection in TLS has no second descriptor: its wire reads from this one still, and closes it.
                self.socket = None  # type: ignore[assignment]  # gevent's own word for: not mine any more


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
    return listener


def server_for(application: Application, listener: socket.socket, tls: ssl.SSLContext | None = None) -> Any:
    """Return gevent's server for an application; call its ``serve_forever()``. With `tls` it speaks HTTPS as well."""
    served = application.flask
    if tls is not None:
        served.wsgi_app = secure.only_secure(served.wsgi_app)  # type: ignore[method-assign, assignment]  # Flask's way
    log_of_errors = logging.getLogger("riwaq.http")
    return secure.SecureServer(listener, served, tls, handler_class=_Handler, log=None, error_log=log_of_errors)
