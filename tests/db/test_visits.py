"""The claims on a visit: each is a compare-and-swap, and each of its conditions keeps somebody from being lost.

They are tried on the statements themselves: the use cases look before they claim, so that only a race would show a
condition that is missing.
"""

from __future__ import annotations

from typing import Any

import pytest

from checkin_server.db import visits
from tests.support.venue import MINUTE, Site, accepted


def place(site: Site, visit: str) -> dict[str, Any]:
    """Return what of a visit says where it is."""
    (row,) = site.rows("SELECT state, active_step, not_before, hold_until FROM visit WHERE id = :v", v=visit)
    return row


def claim(site: Site, visit: str, step: str) -> bool:
    """Claim a visit for a step, now."""
    return site.db.write(lambda tx: visits.claim(tx, visit, step, site.clock.now()))


def confirm(site: Site, visit: str, step: str) -> bool:
    """Hold on to a visit for a step."""
    return site.db.write(lambda tx: visits.confirm(tx, visit, step))


def release(site: Site, visit: str, step: str, not_before: int = 0) -> bool:
    """Let go of a visit for a step."""
    return site.db.write(lambda tx: visits.release(tx, visit, step, not_before))


@pytest.fixture
def waiting(site: Site) -> tuple[str, str, str]:
    """A visit that waits for two services, with its two steps."""
    visit = site.visitor("bank", "health")
    bank, health = (step["id"] for step in visit["steps"])
    return visit["id"], bank, health


def test_a_free_visit_is_claimed_and_its_hold_is_over(site: Site, waiting: tuple[str, str, str]) -> None:
    """Whoever is sent or called is on hold no more."""
    visit, bank, _ = waiting
    accepted(site.visit_does("hold", visit, minutes=15))
    site.wait(15)
    assert claim(site, visit, bank)
    assert place(site, visit)["active_step"] == bank
    assert place(site, visit)["hold_until"] is None


def test_a_visit_that_is_claimed_is_not_claimed_again(site: Site, waiting: tuple[str, str, str]) -> None:
    """Not for another step, or a visitor would be in two places; not for the same one, or two counters would call."""
    visit, bank, health = waiting
    assert claim(site, visit, bank)
    assert not claim(site, visit, health)
    assert not claim(site, visit, bank)
    assert place(site, visit)["active_step"] == bank


def test_a_visit_that_rests_or_is_held_is_not_claimed_before_its_time(
    site: Site, waiting: tuple[str, str, str]
) -> None:
    """To the millisecond: at its time it may be, a moment sooner it may not."""
    visit, bank, _ = waiting
    accepted(site.visit_does("hold", visit, minutes=15))
    before = place(site, visit)
    assert before["not_before"] == site.clock.now() + 15 * MINUTE
    site.clock.set(before["not_before"] - 1)
    assert not claim(site, visit, bank)
    assert place(site, visit) == before
    site.clock.set(before["not_before"])
    assert claim(site, visit, bank)


@pytest.mark.parametrize("how", ["left", "choosing"])
def test_a_visit_that_is_not_open_is_not_claimed(site: Site, how: str) -> None:
    """Who has left is called no more; who has not chosen yet, not yet."""
    visit = site.visitor("bank")["id"] if how == "left" else site.scan(site.newcomer().code)["visit"]["id"]
    if how == "left":
        accepted(site.visit_does("leave", visit))
    assert place(site, visit)["state"] == how
    assert not claim(site, visit, "s_any")
    assert place(site, visit)["active_step"] is None


def test_a_claim_is_confirmed_for_its_own_step_alone(site: Site, waiting: tuple[str, str, str]) -> None:
    """Who was sent to one stand is not called from another by mistake; who was let go of, from none."""
    visit, bank, health = waiting
    assert not confirm(site, visit, bank), "nobody has claimed it"
    assert claim(site, visit, bank)
    assert confirm(site, visit, bank)
    assert not confirm(site, visit, health)
    assert place(site, visit)["active_step"] == bank
    assert release(site, visit, bank)
    assert not confirm(site, visit, bank)


def test_a_claim_is_released_for_its_own_step_alone(site: Site, waiting: tuple[str, str, str]) -> None:
    """A stand that comes too late does not let go of who is at another stand by now."""
    visit, bank, health = waiting
    assert claim(site, visit, health)
    before = place(site, visit)
    assert not release(site, visit, bank, site.clock.now() + MINUTE)
    assert place(site, visit) == before
    assert release(site, visit, health, site.clock.now() + MINUTE)
    assert (place(site, visit)["active_step"], place(site, visit)["not_before"]) == (None, site.clock.now() + MINUTE)
    assert not release(site, visit, health), "it was let go of already"


def test_a_visit_at_a_counter_can_neither_be_held_nor_ended(site: Site, waiting: tuple[str, str, str]) -> None:
    """The counter would wait for somebody who has gone."""
    visit, bank, _ = waiting
    assert claim(site, visit, bank)
    before = place(site, visit)
    assert not site.db.write(lambda tx: visits.hold(tx, visit, site.clock.now() + MINUTE))
    assert not site.db.write(lambda tx: visits.leave(tx, visit, site.clock.now()))
    assert place(site, visit) == before


def test_a_claim_touches_no_other_visit(site: Site, waiting: tuple[str, str, str]) -> None:
    """The neighbour in the queue stays where they are."""
    visit, bank, _ = waiting
    other = site.visitor("bank")["id"]
    before = place(site, other)
    assert claim(site, visit, bank) and confirm(site, visit, bank) and release(site, visit, bank, 7)
    assert place(site, other) == before
