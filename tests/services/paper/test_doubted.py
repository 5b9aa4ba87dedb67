"""A printer that says it is well and loses tickets is believed no more, until a person has seen it print."""

from __future__ import annotations

import json
from typing import Any

from checkin_server.services.paper.doubted import LOSES_TICKETS, Doubts, judge_test
from checkin_server.services.paper.print_queue import PrintQueue
from checkin_server.services.paper.try_printer import try_printer
from checkin_server.services.snapshots import printers as printers_snapshot
from checkin_server.services.snapshots import welcome
from checkin_server.services.venue import Actor
from tests.support.venue import Site, accepted, new_id, refused

OFFICE = Actor("d-office", "organizer", "dashboard")
WELL = {"state": "ok", "last_error": None, "paper": "ok", "since": None}


def goes(queue: PrintQueue, how: str, error: str = "no_answer") -> str:
    """Print the next job of P1, which ends like this; give its id."""
    job = queue.look("P1")
    assert job is not None and queue.sending(job["id"], "P1")
    if how == "uncertain":
        queue.uncertain(job["id"], error)
    else:
        getattr(queue, how)(job["id"])
    return str(job["id"])


def loses_two(site: Site) -> PrintQueue:
    """Two tickets in a row of which nobody knows what came out."""
    queue = PrintQueue(site.venue)
    for _ in range(2):
        site.visitor("bank")
        goes(queue, "uncertain")
    return queue


def shown(site: Site, doubts: Doubts) -> dict[str, Any]:
    """What the dashboard shows of P1, which says of itself that it is well."""
    states = lambda: doubts.overlay({"P1": dict(WELL), "P2": dict(WELL)})  # noqa: E731
    return dict(printers_snapshot.snapshot(site.venue, states)["printers"][0])


def test_after_two_uncertain_tickets_in_a_row_the_next_come_out_of_the_neighbour(site: Site) -> None:
    """The first one alone may be a cable that was touched; from the second on nobody else waits for it."""
    queue = PrintQueue(site.venue)
    site.visitor("bank")
    goes(queue, "uncertain", "reset")
    assert not queue.doubts.doubted("P1")
    site.visitor("bank")
    goes(queue, "uncertain", "no_answer")
    assert queue.doubts.doubted("P1")
    third = site.visitor("bank")
    assert queue.look("P1") is None, "it gets no visitor's ticket"
    assert queue.step_aside("P1", LOSES_TICKETS, float("inf"), {"P1"}) == 1
    job = queue.look("P2")
    assert job is not None and job["id"] == third["ticket"]["print_job"]
    assert site.events().count("printer_doubted") == 1


def test_a_printed_ticket_between_them_speaks_for_the_printer(site: Site) -> None:
    """So does one that was sent to a printer without acknowledgement; a server's own end speaks against nobody."""
    queue = PrintQueue(site.venue)
    for how in ("uncertain", "printed", "uncertain", "sent", "uncertain"):
        site.visitor("bank")
        goes(queue, how)
    site.visitor("bank")
    goes(queue, "uncertain", "interrupted")
    assert not queue.doubts.doubted("P1")


def test_it_stays_in_trouble_by_name_until_a_person_has_confirmed_a_test_print(site: Site) -> None:
    """Over a restart; neither its own word nor a test print that it acknowledged is enough."""
    loses_two(site)
    queue = PrintQueue(site.venue)  # the next process
    state = shown(site, queue.doubts)
    assert (state["state"], state["last_error"], state["doubted"]) == ("trouble", LOSES_TICKETS, True)
    assert state["since"] is not None and state["to_judge"] is None
    site.visitor("bank")
    test = accepted(try_printer(site.venue, OFFICE, "P1", new_id()))["print_job"]
    assert goes(queue, "printed") == test, "a test print is all that it gets"
    assert shown(site, queue.doubts)["to_judge"] == test
    accepted(judge_test(site.venue, queue.doubts, OFFICE, "P1", test, False, new_id()))
    state = shown(site, queue.doubts)
    assert (state["last_error"], state["to_judge"], state["test"]["came_out"]) == (LOSES_TICKETS, None, False)
    again = accepted(try_printer(site.venue, OFFICE, "P1", new_id()))["print_job"]
    assert goes(queue, "uncertain") == again
    command = new_id()
    for _ in range(2):  # an answer that got lost
        answer = accepted(judge_test(site.venue, queue.doubts, OFFICE, "P1", again, True, command))
        assert answer == {"outcome": "done", "printer": "P1", "believed": True}
    assert shown(site, queue.doubts)["state"] == "ok" and shown(site, queue.doubts)["to_judge"] is None
    assert queue.look("P1") is not None
    told = site.rows("SELECT data FROM event WHERE kind = 'test_print_judged' ORDER BY seq")
    said = [json.loads(row["data"]) for row in told]
    assert said == [
        {"printer": "P1", "job": test, "came_out": False},
        {"printer": "P1", "job": again, "came_out": True},
    ]


def test_only_a_test_print_of_that_printer_that_can_be_looked_for_is_confirmed(site: Site) -> None:
    """A visitor's ticket, another printer's paper and one that waits prove nothing."""
    queue = loses_two(site)
    ticket = site.visitor("bank")["ticket"]["print_job"]
    test = accepted(try_printer(site.venue, OFFICE, "P1", new_id()))["print_job"]

    def why(printer: str, job: str) -> str:
        return refused(judge_test(site.venue, queue.doubts, OFFICE, printer, job, True, new_id())).code

    assert why("P9", test) == "unknown_printer"
    assert why("P1", ticket) == why("P2", test) == why("P1", "p_nobody") == "unknown_print_job"
    assert why("P1", test) == "wrong_state"
    assert queue.doubts.doubted("P1")


def test_its_test_prints_stay_while_tickets_leave_and_fail_only_when_it_can_not_be_reached(site: Site) -> None:
    """Else nobody could ever confirm one."""
    queue = loses_two(site)
    test = accepted(try_printer(site.venue, OFFICE, "P1", new_id()))["print_job"]
    site.wait(1)
    assert queue.step_aside("P1", LOSES_TICKETS, float("inf"), {"P1"}) == 0
    assert queue.step_aside("P1", "unreachable", 60.0, {"P1"}) == 1
    assert site.one("SELECT state FROM print_job WHERE id = :job", job=test) == "failed"


def test_what_it_says_of_itself_comes_first_where_that_is_trouble(site: Site) -> None:
    """There is paper to put in; that it lost tickets is not forgotten."""
    doubts = loses_two(site).doubts
    states = doubts.overlay({"P1": {"state": "trouble", "last_error": "paper_out", "paper": None}})
    assert (states["P1"]["last_error"], states["P1"]["doubted"]) == ("paper_out", True)


def test_a_ticket_that_was_sent_is_no_trouble_anywhere(site: Site) -> None:
    """To kiosk and desk it is one that came out; the dashboard counts it by its own name."""
    queue, visit = PrintQueue(site.venue), site.visitor("bank")
    goes(queue, "sent")
    assert site.look(visit["id"])["ticket"]["state"] == "sent"
    states = lambda: {"P1": dict(WELL), "P2": dict(WELL)}  # noqa: E731
    desk = welcome.snapshot(site.venue, states)
    assert (desk["tickets"], desk["trouble"]) == ([], [])
    row = shown(site, queue.doubts)
    assert (row["sent"], row["printed"], row["uncertain"], row["failed"]) == (1, 0, 0, 0)
    assert "ticket_sent" in site.events()
