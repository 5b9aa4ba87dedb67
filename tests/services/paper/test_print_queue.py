from __future__ import annotations

import json
from typing import Any

import pytest

from checkin_server.db.tx import Row
from checkin_server.services.paper.print_queue import ASKED_AGAIN_MS, MAX_FALSE_STARTS, PrintQueue
from tests.support.venue import Site, accepted, small_plan


def state(site: Site, visit: str) -> str:
    """Return what a screen says of a visit's ticket."""
    return str(site.look(visit)["ticket"]["state"])


def take(queue: PrintQueue, printer: str = "P1") -> Row | None:
    """Look up the printer's next job and mark it as being sent, as its worker does before the first byte."""
    job = queue.look(printer)
    assert job is None or queue.sending(job["id"], printer)
    return job


def test_the_oldest_ticket_of_a_printer_is_taken_first_and_only_once(site: Site) -> None:
    """A job that is being sent is nobody else's."""
    queue = PrintQueue(site.venue)
    first = site.visitor("bank")
    site.wait(1)
    second = site.visitor("bank")
    job = take(queue)
    assert job is not None and (job["id"], job["attempts"]) == (first["ticket"]["print_job"], 1)
    assert job["spec"]["number"] == 1
    assert state(site, first["id"]) == "sending"
    other = take(queue)
    assert other is not None and other["id"] == second["ticket"]["print_job"]
    assert take(queue) is None


def test_a_job_that_is_looked_at_stays_queued_and_is_marked_once_by_its_own_printer(site: Site) -> None:
    """Until the first byte is about to leave, another printer could print it; the mark is set by whose job it is."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = queue.look("P1")
    assert job is not None
    assert state(site, visit["id"]) == "queued"
    assert not queue.sending(job["id"], "P2")
    assert queue.sending(job["id"], "P1")
    assert not queue.sending(job["id"], "P1")
    assert state(site, visit["id"]) == "sending"


def test_a_printer_gets_only_its_own_jobs(site: Site) -> None:
    """The other kiosk's paper stays there."""
    site.visitor("bank")
    assert PrintQueue(site.venue).look("P2") is None


def test_a_confirmed_job_is_printed_and_logged(site: Site) -> None:
    """And is never taken again."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = take(queue)
    assert job is not None
    queue.printed(job["id"])
    assert state(site, visit["id"]) == "printed"
    assert site.events()[-1] == "ticket_printed"
    assert take(queue) is None


def test_a_job_that_was_sent_and_not_confirmed_is_never_printed_again_by_itself(site: Site) -> None:
    """It may lie in the tray: two papers with one number would be worse."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = take(queue)
    assert job is not None
    queue.uncertain(job["id"], "no answer")
    assert (state(site, visit["id"]), take(queue)) == ("uncertain", None)
    site.wait(60)
    assert take(queue) is None
    again = accepted(site.visit_does("reprint", visit["id"]))
    assert again["ticket"]["state"] == "queued", "only when somebody asks for it"


def test_a_job_that_cannot_be_printed_is_set_aside_with_its_error(site: Site) -> None:
    """The rest of the queue goes on."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    site.wait(1)
    site.visitor("bank")
    job = take(queue)
    assert job is not None
    queue.failed(job["id"], "no glyph")
    assert state(site, visit["id"]) == "failed"
    assert site.one("SELECT error FROM print_job WHERE id = :job", job=job["id"]) == "no glyph"
    assert take(queue) is not None


def test_a_job_that_was_not_sent_is_tried_again_after_a_while(site: Site) -> None:
    """Paper out: nothing was printed, so printing it is right."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = take(queue)
    assert job is not None
    queue.retry(job["id"], "no paper", 30.0)
    assert (state(site, visit["id"]), take(queue)) == ("queued", None)
    site.wait(0.5)
    again = take(queue)
    assert again is not None and (again["id"], again["attempts"]) == (job["id"], 2)


