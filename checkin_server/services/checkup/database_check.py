"""Is the database sound: the file itself, and the rules that numbers and places keep."""

from __future__ import annotations

from checkin_server.db import soundness
from checkin_server.services.venue import Venue


def check(venue: Venue) -> list[str]:
    """Return what is wrong, in words; nothing when all is well."""
    return venue.db.read(soundness.problems)
