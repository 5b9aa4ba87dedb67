"""Tables. Times are milliseconds since 1970 UTC, flags are 0 or 1, documents are JSON text.

Constraints guard what the rules promise: one number per visit and day, one visit per member and day, one place per
visit, one visit per counter. The migrations (`db/migrations`) are what a database is made by; a test holds both equal.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    literal_column,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from checkin_server.domain import steps as states

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Sequence64 = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column that is declared INTEGER."""


def is_one_of(column: ColumnElement[Any], *words: str, negated: bool = False) -> ColumnElement[bool]:
    """Write ``column IN ('a', 'b')`` with the words in the statement: fixed text, and partial indexes apply.

    With a bound value in their place SQLite plans the statement anew at each execution, to see whether a partial index
    applies this time.

    Only for words of our own, never for input.
    """
    assert all(word.isidentifier() for word in words)
    if len(words) == 1:  # an index on rows WHERE x = 'a' is not seen to apply to x IN ('a')
        word: ColumnElement[Any] = literal_column(f"'{words[0]}'")
        return column.op("<>" if negated else "=", is_comparison=True)(word)
    listed: ColumnElement[Any] = literal_column("(" + ", ".join(f"'{word}'" for word in words) + ")")
    return column.op("NOT IN" if negated else "IN", is_comparison=True)(listed)


# A tuple of words is written as SQL writes it; `is_one_of` above is what queries compare with.
_PLACED = text(f"state IN {states.PLACED}")
_AT_COUNTER = text(f"state IN {states.AT_COUNTER}")


def at_most(name: str) -> ColumnElement[int]:
    """Write the bound value `name` as a LIMIT. SQLite looks at a bare one when it plans, and so plans each time."""
    return bindparam(name, type_=Integer()) + literal_column("0")


JUST_ONE: ColumnElement[int] = literal_column("1")
"""LIMIT 1, in the statement's text for the same reason."""


class TransactionId(FunctionElement[int]):
    """The number of the transaction that writes the row; 0 where there is one writer, whose order is that of rows."""

    inherit_cache = True


@compiles(TransactionId)
def _nothing(element: TransactionId, compiler: Any, **how: Any) -> str:
    return "0"


@compiles(TransactionId, "postgresql")
def _number(element: TransactionId, compiler: Any, **how: Any) -> str:
    return "(pg_current_xact_id()::text::bigint)"


