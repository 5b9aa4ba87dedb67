"""Cases referred to a regional office or the medical mutual."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from checkin_server.db.schema import referral
from checkin_server.db.schema import step as step_table
from checkin_server.db.tx import Tx

_INSERT = insert(referral)
_OF_VISIT = select(referral.c.id).where(
    referral.c.step.in_(select(step_table.c.id).where(step_table.c.visit == bindparam("the_visit")))
)
_REMOVE = delete(referral).where(referral.c.id == bindparam("the_referral"))


def add(tx: Tx, referral_id: str, step: str, office: str, subject: str, at: int) -> None:
    """Keep a referral of a finished step."""
    tx.run(_INSERT, id=referral_id, step=step, office=office, subject=subject, at=at)


def of_visit(tx: Tx, visit: str) -> list[str]:
    """Return the ids of a visit's referrals."""
    return [str(row["id"]) for row in tx.all(_OF_VISIT, the_visit=visit)]


def remove(tx: Tx, referral_id: str) -> None:
    """Take a referral away that an undone action had made."""
    tx.run(_REMOVE, the_referral=referral_id)
