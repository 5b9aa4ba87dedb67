"""Is the database sound: the file itself, the rules that numbers and places keep, and the log as it was written."""

from __future__ import annotations

from checkin_server.db import soundness
from checkin_server.services.audit import chain
from checkin_server.services.venue import Venue


def check(venue: Venue) -> list[str]:
    """Return what is wrong, in words; nothing when all is well. The log is held against its chain."""
    found = chain.verify(venue)
    problems = venue.db.read(soundness.problems) + [str(flaw) for flaw in found.flaws]
    return [*problems, f"and at {found.more} positions more"] if found.more else problems
