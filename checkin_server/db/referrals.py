"""Cases referred to a regional office or the medical mutual."""

from __future__ import annotations

from sqlalchemy import insert

from checkin_server.db.schema import referral
from checkin_server.db.tx import Tx

_INSERT = insert(referral)


def add(tx: Tx, referral_id: str, step: str, office: str, subject: str, at: int) -> None:
    """Keep a referral of a finished step."""
    tx.run(_INSERT, id=referral_id, step=step, office=office, subject=subject, at=at)
