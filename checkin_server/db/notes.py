"""Private notes of staff about a visit, kept for the booth that wrote them."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, insert, select

from checkin_server.db.schema import note
from checkin_server.db.tx import Row, Tx

_INSERT = insert(note)
_OF_BOOTH = (
    select(note)
    .where(note.c.visit == bindparam("the_visit"), note.c.booth == bindparam("the_booth"))
    .order_by(note.c.at, note.c.id)
)
_COUNT = select(func.count().label("notes")).where(
    note.c.visit == bindparam("the_visit"), note.c.booth == bindparam("the_booth")
)
_OF_VISIT = select(note.c.id).where(note.c.visit == bindparam("the_visit"))
_REMOVE = delete(note).where(note.c.id == bindparam("the_note"))


def add(tx: Tx, **values: object) -> None:
    """Keep a note."""
    tx.run(_INSERT, **values)


def of_booth(tx: Tx, visit: str, booth: str) -> list[Row]:
    """Return what a booth has noted about a visit, oldest first."""
    return tx.all(_OF_BOOTH, the_visit=visit, the_booth=booth)


def count(tx: Tx, visit: str, booth: str) -> int:
    """Count what a booth has noted about a visit."""
    row = tx.one(_COUNT, the_visit=visit, the_booth=booth)
    assert row is not None
    return int(row["notes"])


def of_visit(tx: Tx, visit: str) -> list[str]:
    """Return the ids of all notes about a visit."""
    return [str(row["id"]) for row in tx.all(_OF_VISIT, the_visit=visit)]


def remove(tx: Tx, note_id: str) -> None:
    """Take a note away that was undone."""
    tx.run(_REMOVE, the_note=note_id)
