"""One transaction: prebuilt statements in, plain rows out.

Statements are written once in SQLAlchemy Core and compiled once per dialect; on the hot path only their text and a
dictionary of values reach the driver. Building Core per call costs three times as much, the ORM five
(docs/performance.md, "What limits it").
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Executable, SelectBase, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from checkin_server.db.schema import event, event_personal

Row = dict[str, Any]


class LostRace(Exception):
    """Another process changed what this transaction had read; it is rolled back and run again.

    Only PostgreSQL has such neighbours: an embedded database has one writer.
    """

    sqlstate = "40001"


@dataclass(slots=True)
class Compiled:
    """A statement as the driver gets it."""

    text: str
    fixed: dict[str, Any]
    """Values that are part of the statement."""
    required: frozenset[str]
    """The names of the values it must be given."""
    writes: bool
    """Whether it may change rows."""
    columns: tuple[str, ...] = ()
    """The names in its rows, once it has run."""


class Statements:
    """Compiled statements of one dialect, kept by the statement object they were written as."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.plan: str | None = None
        """The hash of the plan in force, which every event names."""
        self._compiled: dict[ClauseElement, Compiled] = {}

    def compile(self, statement: ClauseElement) -> Compiled:
        """Return what a statement compiles to."""
        known = self._compiled.get(statement)
        if known is None:
            compiled = statement.compile(dialect=self.dialect)
            assert isinstance(compiled, SQLCompiler)
            required = frozenset(name for bind, name in compiled.bind_names.items() if bind.required)
            fixed = {name: value for name, value in compiled.params.items() if name not in required}
            known = self._compiled[statement] = Compiled(
                compiled.string, fixed, required, not isinstance(statement, SelectBase)
            )
        return known


@dataclass(frozen=True, slots=True)
class Personal:
    """What is personal in an event: which members it is about, and what somebody typed. It lies beside the event."""

    members: Sequence[str] = ()
    typed: Mapping[str, str | None] = field(default_factory=dict)
    """By the name that it has among the event's data; None where nothing was typed."""

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """Return each part's name, its kind (``member`` or ``typed``) and what it says."""
        for number, member in enumerate(self.members, 1):
            yield f"member.{number}", "member", member
        for name, said in self.typed.items():
            if said is not None:
                yield name, "typed", said


_NOTHING = Personal()