def test_a_job_of_which_nothing_was_sent_is_tried_again_too_and_the_attempt_counts(site: Site) -> None:
    """Trouble while it was rendered: it was never marked as being sent."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    job = queue.look("P1")
    assert job is not None
    queue.retry(job["id"], "render", 0.0)
    again = queue.look("P1")
    assert again is not None and (again["id"], again["attempts"]) == (job["id"], 2)
    queue.failed(job["id"], "render")
    assert queue.look("P1") is None


def test_after_a_crash_a_job_under_way_is_uncertain_unless_printing_it_twice_is_harmless(site: Site) -> None:
    """A virtual printer writes the same file again; paper would come twice."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    take(queue)
    PrintQueue(site.venue).recover("P1", idempotent=True)
    assert state(site, visit["id"]) == "queued"
    take(queue)
    PrintQueue(site.venue).recover("P2", idempotent=False)
    assert state(site, visit["id"]) == "sending", "another printer's start is none of its business"
    PrintQueue(site.venue).recover("P1", idempotent=False)
    assert state(site, visit["id"]) == "uncertain"


def test_what_was_settled_stays_settled_whatever_is_heard_later(site: Site) -> None:
    """A late confirmation of a job that was given up changes nothing and is not logged twice."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = take(queue)
    assert job is not None
    queue.printed(job["id"])
    before = site.everything()
    queue.failed(job["id"], "late")
    queue.printed(job["id"])
    queue.retry(job["id"], "late", 1.0)
    assert site.everything() == before
    assert state(site, visit["id"]) == "printed"


def test_a_job_is_only_looked_at_until_its_first_byte(site: Site) -> None:
    """Killed while the ticket is laid out, it is printed later and nobody is in doubt."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    before = site.everything()
    assert queue.look("P1") is not None
    assert site.everything() == before
    queue.recover("P1", idempotent=False)
    assert state(site, visit["id"]) == "queued"


def test_what_becomes_uncertain_after_a_crash_is_told(site: Site) -> None:
    """Somebody may stand there without paper."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    take(queue, "P1")
    queue.recover("P1", idempotent=False)
    assert site.events()[-1] == "ticket_uncertain"


def test_a_ticket_can_turn_out_to_be_impossible_before_its_first_byte(site: Site) -> None:
    """But nothing is printed or in doubt that has not begun."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = visit["ticket"]["print_job"]
    queue.printed(job)
    queue.uncertain(job, "reset")
    assert state(site, visit["id"]) == "queued"
    queue.failed(job, "render: no glyph")
    assert state(site, visit["id"]) == "failed"


def test_each_attempt_counts_once(site: Site) -> None:
    """Whether it ended before the first byte or was begun without one."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    job = queue.look("P1")
    assert job is not None and job["attempts"] == 1
    queue.retry(job["id"], "render", 0.0)
    job = take(queue, "P1")
    assert job is not None and job["attempts"] == 2
    queue.retry(job["id"], "paper_out", 0.0)
    again = queue.look("P1")
    assert again is not None and again["attempts"] == 3


# -- the ladder ------------------------------------------------------------------------------------------------------


def test_a_ticket_waits_for_its_own_printer_until_the_patience_is_over(site: Site) -> None:
    """A lid that is opened and closed moves nobody's ticket."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    assert queue.step_aside("P1", "paper_out", site.plan.print_patience_s - 0.1) == 0
    assert site.look(visit["id"])["ticket"]["printer"] == "P1"
    assert queue.step_aside("P1", "paper_out", site.plan.print_patience_s) == 1
    ticket = site.look(visit["id"])["ticket"]
    assert (ticket["printer"], ticket["state"], ticket["error"]) == ("P2", "queued", "paper_out")


def test_a_moved_ticket_comes_out_of_the_neighbour_and_only_there(site: Site) -> None:
    """Its own printer, back again, no longer may begin it."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    seen = queue.look("P1")
    assert seen is not None
    queue.step_aside("P1", "cover_open", 60.0)
    assert not queue.sending(seen["id"], "P1")
    assert queue.look("P1") is None
    job = take(queue, "P2")
    assert job is not None and (job["id"], job["attempts"]) == (visit["ticket"]["print_job"], 1)
    queue.printed(job["id"])
    assert site.look(visit["id"])["ticket"]["state"] == "printed"
    moved = site.rows("SELECT data, visit FROM event WHERE kind = 'ticket_moved'")
    assert [(json.loads(row["data"]), row["visit"]) for row in moved] == [
        ({"job": job["id"], "printer": "P2", "from": "P1", "error": "cover_open"}, visit["id"])
    ]


def test_what_was_begun_stays_where_it_is(site: Site) -> None:
    """A byte may have left: another printer would make a second paper."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    take(queue, "P1")
    assert queue.step_aside("P1", "reset", 600.0) == 0
    assert site.one("SELECT printer FROM print_job") == "P1"


