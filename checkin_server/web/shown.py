"""Which numbers screens have shown: they say it with each request, and a restore that nothing else tells is seen."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Response, g, request

from checkin_server.services.day import restores
from checkin_server.services.venue import Venue

_SAID = re.compile(r"([A-Za-z0-9_-]{1,64})/([A-Za-z0-9_-]{1,40})=([0-9]{1,9})")


class Shown:
    """Tells screens which day is open, and hears what they have seen of it."""

    def __init__(self, venue: Venue, day: Callable[[], str | None]) -> None:
        """`day` returns the open day as far as it is known without asking the store."""
        self._venue = venue
        self._day = day

    def hear(self) -> None:
        """Before each request of a known device: what its screen has shown is not given again."""
        if "caller" not in g:
            return
        said = _SAID.fullmatch(request.headers.get("X-Riwaq-Shown", ""))
        # Of another database, a rehearsal's or a demo's, the same browser may have shown the same day.
        if said is not None and said[1] == self._venue.numbers.database:
            restores.reported(self._venue, said[2], int(said[3]))

    def tell(self, answer: Response) -> Response:
        """After it: of which database's which day it is, so that a screen knows what its numbers are of."""
        database = self._venue.numbers.database
        day = self._day() if database is not None and "caller" in g else None
        if day is not None:
            answer.headers["X-Riwaq-Day"] = f"{database}/{day}"
        return answer
