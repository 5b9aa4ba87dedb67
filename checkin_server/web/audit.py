"""The audit, for whoever has to account for it: a person of the role `privacy`, on a dashboard or their own device."""

from __future__ import annotations

from checkin_server.services.audit import chain
from checkin_server.services.audit import log as audit
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller

_DEVICES = ("organizer", "privacy")
_PEOPLE = ("privacy",)


def register(api: Api, venue: Venue) -> None:
    """Serve the audit, and a look at the chain."""

    @api.operation(
        "GET",
        "/audit",
        roles=_DEVICES,
        people=_PEOPLE,
        query=models.AuditQuery,
        answer=models.Audit,
        errors=("unknown_day", "unknown_member", "unknown_staff"),
    )
    def get_audit(query: models.AuditQuery) -> Result:
        """Read who looked at whom and who did what, newest first. By member, that is kept too."""
        asked = audit.Asked(query.day, query.member, query.staff)
        return audit.page(venue, caller().actor, asked, query.before, query.limit)

    @api.operation(
        "GET",
        "/audit/chain",
        roles=_DEVICES,
        people=_PEOPLE,
        answer=models.ChainVerdict,
    )
    def get_audit_chain() -> Result:
        """Look at the whole log: is each event as it was written, and in its place. It takes seconds."""
        # One look at a time, whoever asks.
        with venue.turns.of("chain"):
            found = chain.verify(venue)
        return {
            "position": found.head.position,
            "hash": found.head.hash,
            "sound": found.sound,
            "flaws": [
                {"position": flaw.position, "what": flaw.what, "event": flaw.event, "part": flaw.part}
                for flaw in found.flaws
            ],
            "more": found.more,
            "looked_at": rfc3339(venue.now()),
        }
