"""Test prints: what an organiser sends to one printer to see whether it works."""

from __future__ import annotations

import json
from typing import Any

from checkin_server.db import print_jobs
from checkin_server.db.tx import Tx
from checkin_server.domain.plan import LANGUAGES
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.paper.ticket import local_time
from checkin_server.services.venue import Actor, Venue

TEST_NUMBER = 99_999
"""The number on a test print: a ticket must have one, and no day gets that far."""


def try_printer(venue: Venue, actor: Actor, printer: str, command_id: str) -> Answer | Refusal:
    """Queue a test print. It belongs to no visit and is tried on this printer alone."""
    if printer not in venue.plan.printers:
        return Refusal("unknown_printer")
    command = Command("test_print", printer, command_id, {}, actor, venue.now())
    now = command.now

    def do(tx: Tx) -> Answer:
        job = venue.new_id("p")
        spec = json.dumps(contents(venue, printer, now), ensure_ascii=False, separators=(",", ":"))
        print_jobs.add(tx, job, day=None, visit=None, printer=printer, ladder="[]", kind="test", spec=spec, now=now)
        tx.emit("test_print_queued", now, {"job": job, "printer": printer}, device=actor.device, staff=actor.staff)
        return {"print_job": job, "printer": printer, "state": "queued"}

    return once(venue, command, do)


def contents(venue: Venue, printer: str, now: int) -> dict[str, Any]:
    """Return a test print as `printers.ticket` reads it; it says what it is, so that nobody takes it for a number."""
    plan, locale = venue.plan, LANGUAGES[0]
    words = venue.words(locale)
    return {
        "locale": locale,
        "number": TEST_NUMBER,
        # TRANSLATORS: on paper that shows whether a printer works; it is no visitor's ticket.
        "duplicate": words.gettext("TEST PRINT"),
        "event": plan.event.name[locale],
        "city": plan.city_name[locale],
        "heading": f"\u2068{printer}\u2069",
        "instruction": words.gettext("This printer works. This is no ticket."),
        "qr": f"TEST {printer}",
        "printed_at": local_time(plan, now),
    }
