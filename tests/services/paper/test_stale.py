"""Tickets whose time is over: no printer prints them, by no way."""

from __future__ import annotations

import pytest

from checkin_server.db.tx import Tx
from checkin_server.domain.tickets import Waiting, is_stale
from checkin_server.services.paper import stale
from checkin_server.services.paper.print_agents import PrintAgents
from checkin_server.services.paper.print_queue import PrintQueue
from checkin_server.services.paper.try_printer import try_printer
from checkin_server.services.venue import Actor
from printers.renderer import RenderedTicket
from tests.services.conftest import MakeSite
from tests.support.venue import MINUTE, Site, accepted, new_id, refused, small_plan


def ticket(site: Site, visit: str) -> tuple[str, str | None]:
    """Return a visit's ticket as screens see it: its state, and why."""
    shown = site.look(visit)["ticket"]
    return shown["state"], shown["error"]


@pytest.mark.parametrize(
    ("job", "over"),
    [
        (Waiting(0), False),
        (Waiting(1), False),
        (Waiting(20 * MINUTE + 1), False),
        (Waiting(0, day_ended=True), True),
        (Waiting(20 * MINUTE, visit_left=True), True),
    ],
)
def test_a_ticket_is_over_by_its_day_its_visit_or_its_age(job: Waiting, over: bool) -> None:
    """Asked a moment less than twenty minutes ago it still prints; a clock that went back makes nothing old."""
    assert is_stale(job, 20 * MINUTE - 1, 20) is over


def test_at_twenty_minutes_a_ticket_is_over() -> None:
    """Not a moment later."""
    assert is_stale(Waiting(0), 20 * MINUTE, 20)


def test_a_ticket_that_did_not_begin_in_time_fails_and_says_so(site: Site) -> None:
    """Its owner was shown the number; the desk finds it among those without paper."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")["id"]
    site.wait(19)
    young = site.visitor("bank")["id"]
    assert stale.sweep(site.venue) == 0
    site.wait(1)
    assert stale.sweep(site.venue) == 1
    assert (ticket(site, visit), ticket(site, young)) == (("failed", "stale"), ("queued", None))
    assert site.events()[-1] == "ticket_failed"
    job = queue.look("P1")
    assert job is not None and job["visit"] == young
    assert stale.sweep(site.venue) == 0


def test_a_printer_that_has_a_ticket_in_hand_may_not_begin_when_its_time_is_over(site: Site) -> None:
    """Looked at in time, laid out slowly: the first byte is what counts."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")["id"]
    job = queue.look("P1")
    assert job is not None
    site.wait(20)
    assert queue.sending(job["id"], "P1") is False
    assert ticket(site, visit) == ("failed", "stale")


def test_a_neighbour_does_not_print_what_the_own_printer_may_not(site: Site) -> None:
    """The ladder ends there as well."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")["id"]
    site.wait(30)
    assert queue.step_aside("P1", "paper_out", 60.0) == 0
    assert ticket(site, visit) == ("failed", "stale")
    assert queue.look("P2") is None


def test_the_ticket_of_a_visit_that_has_left_never_prints(site: Site) -> None:
    """They are gone, and their paper would lead somebody else."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")["id"]
    accepted(site.visit_does("leave", visit))
    job = queue.look("P1")
    assert job is not None and queue.sending(job["id"], "P1") is False
    assert ticket(site, visit) == ("failed", "stale")


def test_what_is_being_sent_is_left_to_its_printer(site: Site) -> None:
    """Bytes are out: only the printer knows what became of them."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")["id"]
    job = queue.look("P1")
    assert job is not None and queue.sending(job["id"], "P1")
    site.wait(60)
    assert stale.sweep(site.venue) == 0
    queue.printed(job["id"])
    assert ticket(site, visit) == ("printed", None)


def test_a_ticket_asked_for_again_is_young_again(site: Site) -> None:
    """Twenty minutes from when somebody wanted it."""
    visit = site.visitor("bank")["id"]
    site.wait(25)
    stale.sweep(site.venue)
    again = accepted(site.visit_does("reprint", visit))["ticket"]
    assert again["state"] == "queued"
    assert stale.sweep(site.venue) == 0


def test_a_venue_sets_how_long_a_ticket_may_wait(new_site: MakeSite) -> None:
    """`[printing] stale_minutes`."""
    with new_site(plan=small_plan(print_stale_minutes=3)) as site:
        visit = site.visitor("bank")["id"]
        site.wait(3)
        assert stale.sweep(site.venue) == 1
        assert ticket(site, visit) == ("failed", "stale")


def test_a_test_print_of_yesterday_does_not_come_out_today(site: Site) -> None:
    """Whoever asked for it has gone home."""
    organizer = Actor("d_org", "organizer", "org")
    job = accepted(try_printer(site.venue, organizer, "P1", new_id()))["print_job"]
    site.wait(20)
    assert PrintQueue(site.venue).sending(job, "P1") is False
    assert site.one("SELECT state FROM print_job WHERE id = :j", j=job) == "failed"


def test_a_print_agent_gets_no_ticket_whose_time_is_over(new_site: MakeSite) -> None:
    """Neither a new one, nor leave to begin with one that it has in its hands."""
    from dataclasses import replace

    plan = small_plan()
    printers = {name: replace(printer, kind="agent") for name, printer in plan.printers.items()}
    with new_site(plan=replace(plan, printers=printers)) as site:
        agents = PrintAgents(site.venue, lambda spec, width_mm: RenderedTicket(b"", b""), lambda: None)
        agent = Actor("d_agent", "print_agent", "P1")
        visit = site.visitor("bank")["id"]
        held = accepted(agents.next_job(agent, "P1", 0.0))["job"]["id"]
        site.wait(20)
        assert refused(agents.sending(agent, held, new_id())).code == "wrong_state"
        assert accepted(agents.next_job(agent, "P1", 0.0))["job"] is None
        assert ticket(site, visit) == ("failed", "stale")


def test_a_round_over_empty_queues_writes_nothing(site: Site) -> None:
    """It comes by every second of the day."""
    before = site.everything()

    def never(job: object) -> None:
        raise AssertionError("nothing was to be written")

    reading = stale.sweep
    site.db.write, write = never, site.db.write  # type: ignore[method-assign, assignment]
    try:
        assert reading(site.venue) == 0
    finally:
        site.db.write = write  # type: ignore[method-assign]
    assert site.everything() == before


def test_a_job_that_has_begun_meanwhile_does_not_fail(site: Site) -> None:
    """Whoever was first has it."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    job = queue.look("P1")
    assert job is not None

    def settle(tx: Tx) -> bool:
        return stale.fail(tx, job, site.clock.now())

    assert queue.sending(job["id"], "P1")
    assert site.db.write(settle) is False
