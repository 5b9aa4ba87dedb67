"""Opinions, expectations and proposals."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert

from checkin_server.db.schema import feedback
from checkin_server.db.tx import Tx

_INSERT = insert(feedback)


# size: one argument a column of the table; what a row may leave out has its name at the call
def add(
    tx: Tx,
    feedback_id: str,
    visit: str,
    locale: str,
    at: int,
    *,
    service: str | None = None,
    score: int | None = None,
    kind: str | None = None,
    text: str | None = None,
) -> None:
    """Keep one score or one text."""
    tx.run(
        _INSERT, id=feedback_id, visit=visit, service=service, score=score, kind=kind, text=text, locale=locale, at=at
    )


_FORGET_SCORE = delete(feedback).where(
    feedback.c.visit == bindparam("the_visit"),
    feedback.c.service == bindparam("the_service"),
    feedback.c.score.is_not(None),
)


def forget_score(tx: Tx, visit: str, service: str) -> None:
    """Take back the score a visit gave a service, if it gave one."""
    tx.run(_FORGET_SCORE, the_visit=visit, the_service=service)