def digest(salt: str, part: str, content: str) -> str:
    """Return what an event holds of a personal part: SHA-256 in hexadecimal, which says nothing without the salt."""
    return hashlib.sha256(json.dumps([salt, part, content], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the append-only log: something that happened, in the past tense."""

    kind: str
    at: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0
    """Its number in the log."""
    xid: int = 0
    """The transaction that wrote it, where several write at once; 0 where one does."""
    personal: Personal = _NOTHING
    """What is kept beside it; nothing in an event that was read."""


EVENT_FIELDS = ("service_day", "visit", "step", "service", "counter", "number", "device", "staff")
_INSERT_EVENT = insert(event).values({name: bindparam(name) for name in ("at", "kind", "data", "plan", *EVENT_FIELDS)})
_INSERT_EVENT_RETURNING = {"postgresql": _INSERT_EVENT.returning(event.c.seq, event.c.xid)}


_INSERT_PERSONAL = insert(event_personal)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a transaction to which it can go back."""

    events: int
    readers: int


class Tx:
    """A transaction on one connection. Made by `Database.write` and `Database.read`, never by hand."""

    def __init__(self, connection: Any, statements: Statements, back: Callable[[], Any] | None = None) -> None:
        """Begin; `back` takes back all that this transaction has written and lets it go on. None: it only reads."""
        self._cursor = connection.cursor()
        self._statements = statements
        self._back = back
        self._wrote = False
        self._readers: list[Callable[[], None]] = []
        self.dialect = statements.dialect.name
        self.events: list[Event] = []
        self.mirrored = 0
        """How many of them whoever mirrors rows in memory has taken in already, within this transaction."""

    @property
    def plan(self) -> str | None:
        """The hash of the plan in force; None before the first start."""
        return self._statements.plan

    def run(self, statement: Executable, **values: Any) -> int:
        """Execute and return how many rows it touched."""
        self._execute(statement, values)
        return int(self._cursor.rowcount)

    def one(self, statement: Executable, **values: Any) -> Row | None:
        """Execute and return the first row, or None."""
        columns = self._execute(statement, values).columns
        row = self._cursor.fetchone()
        return None if row is None else dict(zip(columns, row, strict=True))

    def all(self, statement: Executable, **values: Any) -> list[Row]:
        """Execute and return every row."""
        columns = self._execute(statement, values).columns
        return [dict(zip(columns, row, strict=True)) for row in self._cursor.fetchall()]

    def emit(
        self,
        kind: str,
        at: int,
        data: Mapping[str, Any] | None = None,
        *,
        personal: Personal = _NOTHING,
        **fields: Any,
    ) -> None:
        """Append to the event log, in this transaction; followers hear of it after the commit.

        What is `personal` is kept beside the event, which holds the salted digest of each part: when it is forgotten
        one day, the event stays to the letter as it was written.
        """
        self.append(Event(kind, at, fields, data or {}, personal=personal))

    def append(self, happened: Event) -> None:
        """Append an event to the log, like `emit`; its number and its transaction are given now."""
        data = happened.data
        beside = [(*part, secrets.token_hex(16)) for part in happened.personal.parts()]
        if beside:
            data = {**data, "personal": {name: digest(salt, name, said) for name, _, said, salt in beside}}
        values = {
            "at": happened.at,
            "kind": happened.kind,
            "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
            "plan": self._statements.plan,
            **{name: happened.fields.get(name) for name in EVENT_FIELDS},
        }
        if self.dialect == "sqlite":
            # The driver knows the number already; asking for it would be a statement that gives rows.
            self._execute(_INSERT_EVENT, values)
            seq, xid = self._cursor.lastrowid, 0
        else:
            self._execute(_INSERT_EVENT_RETURNING[self.dialect], values)
            seq, xid = self._cursor.fetchone()
        for name, kind, said, salt in beside:
            self._execute(_INSERT_PERSONAL, {"event": seq, "part": name, "kind": kind, "content": said, "salt": salt})
        self.events.append(Event(happened.kind, happened.at, happened.fields, data, seq, xid))

    def undo(self, to: Point | None = None) -> None:
        """Take back all that was written, as if the transaction had just begun, or all since a point of it; go on.

        The events are taken back with the rows, and who has read those rows into memory is told (`when_undone`). Going
        back to the beginning needs no savepoint: each job has its own (embedded) or is a transaction (PostgreSQL), so
        it costs nothing as long as nothing is undone. On PostgreSQL what was locked may be changed by others then.
        """
        assert self._back is not None, "what only reads has nothing to undo"
        if to is not None:
            self._cursor.execute("ROLLBACK TO SAVEPOINT part")
        elif self._wrote:
            self._back()
            self._wrote = False
        to = to or Point(0, 0)
        for hear in self._readers[to.readers :]:
            hear()
        del self._readers[to.readers :], self.events[to.events :]
        self.mirrored = min(self.mirrored, to.events)

    def point(self) -> Point:
        """Set a savepoint, for what may be refused within a command that goes on. It costs a statement."""
        self._cursor.execute("SAVEPOINT part")
        return Point(len(self.events), len(self._readers))

    def when_undone(self, hear: Callable[[], None]) -> None:
        """Have `hear` called when what has been written so far is undone, before the events are forgotten.

        For who reads rows into memory: what was read within this transaction must then be read again.
        """
        self._readers.append(hear)

    def names_in(self, statement: Executable) -> frozenset[str]:
        """Return the names of the values that a statement must be given."""
        assert isinstance(statement, ClauseElement)
        return self._statements.compile(statement).required

    def _execute(self, statement: Executable, values: dict[str, Any]) -> Compiled:
        assert isinstance(statement, ClauseElement)
        known = self._statements.compile(statement)
        if not values.keys() >= known.required:
            raise TypeError(f"statement needs {sorted(known.required - values.keys())}: {known.text}")
        self._cursor.execute(known.text, {**known.fixed, **values} if known.fixed else values)
        # How many rows were touched is only known at once where none are given back.
        if known.writes and (self._cursor.rowcount or self._cursor.description is not None):
            self._wrote = True
        if not known.columns and self._cursor.description is not None:
            known.columns = tuple(column[0] for column in self._cursor.description)
        return known
