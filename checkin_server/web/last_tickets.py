"""Organisers: what holds for a service's last tickets."""

from __future__ import annotations

from checkin_server.services.day.last_tickets import Wish, decide
from checkin_server.services.times import milliseconds
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller


def register(api: Api, venue: Venue) -> None:
    """Serve `/services/{id}/last-tickets`."""

    @api.operation(
        "POST",
        "/services/<service_id>/last-tickets",
        roles=("organizer",),
        body=models.LastTicketsBody,
        answer=models.LastTickets,
        errors=("reason_needed", "unknown_service", "wrong_state", "wrong_time", "id_reused"),
    )
    def post_last_tickets(service_id: str, body: models.LastTicketsBody) -> Result:
        """Take more visitors for a service, take none any more, or leave it to the look-ahead again."""
        until = None if body.until is None else milliseconds(body.until)
        wish = Wish(body.rule, body.reason, body.places, until)
        return decide(venue, caller().actor, service_id, str(body.command_id), wish)
