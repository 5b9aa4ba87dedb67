"""`riwaq` on a disk that can be made to hang, as a frozen file system does: run as a module, it is started as a server.

While the file that `RIWAQ_DISK_HANGS` names is there, whatever SQLite does with its disk blocks the native thread that
asks for it: opening, beginning to read (a mark is written into the shared memory, a mapped file: seen on ext4 under
`fsfreeze`), beginning to write, committing. What is read within a transaction comes from the system's cache.
"""

from __future__ import annotations

import os
from typing import Any

HANGS = "RIWAQ_DISK_HANGS"


def install() -> None:
    """From now on each connection is one to such a disk. After gevent's patches, before a server is made."""
    import sqlcipher3.dbapi2 as sqlcipher
    from gevent.monkey import get_original

    from checkin_server.db import database, engine, group_commit

    sleep = get_original("time", "sleep")
    flag = os.environ[HANGS]

    def disk() -> None:
        while os.path.exists(flag):
            sleep(0.02)

    class Connection(sqlcipher.Connection):  # type: ignore[misc]
        reads = False

        def touch(self, statement: str) -> None:
            word = statement.lstrip()[:6].upper()
            if word == "ROLLBA":
                return
            plain = statement.strip().upper() == "BEGIN"
            if word == "COMMIT" or not (plain or (self.in_transaction and self.reads)):
                disk()
            self.reads = not plain

        def execute(self, statement: str, *values: Any) -> Any:
            self.touch(statement)
            return super().execute(statement, *values)

        def cursor(self, *made: Any) -> Any:
            return super().cursor(Cursor)

    class Cursor(sqlcipher.Cursor):  # type: ignore[misc]
        def execute(self, statement: str, *values: Any) -> Any:
            self.connection.touch(statement)
            return super().execute(statement, *values)

    plain_connect = sqlcipher.connect

    def connect(*given: Any, **more: Any) -> Any:
        disk()
        return plain_connect(*given, factory=Connection, **more)

    sqlcipher.connect = connect
    # So that nobody has to wait long for the same thing.
    group_commit._STUCK_S = database._READ_BEGINS_S = engine._OPEN_PATIENCE_S = 1.5


if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

    from tests.support import slow_disk

    slow_disk.install()
    from checkin_server.cli import main

    main()
