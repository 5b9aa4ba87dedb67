"""The last action at each counter, with what undoing it needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from checkin_server.db.schema import last_action
from checkin_server.db.tx import Row, Tx

_FIND = select(last_action).where(last_action.c.counter == bindparam("the_counter"))
_SHOW = select(last_action.c.command, last_action.c.action, last_action.c.at, last_action.c.number).where(
    last_action.c.counter == bindparam("the_counter")
)
_INSERT = insert(last_action)
_FORGET = delete(last_action).where(last_action.c.counter == bindparam("the_counter"))


def find(tx: Tx, counter: str) -> Row | None:
    """Return the last action of a counter, unless it was undone."""
    return tx.one(_FIND, the_counter=counter)


def show(tx: Tx, counter: str) -> Row | None:
    """Return of it what a tablet needs: ``command, action, at, number``."""
    return tx.one(_SHOW, the_counter=counter)


def keep(tx: Tx, counter: str, **values: Any) -> None:
    """Remember an action instead of the one before."""
    forget(tx, counter)
    tx.run(_INSERT, counter=counter, **values)


def forget(tx: Tx, counter: str) -> None:
    """Forget it: it was undone."""
    tx.run(_FORGET, the_counter=counter)
