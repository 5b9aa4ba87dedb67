"""Pairings that wait are shared by the addresses that asked for them."""

from __future__ import annotations

from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from tests.services.access.test_access import OFFICE
from tests.support.venue import Site, accepted


def test_a_flood_of_pairings_from_many_addresses_gives_way_to_whoever_asks_once(site: Site) -> None:
    """All places are taken by six addresses: a seventh is given one of theirs, and they get no further one."""
    askers = access.Askers()
    taken = [
        access.ask_pairing(site.venue, askers, f"10.0.0.{address}")
        for address in range(access.OPEN_PAIRINGS // access.OWN_PAIRINGS)
        for _ in range(access.OWN_PAIRINGS)
    ]
    third = access.ask_pairing(site.venue, askers, "10.0.1.1")
    assert not isinstance(third, Refusal)
    accepted(access.approve_pairing(site.venue, OFFICE, third["code"], "board", "hall"))
    said = [access.claim(site.venue, asked["secret"]) for asked in taken if not isinstance(asked, Refusal)]
    codes = [answer.code for answer in said if isinstance(answer, Refusal)]
    assert (codes.count("pairing_used"), codes.count("not_approved")) == (1, access.OPEN_PAIRINGS - 1)
