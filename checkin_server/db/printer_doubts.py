"""What is held against printers that say they are well: tickets in a row of which nobody knows what came out."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select, update

from checkin_server.db.schema import printer_doubt as doubt
from checkin_server.db.tx import Row, Tx

_ALL = select(doubt).order_by(doubt.c.printer)
_FIND = select(doubt).where(doubt.c.printer == bindparam("the_printer"))
_INSERT = insert(doubt)
_UPDATE = (
    update(doubt)
    .where(doubt.c.printer == bindparam("the_printer"))
    .values(uncertain=bindparam("new_count"), since=bindparam("new_since"), error=bindparam("new_error"))
)
_JUDGE = update(doubt).where(doubt.c.printer == bindparam("the_printer")).values(judged=bindparam("the_job"))
_FORGET = delete(doubt).where(doubt.c.printer == bindparam("the_printer"))


def every(tx: Tx) -> list[Row]:
    """Return ``printer, uncertain, since, error, judged`` of each printer that something is held against."""
    return tx.all(_ALL)


def find(tx: Tx, printer: str) -> Row | None:
    """Return what is held against a printer."""
    return tx.one(_FIND, the_printer=printer)


def hold(tx: Tx, printer: str, uncertain: int, since: int | None, error: str) -> None:
    """Hold against a printer so many tickets in a row; `since` when it is believed no more."""
    if tx.run(_UPDATE, the_printer=printer, new_count=uncertain, new_since=since, new_error=error) == 0:
        tx.run(_INSERT, printer=printer, uncertain=uncertain, since=since, error=error, judged=None)


def judge(tx: Tx, printer: str, job: str) -> None:
    """Note that a person has looked at a test print, and that it was not whole."""
    tx.run(_JUDGE, the_printer=printer, the_job=job)


def forget(tx: Tx, printer: str) -> None:
    """Hold nothing against a printer any more."""
    tx.run(_FORGET, the_printer=printer)
