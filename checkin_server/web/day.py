"""Organisers: open the day, close it, end it now."""

from __future__ import annotations

from checkin_server.services.day import by_organisers
from checkin_server.services.day.by_organisers import Hours
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller


def register(api: Api, venue: Venue, hours: Hours) -> None:
    """Serve `/day/open` and `/day/close`."""

    @api.operation(
        "POST",
        "/day/open",
        roles=("organizer",),
        body=models.DayOpenBody,
        answer=models.DayOpened,
        errors=("unknown_day", "wrong_state", "id_reused"),
    )
    def post_day_open(body: models.DayOpenBody) -> Result:
        """Open a planned day, or go on with it after it was closed; an earlier one that was left open ends."""
        return by_organisers.open_day(venue, caller().actor, str(body.command_id), body.day, hours)

    @api.operation(
        "POST",
        "/day/close",
        roles=("organizer",),
        body=models.DayCloseBody,
        answer=models.DayClosed,
        errors=("wrong_state", "id_reused"),
    )
    def post_day_close(body: models.DayCloseBody) -> Result:
        """Close the day: nobody is admitted or called any more, who is at a counter is served to the end, or not."""
        return by_organisers.close_day(venue, caller().actor, str(body.command_id), at_once=body.now)
