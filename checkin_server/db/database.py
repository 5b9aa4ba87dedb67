"""Running transactions: `write` for commands, `read` for what screens show.

Services pass a function of a `Tx` and get its result; they never see a connection. A written job runs entirely
or not at all, and who follows the log (`feed`) hears of its events only after the commit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Engine

from checkin_server.common.offload import Overdue
from checkin_server.db.engine import DISK, LOG_KEPT_BYTES, limit_waiting
from checkin_server.db.feed import EmbeddedFeed, Feed, PostgresFeed
from checkin_server.db.group_commit import GroupCommit
from checkin_server.db.health import Health, StoreUnavailable, reason
from checkin_server.db.lent import Lent
from checkin_server.db.tx import Statements, Tx
from checkin_server.db.waking import Notices, Polling

T = TypeVar("T")
R = TypeVar("R")


class Database(Protocol):
    """A venue's database, of either kind."""

    engine: Engine

    health: Health

    @property
    def feed(self) -> Feed:
        """What follows the event log."""
        ...

    def plan_is(self, plan: str | None) -> None:
        """Have every event from now on name this plan, by its hash, as the one in force."""

    def write(self, job: Callable[[Tx], T]) -> T:
        """Run `job` in one write transaction and return its result after the commit.

        Raises `StoreUnavailable` when the store cannot take it now; nothing is half done then, and a command that is
        sent again with its id is done once.
        """
        ...

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run `job` on one consistent snapshot. Raises `StoreUnavailable` when the store cannot give it now."""
        ...

    def probe(self, job: Callable[[Tx], T]) -> T:
        """Write as `write` does, also while the store is known to be away: what this meets is what is said of it."""
        ...

    def give_up_stuck(self) -> None:
        """Answer those who have waited too long for the store; to be called once a second."""
        ...

    def tidy(self) -> int | None:
        """Make the write-ahead log small again where it has grown; return its bytes, None where it has none of ours."""
        ...

    def close(self) -> None:
        """Finish what is under way and let go of the database."""
        ...


class SqlcipherDatabase:
    """One encrypted file, one writer that commits in groups, readers beside it."""

    _READ_PATIENCE_S = 2.0
    """How long a reader waits for who has shut everybody out: another program, or one that repairs its log."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.health = Health()
        # Whoever waits inside SQLite keeps all others waiting: this process waits outside. Not those that are open yet.
        event.listen(engine, "connect", _wait_outside)
        engine.dispose()
        self._statements = Statements(engine.dialect)
        self._file = self._read_file()
        self.feed = EmbeddedFeed(self.read, Polling())
        self._writer = GroupCommit(engine, self._statements, self.feed)

    def plan_is(self, plan: str | None) -> None:
        """Have every event from now on name this plan, by its hash, as the one in force."""
        self._statements.plan = plan

    def write(self, job: Callable[[Tx], T]) -> T:
        """Queue `job` for the writer and wait until its group is committed."""
        try:
            return self._writer.run(job)
        except Exception as error:
            self.health.blame(error)
            raise

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run `job` on a reader connection, in one deferred transaction."""
        try:
            return self._read(job)
        except Exception as error:
            if reason(error) == "locked":
                return self._read_later(job)
            self.health.blame(error)
            raise

    def _read_later(self, job: Callable[[Tx], T]) -> T:
        give_up = time.monotonic() + self._READ_PATIENCE_S
        while True:
            time.sleep(0.01)
            try:
                return self._read(job)
            except Exception as error:
                if reason(error) != "locked" or time.monotonic() > give_up:
                    self.health.blame(error)
                    raise

    def _read(self, job: Callable[[Tx], T]) -> T:
        pooled = self._begun()
        try:
            connection: Any = pooled.driver_connection
            try:
                return job(Tx(connection, self._statements))
            finally:
                connection.execute("ROLLBACK")
        finally:
            pooled.close()

    def _begun(self) -> Any:
        """Return a connection that has begun to read. One that hangs on the disk comes back to the pool when it can."""
        pooled = self.engine.raw_connection()

        def give_back(begun: Any) -> None:
            if begun:
                begun.execute("ROLLBACK")
            pooled.close()

        try:
            DISK.try_to(_begin_to_read, pooled.driver_connection, patience_s=_READ_BEGINS_S, late=give_back)
        except Overdue as error:
            raise StoreUnavailable("no_answer") from error
        except BaseException:
            pooled.close()
            raise
        return pooled

    def probe(self, job: Callable[[Tx], T]) -> T:
        """Write through the one writer, like everybody."""
        try:
            return self._writer.run(job)
        except Exception as error:
            self.health.blame(error, probe=True)
            raise

    def give_up_stuck(self) -> None:
        """Answer those who wait on a disk that does not come back."""
        self._writer.give_up_stuck()

    def tidy(self) -> int:
        """Write a log that a slow reader has let grow back into the database, once that reader has ended.

        The next commits would do it, when there are any. First without holding anybody up, which is most of the work.
        """
        if self._log_bytes() > LOG_KEPT_BYTES:
            try:
                self._write_log_back()
            except Exception as error:
                if reason(error) is None:
                    raise  # else it is tried again, and the disk's trouble is what commands meet
        return self._log_bytes()

    def _write_log_back(self) -> None:
        pooled = self.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            for how in ("PASSIVE", "TRUNCATE"):
                DISK.run(connection.execute, f"PRAGMA wal_checkpoint({how})").fetchall()
        finally:
            pooled.close()

    def _read_file(self) -> str:
        pooled = self.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            return str(connection.execute("PRAGMA database_list").fetchone()[2])
        finally:
            pooled.close()

    def _log_bytes(self) -> int:
        try:
            return os.stat(f"{self._file}-wal").st_size
        except OSError:
            return 0

    def close(self) -> None:
        """Commit what is queued, then close every connection."""
        self.feed.stop()
        self._writer.close()
        self.engine.dispose()


class PostgresDatabase:
    """A server that several processes may share; each job is a transaction of its own."""

    _ATTEMPTS = 5

    def __init__(self, engine: Engine, *, serving: bool = False) -> None:
        """Use a server; `serving` screens, no statement works longer than they wait."""
        self.engine = engine
        self.health = Health()
        limit_waiting(engine, serving=serving)
        self._lent = Lent()
        self._statements = Statements(engine.dialect)
        self.feed = PostgresFeed(self.read, Notices(engine, self._statements, self._lent), self.write)

    def plan_is(self, plan: str | None) -> None:
        """Have every event from now on name this plan, by its hash, as the one in force."""
        self._statements.plan = plan

    def write(self, job: Callable[[Tx], T]) -> T:
        """Run `job`; start it again when another process won a race for the same rows or command id."""
        self.health.admit()
        try:
            return self._write(job)
        except Exception as error:
            self.health.blame(error)
            raise

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run `job` in one repeatable-read transaction, so that a screen never shows two moments at once."""
        self.health.admit()
        try:
            return self._on_connection(partial(self._read, job))
        except Exception as error:
            if getattr(error, "sqlstate", None) == _WRITES:
                raise  # a fault of the job, not of the store
            self.health.blame(error)
            raise

    def probe(self, job: Callable[[Tx], T]) -> T:
        """Write, whatever is known."""
        try:
            return self._write(job)
        except Exception as error:
            self.health.blame(error, probe=True)
            raise

    def give_up_stuck(self) -> None:
        """Cut off connections whose server does not answer; who waits on one is told."""
        self._lent.cut_off()

    def led_by(self, confirm: Callable[[], None]) -> None:
        """Open no connection without asking whether this process still is the venue's one server.

        After the server restarted every connection is a new one: nothing is read or written before `confirm` has taken
        the lock again. It raises where that can't be done.
        """

        def look(connection: Any, record: Any) -> None:
            try:
                confirm()
            except BaseException:
                connection.close()
                raise

        event.listen(self.engine, "connect", look)
        self.engine.dispose()

    def tidy(self) -> None:
        """Nothing to do: the server looks after its own log."""

    def close(self) -> None:
        """Close every connection."""
        self.feed.stop()
        self.engine.dispose()

    # -- inside --------------------------------------------------------------------------------------------------------

    def _write(self, job: Callable[[Tx], T]) -> T:
        for attempt in range(1, self._ATTEMPTS + 1):
            try:
                tx, result = self._on_connection(partial(self._write_once, job))
            except Exception as error:
                if attempt == self._ATTEMPTS or getattr(error, "sqlstate", None) not in _WORTH_AGAIN:
                    raise
            else:
                self.feed.committed(tx, tx.events)
                return result
        raise AssertionError("unreachable")

    def _on_connection(self, run: Callable[[Any], R]) -> R:
        """Run on a connection of the pool; once more on a new one when it broke before anything was to be kept.

        Connections that were kept from before the server restarted are broken, and none of them knows.
        """
        for last in (False, True):
            pooled = self.engine.raw_connection()
            connection: Any = pooled.driver_connection
            self._lent.out(connection)
            try:
                return run(connection)
            except BaseException as error:
                if not connection.closed:
                    raise
                pooled.invalidate()
                self.engine.dispose()
                if self._lent.back(connection):
                    raise StoreUnavailable("no_answer") from error
                if isinstance(error, _InDoubt):
                    raise StoreUnavailable("unreachable") from error
                if last:
                    raise
            finally:
                self._lent.back(connection)
                pooled.close()
        raise AssertionError("unreachable")

    def _write_once(self, job: Callable[[Tx], T], connection: Any) -> tuple[Tx, T]:
        # The driver's own `rollback` keeps its prepared statements, one that is sent as a statement does not.
        tx = Tx(connection, self._statements, connection.rollback)
        try:
            result = job(tx)
            try:
                connection.commit()
            except Exception as error:
                if connection.closed:
                    raise _InDoubt from error
                raise
        except BaseException:
            if not connection.closed:
                connection.rollback()
            self.feed.touched(tx.events)
            raise
        return tx, result

    def _read(self, job: Callable[[Tx], T], connection: Any) -> T:
        # The driver has sent BEGIN already; one of our own would be a warning in the server's log each time.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            return job(Tx(connection, self._statements))
        finally:
            if not connection.closed:
                connection.rollback()


class _InDoubt(Exception):
    """The server went away while it committed: it may have, or not. The same id, sent again, tells."""


_READ_BEGINS_S = 5.0
"""Beginning to read takes no time; where it does not come back, the disk does not."""


def _begin_to_read(connection: Any) -> Any:
    """Take the snapshot now, and not with the first statement: it notes in a file on the disk what is being read."""
    connection.execute("BEGIN")
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return connection


def _wait_outside(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 0")


_WRITES = "25006"
"""PostgreSQL's code for a statement that writes where that is not allowed."""
_WORTH_AGAIN = frozenset({"23505", "40001", "40P01"})
"""PostgreSQL's codes for a lost race: unique violation, serialization failure, deadlock. The job reads afresh."""