def test_what_is_in_doubt_goes_to_no_neighbour_and_back_into_no_queue(site: Site) -> None:
    """However long its printer stays down, whatever is heard of it later, and after every start."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = visit["ticket"]["print_job"]
    take(queue, "P1")
    queue.uncertain(job, "reset")
    site.wait(5)
    before = site.everything()
    assert queue.step_aside("P1", "reset", 600.0) == 0
    queue.retry(job, "reset", 0.0)
    queue.recover("P1", idempotent=True)
    assert (queue.look("P1"), queue.look("P2")) == (None, None)
    assert not queue.sending(job, "P1") and not queue.sending(job, "P2")
    assert site.everything() == before


def test_with_no_printer_left_the_ticket_has_failed_at_once(site: Site) -> None:
    """The visitor is told, with the trouble of the printer it waited for last."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    queue.step_aside("P1", "paper_out", 5.0)
    assert queue.step_aside("P2", "unreachable", 5.0) == 1
    ticket = site.look(visit["id"])["ticket"]
    assert (ticket["state"], ticket["error"], ticket["printer"]) == ("failed", "unreachable", "P2")
    assert site.events()[-1] == "ticket_failed"
    assert visit["number"] == 1, "the number is theirs all the same"


def test_a_neighbour_in_trouble_is_passed_over(site: Site) -> None:
    """Nobody waits twice."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    assert queue.step_aside("P1", "paper_out", 5.0, {"P1", "P2"}) == 1
    assert (site.look(visit["id"])["ticket"]["state"], queue.look("P2")) == ("failed", None)


def test_all_that_waits_moves_and_in_the_old_order(site: Site) -> None:
    """The neighbour prints first who came first, also before its own later ones."""
    queue = PrintQueue(site.venue)
    numbers = []
    for _ in range(3):
        numbers.append(site.visitor("bank")["number"])
        site.wait(1)
    assert queue.step_aside("P1", "paper_out", 5.0) == 3
    printed = []
    while (job := take(queue, "P2")) is not None:
        queue.printed(job["id"])
        printed.append(job["spec"]["number"])
    assert printed == numbers


def test_a_printer_that_says_it_is_well_and_never_begins_loses_the_ticket_sooner(site: Site) -> None:
    """Each look is answered with 'ready', each attempt fails: patience would never be over."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    for _ in range(MAX_FALSE_STARTS):
        assert queue.step_aside("P1", "stalled", 0.0) == 0
        job = take(queue, "P1")
        assert job is not None
        queue.retry(job["id"], "stalled", 0.0)
    assert queue.step_aside("P1", "stalled", 0.0) == 1
    assert site.one("SELECT printer FROM print_job") == "P2"


@pytest.mark.parametrize("patience", [0.5, 20.0])
def test_the_patience_is_the_venues_setting(new_site: Any, patience: float) -> None:
    """Between half a second and as long as people bear."""
    with new_site(plan=small_plan(print_patience_s=patience)) as site:
        site.visitor("bank")
        queue = PrintQueue(site.venue)
        assert queue.step_aside("P1", "paper_out", patience - 0.01) == 0
        assert queue.step_aside("P1", "paper_out", patience) == 1


def test_a_reprint_waits_until_a_mended_printer_has_been_asked_again(site: Site) -> None:
    """Who has just put paper in presses the button: the printer's old trouble is no reason to refuse."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    take(queue, "P1")
    queue.uncertain(visit["ticket"]["print_job"], "reset")
    site.wait(1)
    accepted(site.visit_does("reprint", visit["id"]))
    assert queue.step_aside("P1", "paper_out", 600.0) == 0
    site.wait(ASKED_AGAIN_MS / 60_000)
    assert queue.step_aside("P1", "paper_out", 600.0) == 1
