"""Connections that somebody waits on, and since when: a server that is there and never answers must hold nobody up.

PostgreSQL limits what it works on itself (`checkin_server/db/engine.py`). When it hangs as a whole, or its machine
does, nothing comes at all, and the driver would wait as long as that takes.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.pq import TransactionStatus

_LONGEST_S = 6.0
"""Above what the server itself allows a statement; below what a screen waits for an answer (10 s)."""


class Lent:
    """Who waits on which connection. The least that can be done for each transaction: one entry in, one out."""

    def __init__(self) -> None:
        self._since: dict[Any, float] = {}
        self._cut: set[Any] = set()

    def out(self, connection: Any) -> None:
        """Note that somebody waits on a connection from now on."""
        self._since[connection] = time.monotonic()

    def back(self, connection: Any) -> bool:
        """Note that nobody does any more; say whether it was cut off meanwhile."""
        self._since.pop(connection, None)
        if connection in self._cut:
            self._cut.discard(connection)
            return True
        return False

    @contextmanager
    def waiting(self, connection: Any) -> Iterator[None]:
        """The same around what is seldom done."""
        self.out(connection)
        try:
            yield
        finally:
            self.back(connection)

    def cut_off(self) -> None:
        """Break every connection that has been waited on for too long: whoever waits gets an error at once."""
        before = time.monotonic() - _LONGEST_S
        for connection, since in list(self._since.items()):
            # Who waits for another thread of ours, and not for the server, is no reason to cut it off.
            if since < before and connection.info.transaction_status == TransactionStatus.ACTIVE:
                self._cut.add(connection)
                self._since.pop(connection, None)
                # Not the driver's `close`: another thread is inside it. It knows how to deal with a broken line.
                with socket.socket(fileno=os.dup(connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)
