"""For organisers: what a day says afterwards."""

from __future__ import annotations

from checkin_server.services.reports import fairness
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result


def register(api: Api, venue: Venue) -> None:
    """Serve the fairness report."""

    @api.operation(
        "GET", "/fairness/<day_id>", roles=("organizer",), answer=models.FairnessReport, errors=("unknown_day",)
    )
    def get_fairness(day_id: str) -> Result:
        """Say who was overtaken on a day and by how much, and whether the bound held."""
        return fairness.of_day(venue, day_id)
