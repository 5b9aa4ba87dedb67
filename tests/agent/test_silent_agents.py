"""What becomes of the tickets of an agent that is not heard of any more."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checkin_server.db import print_jobs
from checkin_server.domain.refusal import Refusal
from checkin_server.services.paper import print_agents
from checkin_server.services.paper.print_agents import PrintAgents
from checkin_server.services.venue import Actor
from printers.renderer import RenderedTicket, RenderError
from tests.support.venue import Site, sqlcipher_site

AGENT = Actor("d_agent", "print_agent", "P1")


class Renderer:
    """Lays out nothing; may be told to fail."""

    error: RenderError | None = None

    def __call__(self, spec: Any, width_mm: int) -> RenderedTicket:
        """Give some bytes, or fail as told."""
        if self.error is not None:
            raise self.error
        return RenderedTicket(png=b"png", escpos=b"escpos")


class Hall:
    """A venue whose printer P1 is an agent's."""

    def __init__(self, site: Site) -> None:
        plan = site.venue.plan
        one = next(iter(plan.printers.values()))
        printers = {**plan.printers, **{name: replace(one, id=name, kind="agent") for name in ("P1", "P9")}}
        self.venue = replace(site.venue, plan=replace(plan, printers=printers))
        self.site = site
        self.render = Renderer()
        self.down: list[tuple[str, str, float]] = []
        self.changes = 0
        self.agents = PrintAgents(self.venue, self.render, self._changed, lambda *told: self.down.append(told))

    def _changed(self) -> None:
        self.changes += 1

    def queue(self, name: str) -> str:
        """Queue a test print."""
        self.venue.db.write(
            lambda tx: print_jobs.add(
                tx,
                name,
                day=None,
                visit=None,
                printer="P1",
                ladder="[]",
                kind="test",
                spec=json.dumps({"number": 1}),
                now=self.venue.now(),
            )
        )
        return name

    def state(self, job: str) -> tuple[str, str | None]:
        """A job's state and error."""
        row = self.venue.db.read(lambda tx: print_jobs.find(tx, job))
        assert row is not None
        return row["state"], row["error"]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A hall without visitors."""
    with sqlcipher_site(tmp_path) as site:
        yield Hall(site)


def _later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + seconds)


def test_an_agent_never_heard_of_is_unknown_at_first_and_silent_later(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart of the server it has some seconds to speak."""
    assert hall.agents.states()["P1"]["state"] == "unknown"
    hall.agents.look_after()
    assert hall.down == []
    _later(monkeypatch, print_agents.SILENT_AFTER_S + 1)
    hall.agents.look_after()
    assert hall.agents.states()["P1"] == {"state": "trouble", "last_error": print_agents.SILENT, "paper": None}
    assert ("P1", print_agents.SILENT, 0.0) in hall.down and hall.changes >= 1
    hall.agents.report(AGENT, "P1", {"state": "ok", "last_error": None, "paper": None})
    assert hall.agents.states()["P1"]["state"] == "ok"


def test_what_a_silent_agent_was_sending_is_uncertain_after_two_minutes(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before, and never while it speaks: a slow job is no lost one. What is queued stays so."""
    sent, waiting = hall.queue("p_sent"), hall.queue("p_waiting")
    hall.agents.sending(AGENT, sent, "00000000-0000-0000-0000-000000000001")
    started = hall.venue.now()
    hall.site.clock.set(started + 130_000)
    hall.agents.report(AGENT, "P1", {"state": "ok", "last_error": None, "paper": None})
    hall.agents.look_after()
    assert hall.state(sent) == ("sending", None), "the agent speaks"
    _later(monkeypatch, 60)
    hall.site.clock.set(started + 130_000)
    hall.agents.look_after()
    assert hall.state(sent) == ("uncertain", print_agents.SILENT)
    assert hall.state(waiting)[0] == "queued"


def test_another_agent_has_no_say_over_a_ticket(hall: Hall) -> None:
    """Both are agents of this venue; the ticket is the first one's."""
    job = hall.queue("p_mine")
    other = Actor("d_other", "print_agent", "P9")
    refused = Refusal("forbidden", {"station": "P9"})
    assert hall.agents.sending(other, job, "00000000-0000-0000-0000-000000000003") == refused
    assert hall.agents.ended(other, job, "failed", "00000000-0000-0000-0000-000000000004", "x") == refused
    assert hall.agents.retry(other, job, "00000000-0000-0000-0000-000000000005", "x", 0.0) == refused
    assert hall.state(job) == ("queued", None)


def test_a_ticket_that_its_agent_knows_nothing_of_is_uncertain(hall: Hall) -> None:
    """Its `sending` was delayed on the way and came after the agent had given up: the agent asks for other tickets."""
    lost = hall.queue("p_lost")
    hall.agents.sending(AGENT, lost, "00000000-0000-0000-0000-000000000002")
    hall.agents.next_job(AGENT, "P1", 0.0)
    assert hall.state(lost)[0] == "sending", "two minutes are given"
    hall.site.clock.set(hall.venue.now() + 130_000)
    hall.agents.next_job(AGENT, "P1", 0.0)
    assert hall.state(lost) == ("uncertain", "interrupted")


def test_a_ticket_that_cannot_be_laid_out_has_failed_and_the_next_one_comes(hall: Hall) -> None:
    """The ticket's own fault ends it; the server's fault keeps it, and the agent asks again."""
    job = hall.queue("p_bad")
    hall.render.error = RenderError("no template", of_ticket=False)
    assert hall.agents.next_job(AGENT, "P1", 0.0) == Refusal("unavailable")
    assert hall.state(job)[0] == "queued"
    hall.render.error = RenderError("too long", of_ticket=True)
    assert hall.agents.next_job(AGENT, "P1", 0.0) == {"job": None}
    assert hall.state(job) == ("failed", "render: too long")
    hall.render.error = None
    good = hall.queue("p_good")
    found = hall.agents.next_job(AGENT, "P1", 0.0)
    assert isinstance(found, dict) and found["job"]["id"] == good