service_day = Table(
    "service_day",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("opens_at", BigInteger, nullable=False),
    Column("closes_at", BigInteger, nullable=False),
    Column("capacity", Integer),
    Column("admitted", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    # Closed and not ended yet: who is at a counter is still served to the end.
    Column("closed_at", BigInteger),
    Column("ended_at", BigInteger),
    # The plan in force when it was opened, or since; events say which held when.
    Column("plan", Text),
    Index(
        "uq_service_day_open",
        "state",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# Every plan that was ever in force, by its hash; the one with the greatest turn is in force.
plan = Table(
    "plan",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("turn", Integer, nullable=False, unique=True),
    Column("first_at", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
)

# What this database has lived through: it was made, and restored from a copy, each time with a new id.
life = Table(
    "life",
    metadata,
    Column("id", Text, primary_key=True),
    Column("turn", Integer, nullable=False, unique=True),
    Column("cause", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    # Whether numbers are reserved in a marker outside: then one that is missing was lost.
    Column("marked", Integer, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("family", Text, nullable=False),
    Column("name_ar", Text, nullable=False),
    Column("name_la", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Index("ix_member_family", "family"),
)

card = Table(
    "card",
    metadata,
    Column("code", Text, primary_key=True),
    Column("member", Text, ForeignKey("member.id"), nullable=False),
    Column("event", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("ix_card_member", "member"),
)

# Signed cards that were shown here, or ended: an ended one may never have been seen, and then has its id alone.
signed_card = Table(
    "signed_card",
    metadata,
    Column("card", Text, primary_key=True),
    Column("member", Text, ForeignKey("member.id")),
    # Which of the member's cards it is: a later one that was shown ends those before it.
    Column("turn", Integer),
    Column("revoked_at", BigInteger),
    # Where and when a kiosk or the desk took it last: a copy is told by the walk between two places.
    Column("seen_place", Text),
    Column("seen_at", BigInteger),
    Index("ix_signed_card_member", "member"),
)

visit = Table(
    "visit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("service_day", Text, ForeignKey("service_day.id"), nullable=False),
    Column("number", Integer),
    Column("state", Text, nullable=False),
    # Whose it is; null once that is forgotten (`checkin_server/services/privacy/purge.py`): the visit still counts.
    Column("member", Text, ForeignKey("member.id")),
    Column("category", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("party_size", Integer, nullable=False),
    Column("keep_together", Integer, nullable=False),
    Column("active_step", Text),
    Column("not_before", BigInteger, nullable=False),
    Column("hold_until", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("numbered_at", BigInteger),
    Column("left_at", BigInteger),
    # Visits with the same link are one family that split up.
    Column("link", Text),
    # Given by hand at the welcome desk: why, and how many minutes sooner.
    Column("priority", Text),
    Column("priority_minutes", Integer),
    # Where and when this visit's card was shown last, at a kiosk.
    Column("card_device", Text),
    Column("card_at", BigInteger),
    # What somebody remembers whose visit was lost in a restore: the number they had, and since when they waited.
    Column("old_number", Integer),
    Column("waits_from", BigInteger),
    UniqueConstraint("service_day", "number"),
    Index(
        "uq_visit_old_number",
        "service_day",
        "old_number",
        unique=True,
        sqlite_where=text("old_number IS NOT NULL"),
        postgresql_where=text("old_number IS NOT NULL"),
    ),
    Index("ix_visit_service_day_created_at", "service_day", "created_at"),
    Index(
        "ix_visit_link",
        "link",
        sqlite_where=text("link IS NOT NULL"),
        postgresql_where=text("link IS NOT NULL"),
    ),
)

visit_member = Table(
    "visit_member",
    metadata,
    Column("service_day", Text, primary_key=True),
    Column("member", Text, ForeignKey("member.id"), primary_key=True),
    Column("visit", Text, ForeignKey("visit.id"), nullable=False),
    Index("ix_visit_member_visit", "visit"),
)

step = Table(
    "step",
    metadata,
    Column("id", Text, primary_key=True),
    Column("visit", Text, ForeignKey("visit.id"), nullable=False),
    Column("service_day", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("counter", Text),
    Column("recalls", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("headed_at", BigInteger),
    Column("first_called_at", BigInteger),
    Column("called_at", BigInteger),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("outcome", Text),
    Column("why", Text),
    Column("note", Text),
    # Whom a colleague handed over: while that counter is not closed, no other one may call the step.
    Column("for_counter", Text),
    Index("ix_step_visit", "visit"),
    # With the visit in it, counting who is inside reads this index alone: other pages would have to be decrypted.
    Index("ix_step_queue", "service_day", "service", "state", "since", "visit"),
    Index(
        "ix_step_counter",
        "counter",
        "ended_at",
        sqlite_where=text("counter IS NOT NULL"),
        postgresql_where=text("counter IS NOT NULL"),
    ),
    Index(
        "uq_step_placed",
        "visit",
        unique=True,
        sqlite_where=_PLACED,
        postgresql_where=_PLACED,
    ),
    Index(
        "uq_step_at_counter",
        "counter",
        unique=True,
        sqlite_where=_AT_COUNTER,
        postgresql_where=_AT_COUNTER,
    ),
    Index(
        "ix_step_called_at",
        "service_day",
        "called_at",
        sqlite_where=text("called_at IS NOT NULL"),
        postgresql_where=text("called_at IS NOT NULL"),
    ),
)

referral = Table(
    "referral",
    metadata,
    Column("id", Text, primary_key=True),
    Column("step", Text, ForeignKey("step.id"), nullable=False),
    Column("office", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Text, primary_key=True),
    Column("visit", Text, ForeignKey("visit.id"), nullable=False),
    Column("service", Text),
    Column("score", Integer),
    Column("kind", Text),
    Column("text", Text),
    Column("locale", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("staff", Text),
    Column("since", BigInteger, nullable=False),
)

last_action = Table(
    "last_action",
    metadata,
    Column("counter", Text, primary_key=True),
    Column("command", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("number", Integer),
    Column("visit", Text),
    Column("step", Text),
    # What it changed, as it was before (rows) and after (digests): `checkin_server/services/counters/undo.py`.
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("id", Text, primary_key=True),
    Column("visit", Text, ForeignKey("visit.id"), nullable=False),
    Column("step", Text, ForeignKey("step.id"), nullable=False),
    Column("booth", Text, nullable=False),
    Column("counter", Text, nullable=False),
    Column("staff", Text),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_note_visit", "visit"),
)

event = Table(
    "event",
    metadata,
    Column("seq", Sequence64, Identity(always=True), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("service_day", Text),
    Column("visit", Text),
    Column("step", Text),
    Column("service", Text),
    Column("counter", Text),
    Column("number", Integer),
    Column("device", Text),
    Column("staff", Text),
    Column("data", Text, nullable=False),
    Column("xid", BigInteger, nullable=False, server_default=TransactionId()),
    # The plan in force, by its hash; null before the first start with plans.
    Column("plan", Text),
    Index("ix_event_kind_seq", "kind", "seq"),
    # The order of the log where several write at once (`checkin_server/db/feed.py`); elsewhere it is the key's.
    Index("ix_event_xid_seq", "xid", "seq", info={"only": "postgresql"}),
    sqlite_autoincrement=True,
)

# What is personal in an event: who it is about, what somebody typed. The event itself holds the digest of each part
# (`checkin_server/db/tx.py`), so that parts can be removed and the log stays as it was written.
event_personal = Table(
    "event_personal",
    metadata,
    Column("event", BigInteger, ForeignKey("event.seq"), primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Index(
        "ix_event_personal_member",
        "content",
        sqlite_where=text("kind = 'member'"),
        postgresql_where=text("kind = 'member'"),
    ),
)

# Each committed event's place in one order that never changes, and the hash over it and all before it. Given after the
# commit, by the one server of the venue (`checkin_server/services/audit/chain.py`).
ledger = Table(
    "ledger",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger, ForeignKey("event.seq"), nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("event"),
)

# What is to be forgotten, from when on, and whether it was: one row a kind and a moment before which it goes.
purge = Table(
    "purge",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("before_day", Text, primary_key=True),
    Column("planned_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("begun_at", BigInteger),
    Column("done_at", BigInteger),
)

# What each server process went by: `checkin_server/services/day/clock.py`.
clock_run = Table(
    "clock_run",
    metadata,
    Column("id", Sequence64, Identity(always=True), primary_key=True),
    # The number of the first event that may be its own, and what time it was then.
    Column("first_seq", BigInteger, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    # Whether its time went on from the process before.
    Column("joins", Integer, nullable=False),
    # The start of the machine, the milliseconds since, and the server's time at that moment.
    Column("boot", Text, nullable=False),
    Column("boot_ms", BigInteger, nullable=False),
    Column("anchor_at", BigInteger, nullable=False),
    # Questions that nobody has decided, in how far the machine's clock is ahead: at the start, of what had been written
    # (never positive), with the first event that is read accordingly meanwhile; now, of the server's time. And how far
    # it is ahead since somebody said that it is wrong.
    Column("behind_ms", BigInteger, nullable=False),
    Column("behind_seq", BigInteger, nullable=False),
    Column("stepped_ms", BigInteger, nullable=False),
    Column("kept_ms", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# By how much the moments of events are wrong: the log itself is never changed.
clock_correction = Table(
    "clock_correction",
    metadata,
    Column("id", Sequence64, Identity(always=True), primary_key=True),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("offset_ms", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

command = Table(
    "command",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

print_job = Table(
    "print_job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("service_day", Text),
    Column("visit", Text, ForeignKey("visit.id")),
    Column("printer", Text, nullable=False),
    Column("ladder", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("error", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_print_job_queue", "printer", "state", "created_at"),
    Index("ix_print_job_visit", "visit", "created_at"),
    # A dashboard counts jobs every second, and the table's own rows carry whole tickets.
    Index("ix_print_job_day", "service_day", "printer", "state", "updated_at"),
    Index(
        "ix_print_job_test",
        "created_at",
        sqlite_where=text("kind = 'test'"),
        postgresql_where=text("kind = 'test'"),
    ),
)

printer_doubt = Table(
    "printer_doubt",
    metadata,
    Column("printer", Text, primary_key=True),
    Column("uncertain", Integer, nullable=False),
    Column("since", BigInteger),
    Column("error", Text),
    Column("judged", Text),
)

device = Table(
    "device",
    metadata,
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_seen", BigInteger),
    # What the screen's own browser adds to UTC at the venue, as it said last; nothing is reckoned by it.
    Column("utc_offset_s", Integer),
)

pairing = Table(
    "pairing",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("code", Text),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("role", Text),
    Column("station", Text),
    Column("state", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_pairing_code", "code"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("active", Integer, nullable=False),
)

probe = Table(
    "probe",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
)
throttle = Table(
    "throttle",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("device", Text, ForeignKey("device.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)
