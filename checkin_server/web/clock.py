"""Organisers: which clock is right, the machine's or what Riwaq went by."""

from __future__ import annotations

from checkin_server.services.day.clock import decide
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller


def register(api: Api, venue: Venue, *, demo: bool) -> None:
    """Serve `/clock/decision`. In a demo the day's hours follow the clock: it was opened for nine hours from a now."""

    @api.operation(
        "POST",
        "/clock/decision",
        roles=("organizer",),
        body=models.ClockDecisionBody,
        answer=models.ClockDecision,
        errors=("wrong_state", "id_reused"),
    )
    def post_clock_decision(body: models.ClockDecisionBody) -> Result:
        """Say which clock is right, after the machine's was set: moments that the wrong one gave are read anew."""
        return decide(venue, caller().actor, str(body.command_id), body.right, hours_follow=demo)
