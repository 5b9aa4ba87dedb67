"""A network printer on its raw port (usually 9100): one connection a job."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable

from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError, nothing
from printers.transports.conversation import CHUNK, Answering, Patience, confirmable
from printers.transports.descriptor import await_empty

_LOOK = 0.005


class NetworkTransport(Answering):
    """Sends jobs to `host:port`.

    Args:
        host: name or address.
        port: 9100 unless the printer is set otherwise.
        connect_timeout: seconds for the connection.
        status_timeout: seconds for each answer about its state.
        write_timeout: seconds in which the printer must take some bytes.
        job_timeout: seconds in which it must have taken all of them.
        answer_timeout: seconds from the last byte to the acknowledgement: as long as a long ticket takes to print.
        acknowledges: whether the printer answers GS r; of one that does not, each job counts as sent.
        settle: seconds to listen, before the first question, for what the printer says by itself.
    """

    # size: where the printer is, then settings that have defaults and are told by name
    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        connect_timeout: float = 2.0,
        status_timeout: float = 2.0,
        write_timeout: float = 5.0,
        job_timeout: float = 60.0,
        answer_timeout: float = 15.0,
        acknowledges: bool = True,
        settle: float = 0.02,
    ) -> None:
        super().__init__(acknowledges)
        self._address = (host, port)
        self._connect_timeout = connect_timeout
        self._patience = Patience(status_timeout, write_timeout, job_timeout, answer_timeout, settle)

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Connect and ask for the printer's state."""
        with self._connected() as line:
            return self._asked(line, self._patience, acknowledge)

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Print a ticket and wait for its acknowledgement. `job` is not sent: the printer has no use for it."""
        confirmable(ticket)
        with self._connected() as line:
            return self._talk(line, self._patience).print(ticket, begin)

    def _connected(self) -> _Connection:
        try:
            sock = socket.create_connection(self._address, timeout=self._connect_timeout)
        except OSError as error:
            raise TransportError("unreachable", f"{self._address[0]}:{self._address[1]}: {error}") from error
        return _Connection(sock)


class _Connection:
    """A connection to a printer."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Little waits on this side, so that a stalled printer is noticed and `bytes_sent` is near the truth.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * CHUNK)

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def send(self, data: bytes, timeout: float) -> int:
        self._sock.settimeout(timeout)
        try:
            return self._sock.send(data)
        except TimeoutError as error:
            raise TransportError("stalled") from error
        except OSError as error:
            raise TransportError("reset", str(error)) from error

    def flush(self, timeout: float) -> None:
        """Wait until the printer's end of the connection has all: what it never took is no ticket."""
        await_empty(self._sock.fileno(), timeout, self._still_there)
        if error := self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise TransportError("reset", os.strerror(error))

    def _still_there(self) -> None:
        """Take what the printer says: unread, it would turn the end of the connection into a reset.

        One that has closed its own side says no more, and may hear on.
        """
        self._sock.settimeout(_LOOK)
        try:
            if not self._sock.recv(CHUNK):
                time.sleep(_LOOK)
        except TimeoutError:
            return
        except OSError as error:
            raise TransportError("reset", str(error)) from error

    def hear(self, timeout: float) -> bytes:
        self._sock.settimeout(timeout)
        try:
            heard = self._sock.recv(CHUNK)
        except TimeoutError:
            raise
        except OSError as error:
            raise TransportError("reset", str(error)) from error
        if not heard:
            raise TransportError("reset", "closed by the printer")
        return heard
