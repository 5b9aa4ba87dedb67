"""The moves of a print job: each says from which state it goes, and does nothing when the job is not there any more."""

from __future__ import annotations

import pytest

from checkin_server.db import print_jobs
from tests.support.venue import Site


@pytest.fixture
def job(site: Site) -> str:
    """A ticket that waits at P1."""
    queued: str = site.visitor("bank")["ticket"]["print_job"]
    return queued


def give(site: Site, job: str, old: str, new: str) -> bool:
    """Give a job to another printer."""
    return site.db.write(lambda tx: print_jobs.give(tx, job, old, new, "[]", "paper_out", site.clock.now()))


def begin(site: Site, job: str, printer: str) -> bool:
    """Mark a job as being sent."""
    return site.db.write(lambda tx: print_jobs.begin(tx, job, printer, site.clock.now()))


def test_a_job_that_was_begun_is_given_to_nobody(site: Site, job: str) -> None:
    """Between the look and the move its first byte may have left: the statement itself says no."""
    assert begin(site, job, "P1")
    before = site.everything()
    assert not give(site, job, "P1", "P2")
    assert site.everything() == before


def test_a_job_is_given_by_whose_it_is(site: Site, job: str) -> None:
    """Once: what has gone to a neighbour is moved on by the neighbour."""
    assert not give(site, job, "P2", "P1")
    assert give(site, job, "P1", "P2")
    assert not give(site, job, "P1", "P2")
    assert not begin(site, job, "P1"), "it is P2's now"
    assert begin(site, job, "P2")


def test_a_job_moves_only_from_the_state_that_was_seen(site: Site, job: str) -> None:
    """What was settled meanwhile stays settled."""
    assert begin(site, job, "P1")
    assert not site.db.write(lambda tx: print_jobs.move(tx, job, "queued", "failed", site.clock.now()))
    assert site.db.write(lambda tx: print_jobs.move(tx, job, "sending", "printed", site.clock.now()))
    assert not site.db.write(lambda tx: print_jobs.move(tx, job, "sending", "uncertain", site.clock.now()))
    assert site.one("SELECT state FROM print_job WHERE id = :job", job=job) == "printed"
