"""The row that a running server writes again and again, to know whether its store takes what it is given."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, update

from checkin_server.db.schema import probe
from checkin_server.db.tx import Tx

_ADD = insert(probe)
_NOTE = update(probe).values(at=bindparam("the_at"))


def note(tx: Tx, at: int) -> None:
    """Write down when the store was last asked. It changes a row: a commit of nothing would prove nothing."""
    if not tx.run(_NOTE, the_at=at):
        tx.run(_ADD, id=1, at=at)
