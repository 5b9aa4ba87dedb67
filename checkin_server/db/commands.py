"""Answers kept by the id the client made, so that a repeated command is answered and not done again."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from checkin_server.db.schema import command
from checkin_server.db.tx import Row, Tx

_FIND = select(command.c.fingerprint, command.c.answer).where(command.c.id == bindparam("the_id"))
_KEEP = insert(command)


def find(tx: Tx, command_id: str) -> Row | None:
    """Return ``fingerprint`` and ``answer`` kept under an id, if any."""
    return tx.one(_FIND, the_id=command_id)


def keep(tx: Tx, command_id: str, fingerprint: str, answer: str, at: int) -> None:
    """Keep an answer. The primary key refuses a second one, which makes a lost race start again."""
    tx.run(_KEEP, id=command_id, fingerprint=fingerprint, answer=answer, at=at)
