"""What wakes the feed: how a process notices that another one has committed.

An embedded database says nothing by itself, so it is asked twice a second. PostgreSQL has LISTEN and NOTIFY. The notice
is sent behind the commit, one for all that has just committed, and not inside each transaction: PostgreSQL lets those
that notify commit only one after the other. A process that ends between its commit and the notice is found by the slow
poll, which is there for every notice that gets lost.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine

from checkin_server.db.health import reason
from checkin_server.db.lent import Lent
from checkin_server.db.tx import Statements, Tx

log = logging.getLogger(__name__)
_POLL_S = 0.5
"""How often an embedded database is asked for what a command beside the server did."""
_NET_S = 2.0
"""How long a lost notice can stay unnoticed."""
_SLICE_S = 0.5
"""How long a stop may wait for the one who listens."""
_GATHER_S = 0.005
"""Commits that follow each other this closely share a notice."""
_AGAIN_S = 1.0
"""After the server could not be reached."""
_CHANNEL = "riwaq_event"


class Polling:
    """Asks an embedded database whether somebody else has written."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._look: Callable[[], None] = lambda: None

    def start(self, look: Callable[[], None], look_within: Callable[[Tx], None]) -> None:
        """Look twice a second."""
        self._look = look
        threading.Thread(target=self._work, name="feed", daemon=True).start()

    def announce(self) -> None:
        """Nothing to say: the others ask."""

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.wait(_POLL_S):
            try:
                self._look()
            except Exception as error:
                if not self._stopping.is_set() and reason(error) is None:
                    log.exception("the event log could not be looked at; it is tried again")


class Notices:
    """Listens to a PostgreSQL server for other processes' commits, and tells them of this one's."""

    def __init__(self, engine: Engine, statements: Statements, lent: Lent) -> None:
        self._engine = engine
        self._statements = statements
        self._lent = lent
        self._me = secrets.token_hex(8)
        self._unannounced = threading.Event()
        self._stopping = threading.Event()
        self._started = False
        self._look: Callable[[Tx], None] = lambda tx: None

    def start(self, look: Callable[[], None], look_within: Callable[[Tx], None]) -> None:
        """Listen on a connection of its own."""
        self._look = look_within
        self._started = True
        threading.Thread(target=self._listen, name="feed", daemon=True).start()
        threading.Thread(target=self._send, name="feed-notices", daemon=True).start()

    def announce(self) -> None:
        """Have a notice sent soon; by a process that does not listen, when it ends."""
        self._unannounced.set()

    def stop(self) -> None:
        """Listen no more, and send what is unsent."""
        self._stopping.set()
        if self._unannounced.is_set():
            try:
                self._notify()
            except Exception:
                log.warning("other processes could not be told of the last changes; they find them by themselves")
        self._unannounced.set()

    def _send(self) -> None:
        while not self._stopping.is_set():
            self._unannounced.wait()
            if self._stopping.is_set():
                return
            try:
                self._notify()
            except Exception as error:
                if reason(error) is None:  # else it is said once, by who has a command
                    log.exception("other processes could not be told of changes; it is tried again")
                self._unannounced.set()
                self._stopping.wait(_AGAIN_S)
            time.sleep(_GATHER_S)

    def _notify(self) -> None:
        self._unannounced.clear()
        pooled = self._engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            with self._lent.waiting(connection):
                connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, self._me))
                connection.commit()
        except BaseException:
            if pooled.driver_connection is not None and connection.closed:
                pooled.invalidate()
            raise
        finally:
            pooled.close()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen_once()
            except Exception as error:
                if not self._stopping.is_set():
                    if reason(error) is None:
                        log.exception("nobody listens for other processes' changes at this moment; it is tried again")
                    self._stopping.wait(_AGAIN_S)

    def _listen_once(self) -> None:
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()  # kept for good, so it is none of the pool's
        try:
            connection.rollback()
            connection.autocommit = True
            connection.execute(f"LISTEN {_CHANNEL}")
            tx = Tx(connection, self._statements)
            looked = float("-inf")
            while not self._stopping.is_set():
                if time.monotonic() - looked > _NET_S:
                    # With a limit, like everybody: who looks holds up those who have committed.
                    with self._lent.waiting(connection):
                        self._look(tx)
                    looked = time.monotonic()
                heard = [one.payload for one in connection.notifies(timeout=_SLICE_S, stop_after=1)]
                if any(payload != self._me for payload in heard):
                    looked = float("-inf")
        finally:
            connection.close()
