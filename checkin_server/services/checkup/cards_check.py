"""Would signed cards be taken on every day of this venue?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checkin_server.common import certificates
from checkin_server.db import signed_cards
from checkin_server.domain.plan import Plan
from checkin_server.services.checkup.doctor import Finding, Verdict
from checkin_server.services.venue import Venue


def check_signed_cards(venue: Venue) -> Iterator[Finding]:
    """See that the keys last as long as the venue does, and say how many cards are known and have ended.

    A venue that takes no signed cards has no such line.
    """
    keys = venue.plan.card_keys
    if not keys:
        return
    last = max(day.id for day in venue.plan.days)
    short = [f"{key.id} ({key.last_day})" for key in keys if key.last_day is not None and key.last_day < last]
    if short:
        verdict: Verdict = "STOP" if len(short) == len(keys) else "NOTE"
        what = f"keys that end before the venue's last day ({last}): {', '.join(short)}"
        todo = "Set a later `last_day` in [[card_key]], or have those cards signed anew."
        yield Finding("cards", verdict, what, todo)
    known, ended = venue.db.read(signed_cards.counts)
    if not ended:
        todo = "If cards were lost or replaced: `riwaq cards revoke --list FILE --config F`."
        yield Finding("cards", "NOTE", "no signed card was ever revoked here", todo)
    if len(short) < len(keys):
        what = f"signed ones of {len(keys)} keys are taken; {known} are known, {ended} of them revoked"
        yield Finding("cards", "OK", what)


def check_private_keys(plan: Plan, data: Path) -> Iterator[Finding]:
    """See that no key that signs cards lies in the data folder."""
    if not plan.card_keys:
        return
    for path in certificates.private_keys(data):
        what = f"{path} is a private key that has no place in the data folder"
        yield Finding("cards", "STOP", what, "Take it away, on a stick.")
