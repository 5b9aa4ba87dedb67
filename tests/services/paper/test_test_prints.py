"""A test print is a command like any other: queued once, for one printer, and the log says who asked."""

from __future__ import annotations

import json

from checkin_server.services.paper.try_printer import try_printer
from checkin_server.services.venue import Actor
from tests.support.venue import Site, accepted, new_id, refused

OFFICE = Actor("d-office", "organizer", "dashboard")


def test_a_test_print_stands_in_the_log_with_the_device_that_asked(site: Site) -> None:
    """Paper that nobody can account for would look like somebody's ticket."""
    job = accepted(try_printer(site.venue, OFFICE, "P1", new_id()))["print_job"]
    (row,) = site.rows("SELECT * FROM event WHERE kind = 'test_print_queued'")
    assert json.loads(row["data"]) == {"job": job, "printer": "P1"}
    assert (row["device"], row["visit"], row["service_day"]) == ("d-office", None, None)


def test_a_test_print_is_tried_on_its_own_printer_alone(site: Site) -> None:
    """Else it would say that a printer works which does not."""
    job = accepted(try_printer(site.venue, OFFICE, "P1", new_id()))["print_job"]
    (row,) = site.rows("SELECT printer, ladder, kind, visit FROM print_job WHERE id = :job", job=job)
    assert row == {"printer": "P1", "ladder": "[]", "kind": "test", "visit": None}


def test_no_such_printer_is_refused_and_nothing_is_queued(site: Site) -> None:
    """By name."""
    assert refused(try_printer(site.venue, OFFICE, "P9", new_id())).code == "unknown_printer"
    assert site.one("SELECT count(*) FROM print_job WHERE kind = 'test'") == 0
