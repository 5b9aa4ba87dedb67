"""Running transactions: `write` for commands, `read` for what screens show.

Services pass a function of a `Tx` and get its result; they never see a connection. A written job runs entirely
or not at all, and who follows the log (`feed`) hears of its events only after the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from sqlalchemy.engine import Engine

from checkin_server.db.feed import EmbeddedFeed, Feed, PostgresFeed
from checkin_server.db.group_commit import GroupCommit
from checkin_server.db.tx import Statements, Tx
from checkin_server.db.waking import Notices, Polling

T = TypeVar("T")


class Database(Protocol):
    """A venue's database, of either kind."""

    engine: Engine

    @property
    def feed(self) -> Feed:
        """What follows the event log."""
        ...

    def write(self, job: Callable[[Tx], T]) -> T:
        """Run `job` in one write transaction and return its result after the commit."""
        ...

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run `job` on one consistent snapshot."""
        ...

    def close(self) -> None:
        """Finish what is under way and let go of the database."""
        ...


class SqlcipherDatabase:
    """One encrypted file, one writer that commits in groups, readers beside it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._statements = Statements(engine.dialect)
        self.feed = EmbeddedFeed(self.read, Polling())
        self._writer = GroupCommit(engine, self._statements, self.feed)

    def write(self, job: Callable[[Tx], T]) -> T:
        """Queue `job` for the writer and wait until its group is committed."""
        return self._writer.run(job)

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run `job` on a reader connection, in one deferred transaction."""
        pooled = self.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            connection.execute("BEGIN")
            try:
                return job(Tx(connection, self._statements))
            finally:
                connection.execute("ROLLBACK")
        finally:
            pooled.close()

    def close(self) -> None:
        """Commit what is queued, then close every connection."""
        self.feed.stop()
        self._writer.close()
        self.engine.dispose()


class PostgresDatabase:
    """A server that several processes may share; each job is a transaction of its own."""

    _ATTEMPTS = 5

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._statements = Statements(engine.dialect)
        self.feed = PostgresFeed(self.read, Notices(engine, self._statements), self.write)

    def write(self, job: Callable[[Tx], T]) -> T:
        """Run `job`; start it again when another process won a race for the same rows or command id."""
        for attempt in range(1, self._ATTEMPTS + 1):
            try:
                return self._write_once(job)
            except Exception as error:
                if attempt == self._ATTEMPTS or getattr(error, "sqlstate", None) not in _WORTH_AGAIN:
                    raise
        raise AssertionError("unreachable")

    def _write_once(self, job: Callable[[Tx], T]) -> T:
        pooled = self.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            # The driver's own `rollback` keeps its prepared statements, one that is sent as a statement does not.
            tx = Tx(connection, self._statements, connection.rollback)
            try:
                result = job(tx)
                connection.commit()
            except BaseException:
                connection.rollback()
                self.feed.touched(tx.events)
                raise
        finally:
            pooled.close()
        self.feed.committed(tx, tx.events)
        return result

    def read(self, job: Callable[[Tx], T]) -> T:
        """Run `job` in one repeatable-read transaction, so that a screen never shows two moments at once."""
        pooled = self.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            # The driver has sent BEGIN already; one of our own would be a warning in the server's log each time.
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                return job(Tx(connection, self._statements))
            finally:
                connection.rollback()
        finally:
            pooled.close()

    def close(self) -> None:
        """Close every connection."""
        self.feed.stop()
        self.engine.dispose()


_WORTH_AGAIN = frozenset({"23505", "40001", "40P01"})
"""PostgreSQL's codes for a lost race: unique violation, serialization failure, deadlock. The job reads afresh."""
