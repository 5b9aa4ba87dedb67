"""Serving an application: gevent, one process, one port."""

from __future__ import annotations

import logging
import socket
from typing import Any

from gevent.pywsgi import WSGIHandler, WSGIServer

from checkin_server.common.faults import Fault
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
        return environ

    def handle_one_response(self) -> None:
        """Answer; after a socket has ended, nothing on that connection is HTTP any more."""
        super().handle_one_response()
        if (self.environ or {}).get("HTTP_UPGRADE", "").lower() == "websocket":
            self.close_connection = True


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


def server_for(application: Application, listener: socket.socket) -> Any:
    """Return gevent's server for an application; call its ``serve_forever()``."""
    return WSGIServer(
        listener, application.flask, handler_class=_Handler, log=None, error_log=logging.getLogger("riwaq.http")
    )
