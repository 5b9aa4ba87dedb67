"""Sending a visitor to a zone's ready area, and taking that back: rows and event, in the caller's transaction."""

from __future__ import annotations

import json

from checkin_server.db import steps, visits
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain.routing import Send


def send(tx: Tx, day: str, sent: Send, head_start: float, now: int) -> bool:
    """Send a free visit to the zone of one of its steps; False when it is not free any more.

    `head_start`: minutes that its priority gave it, for the fairness report.
    """
    if not visits.claim(tx, sent.visit, sent.step, now):
        return False
    why = sent.why.as_dict()
    if not steps.send(tx, sent.step, json.dumps(why, ensure_ascii=False), now):
        raise LostRace(f"step {sent.step} was dropped before its visit could be claimed")
    tx.emit(
        "visitor_sent",
        now,
        {"why": why, "head_start": head_start, "walk_s": sent.walk // 1000, "aloud": sent.aloud},
        service_day=day,
        visit=sent.visit,
        step=sent.step,
        service=sent.service,
        number=sent.number,
    )
    return True


def release(tx: Tx, visit: Row, reason: str, now: int) -> bool:
    """Take back that a visit was sent somewhere: it is free again. False when it is not on its way.

    `reason`: ``held``, ``left``, ``dropped``, ``undone``, ``elsewhere`` (served at a counter
    they came to by themselves), ``no_counter`` or ``day_closed``.
    """
    step = steps.find(tx, visit["active_step"]) if visit["active_step"] else None
    if step is None or not steps.unsend(tx, step["id"]):
        return False
    if not visits.release(tx, visit["id"], step["id"], visit["not_before"]):
        raise LostRace(f"visit {visit['id']} was not claimed for the step it was sent to")
    visit["active_step"] = None
    tx.emit(
        "visitor_released",
        now,
        {"reason": reason},
        service_day=visit["service_day"],
        visit=visit["id"],
        step=step["id"],
        service=step["service"],
        number=visit["number"],
    )
    return True
