"""Who sees whose visit it is, and what a kiosk does only for who has shown this visit's card there a moment ago.

A ticket is a bearer paper: dropped or photographed it must tell nothing of a person, and end nobody's day. So it
answers with number, route and state. Keeping the place and bringing a stop back stay possible with it; what gives
something up needs the card, or the welcome desk. What is asked and what is shown stand together here.
"""

from __future__ import annotations

from typing import Any

from checkin_server.db import visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import card
from checkin_server.domain.refusal import Refusal
from checkin_server.services.venue import Actor


def show(tx: Tx, actor: Actor, visit: Row, now: int) -> None:
    """Note that this visit's card is being shown at a kiosk; `visit` is brought up to date."""
    if actor.role == "kiosk":
        visits.card_shown(tx, visit["id"], actor.device, now)
        visit.update(card_device=actor.device, card_at=now)


def needed(tx: Tx, actor: Actor, visit: Row, now: int) -> Refusal | None:
    """Refuse with ``card_needed`` what a kiosk may do only for who has just shown the visit's card there."""
    return None if actor.role != "kiosk" or _shown(tx, actor, visit, now) else Refusal("card_needed")


def seen_by(tx: Tx, actor: Actor, visit: Row, shown: dict[str, Any], now: int) -> dict[str, Any]:
    """Return the shown visit as this device may see it.

    The welcome desk sees all; a kiosk too, for who has just shown the card, and else nothing of the person or family;
    a counter sees no ids of members.
    """
    if actor.role == "welcome":
        return shown
    if actor.role == "kiosk":
        return shown if _shown(tx, actor, visit, now) else without_people(shown)
    return {**shown, "party": [], "family": [{**one, "party": []} for one in shown["family"]]}


def without_people(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a shown visit with nothing of its person and family: number, route, state and paper."""
    return {**shown, "party": [], "family": [], "category": None, "priority": None}


def _shown(tx: Tx, actor: Actor, visit: Row, now: int) -> bool:
    """Whether the card of this visit, or of the family it split up from, was shown at this kiosk a moment ago."""
    if _at(actor, visit, now):
        return True
    return visit["link"] is not None and any(_at(actor, one, now) for one in visits.linked(tx, visit["link"]))


def _at(actor: Actor, visit: Row, now: int) -> bool:
    return visit["card_device"] == actor.device and card.is_fresh(visit["card_at"], now)
