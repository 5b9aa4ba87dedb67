"""Kiosk: a card or a ticket was scanned."""

from __future__ import annotations

from checkin_server.services.venue import Venue
from checkin_server.services.visits.check_in import check_in
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller


def register(api: Api, venue: Venue) -> None:
    """Serve `POST /scans`."""

    @api.operation(
        "POST",
        "/scans",
        roles=("kiosk", "welcome"),
        body=models.ScanBody,
        answer=models.ScanAnswer,
        errors=("id_reused",),
    )
    def post_scan(body: models.ScanBody) -> Result:
        """Check in whoever shows a card, or look up a ticket."""
        return check_in(venue, caller().actor, str(body.scan_id), body.code)
