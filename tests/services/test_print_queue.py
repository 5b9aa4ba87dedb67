from __future__ import annotations

from checkin_server.services.print_queue import PrintQueue
from tests.support.venue import Site, accepted


def state(site: Site, visit: str) -> str:
    """Return what a screen says of a visit's ticket."""
    return str(site.look(visit)["ticket"]["state"])


def test_the_oldest_ticket_of_a_printer_is_taken_first_and_only_once(site: Site) -> None:
    """A job that is being sent is nobody else's."""
    queue = PrintQueue(site.venue)
    first = site.visitor("bank")
    site.wait(1)
    second = site.visitor("bank")
    job = queue.take("P1")
    assert job is not None and (job["id"], job["attempts"]) == (first["ticket"]["print_job"], 1)
    assert job["spec"]["number"] == 1
    assert state(site, first["id"]) == "sending"
    other = queue.take("P1")
    assert other is not None and other["id"] == second["ticket"]["print_job"]
    assert queue.take("P1") is None


def test_a_printer_gets_only_its_own_jobs(site: Site) -> None:
    """The other kiosk's paper stays there."""
    site.visitor("bank")
    assert PrintQueue(site.venue).take("P2") is None


def test_a_confirmed_job_is_printed_and_logged(site: Site) -> None:
    """And is never taken again."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = queue.take("P1")
    assert job is not None
    queue.printed(job["id"])
    assert state(site, visit["id"]) == "printed"
    assert site.events()[-1] == "ticket_printed"
    assert queue.take("P1") is None


def test_a_job_that_was_sent_and_not_confirmed_is_never_printed_again_by_itself(site: Site) -> None:
    """It may lie in the tray: two papers with one number would be worse."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = queue.take("P1")
    assert job is not None
    queue.uncertain(job["id"], "no answer")
    assert (state(site, visit["id"]), queue.take("P1")) == ("uncertain", None)
    site.wait(60)
    assert queue.take("P1") is None
    again = accepted(site.visit_does("reprint", visit["id"]))
    assert again["ticket"]["state"] == "queued", "only when somebody asks for it"


def test_a_job_that_cannot_be_printed_is_set_aside_with_its_error(site: Site) -> None:
    """The rest of the queue goes on."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    site.wait(1)
    site.visitor("bank")
    job = queue.take("P1")
    assert job is not None
    queue.failed(job["id"], "no glyph")
    assert state(site, visit["id"]) == "failed"
    assert site.one("SELECT error FROM print_job WHERE id = :job", job=job["id"]) == "no glyph"
    assert queue.take("P1") is not None


def test_a_job_that_was_not_sent_is_tried_again_after_a_while(site: Site) -> None:
    """Paper out: nothing was printed, so printing it is right."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = queue.take("P1")
    assert job is not None
    queue.retry(job["id"], "no paper", 30.0)
    assert (state(site, visit["id"]), queue.take("P1")) == ("queued", None)
    site.wait(0.5)
    again = queue.take("P1")
    assert again is not None and (again["id"], again["attempts"]) == (job["id"], 2)


def test_after_a_crash_a_job_under_way_is_uncertain_unless_printing_it_twice_is_harmless(site: Site) -> None:
    """A virtual printer writes the same file again; paper would come twice."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    queue.take("P1")
    PrintQueue(site.venue).recover("P1", idempotent=True)
    assert state(site, visit["id"]) == "queued"
    queue.take("P1")
    PrintQueue(site.venue).recover("P2", idempotent=False)
    assert state(site, visit["id"]) == "sending", "another printer's start is none of its business"
    PrintQueue(site.venue).recover("P1", idempotent=False)
    assert state(site, visit["id"]) == "uncertain"


def test_what_was_settled_stays_settled_whatever_is_heard_later(site: Site) -> None:
    """A late confirmation of a job that was given up changes nothing and is not logged twice."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    job = queue.take("P1")
    assert job is not None
    queue.printed(job["id"])
    before = site.everything()
    queue.failed(job["id"], "late")
    queue.printed(job["id"])
    queue.retry(job["id"], "late", 1.0)
    assert site.everything() == before
    assert state(site, visit["id"]) == "printed"
