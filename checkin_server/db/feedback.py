"""Opinions, expectations and proposals."""

from __future__ import annotations

from sqlalchemy import insert

from checkin_server.db.schema import feedback
from checkin_server.db.tx import Tx

_INSERT = insert(feedback)


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
