"""One server a venue: a PostgreSQL server could be used by two, and their routers would undo each other's calls.

The lock is one of the database's session: it ends with its connection, however this process ends. After the database
server restarted it is taken again before anything else is read or written (`PostgresDatabase.led_by`): nobody routes or
answers without it. An embedded database lies in a folder and is held there
(`checkin_server/venues/folders.py`).
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine

from checkin_server.common.faults import Fault
from checkin_server.db.engine import limit_waiting
from checkin_server.db.health import StoreUnavailable, reason
from checkin_server.db.lent import Lent

log = logging.getLogger(__name__)
_LOOK_S = 3.0
"""How often the lock's connection is looked at, where nothing else tells that it was lost."""
_KEY = "SELECT pg_try_advisory_lock(1382643553, hashtext(current_schema())) AS taken"
"""The first half says "Riwa", the second which venue, where several share a database in schemas of their own."""
_WHO = """
    SELECT a.pid, a.application_name, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS since
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = 1382643553
        AND l.objid::bigint = (hashtext(current_schema())::bigint & 4294967295)
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class VenueHeld(Fault):
    """Another server runs on this venue's database; the message says which, and what to do."""


class OneServer:
    """The lock of the venue's one server, held until `close` or the end of the process."""

    def __init__(self, engine: Engine) -> None:
        """Take it. Raises `VenueHeld` while another server has it; `engine` is this lock's own."""
        limit_waiting(engine)
        self._engine = engine
        self._mine = secrets.token_hex(4)
        # PostgreSQL keeps 63 bytes of a name: what tells us apart comes first.
        self._name = f"riwaq {self._mine} process {os.getpid()} on {socket.gethostname()}"[:63]
        self._lent = Lent()
        self._stopping = threading.Event()
        self._looking = threading.Lock()
        self._lost: Callable[[str], None] | None = None
        self._connection: Any = None
        self._take()

    def watch(self, lost: Callable[[str], None]) -> None:
        """See now and then that the lock is still held, and take it again; call `lost` once when another has it."""
        self._lost = lost
        threading.Thread(target=self._watch, name="one-server", daemon=True).start()
        threading.Thread(target=self._patience, name="one-server-patience", daemon=True).start()

    def confirm(self) -> None:
        """See that the lock is held, and take it again where it was lost.

        Raises `StoreUnavailable` where another server has it by now, or nothing can be seen.
        """
        with self._looking:
            try:
                if self._connection is None or not self._is_held():
                    self._take()
                    log.warning("this server holds its venue's database again")
            except VenueHeld as held:
                if self._lost is not None and not self._stopping.is_set():
                    lost, self._lost = self._lost, None
                    lost(str(held))
                raise StoreUnavailable("unreachable") from held

    def close(self) -> None:
        """Let another server have it."""
        self._stopping.set()
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    # -- inside --------------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        try:
            with self._lent.waiting(connection):
                connection.autocommit = True
                connection.execute("SELECT set_config('application_name', %s, false)", (self._name,))
                if not connection.execute(_KEY).fetchone()[0]:
                    self._make_way(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _make_way(self, connection: Any) -> None:
        """Take the lock from a connection of our own that broke and whose end has not been noticed yet, or raise."""
        holder = connection.execute(_WHO).fetchone()
        if holder is not None and f" {self._mine} " in holder[1]:
            connection.execute("SELECT pg_terminate_backend(%s, 2000)", (holder[0],))
            if connection.execute(_KEY).fetchone()[0]:
                return
        who = f" ({holder[1]}, since {holder[2]} UTC)" if holder is not None else ""
        raise VenueHeld(
            f"a server is running on this venue's database already{who}; stop it first. "
            "Two would undo each other's calls"
        )

    def _is_held(self) -> bool:
        """Ask over the lock's own connection; False when it has ended, and the lock with it."""
        try:
            with self._lent.waiting(self._connection):
                self._connection.execute("SELECT 1")
        except Exception:
            if not self._connection.closed:
                raise
            self._connection = None
        return self._connection is not None

    def _watch(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            try:
                self.confirm()
            except Exception as error:
                if isinstance(error.__cause__, VenueHeld):
                    return
                if reason(error) is None and not self._stopping.is_set():
                    log.exception("whether this server still holds its venue's database could not be seen")

    def _patience(self) -> None:
        while not self._stopping.wait(1.0):
            self._lent.cut_off()
