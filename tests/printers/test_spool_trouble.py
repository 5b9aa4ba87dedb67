"""A spool and what can go wrong: the ticket, the printer, the store, its own process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from printers.renderer import RenderedTicket, Renderer, RenderError
from printers.spool import MAX_ATTEMPTS, Spool
from printers.transports.base import Paper, nothing
from printers.transports.network import NetworkTransport
from printers.transports.virtual import VirtualTransport
from tests.printers.fake_printer import FakePrinter
from tests.printers.job_record import JobRecord
from tests.printers.spooling import line_to, numbered, spooling, until


def test_a_poisonous_ticket_is_set_aside_and_the_next_one_printed(tmp_path: Path, renderer: Renderer) -> None:
    """It fails at its first attempt, with the reason, and stops nobody."""
    record = JobRecord()
    record.add("bad", {"number": "poison"})
    record.add("good", numbered(1))
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer) as spool:
        until(record.settled)
        assert spool.state()["state"] == "ok"
    assert record.states() == {"bad": "failed", "good": "printed"}
    assert record.attempts()["bad"] == 1
    assert "missing" in str(record.errors()["bad"])


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "offline", "mute"])
def test_a_printer_in_trouble_keeps_its_jobs_and_their_order(renderer: Renderer, fault: str) -> None:
    """Nothing is claimed meanwhile, the state names the trouble, and all is printed once when it is over."""
    record = JobRecord()
    with FakePrinter(fault) as printer, spooling(record, line_to(printer), renderer) as spool:
        for number in range(1, 6):
            record.add(f"job-{number}", numbered(number))
            spool.wake()
        code = "no_answer" if fault == "mute" else fault
        until(lambda: spool.state()["last_error"] == code)
        time.sleep(0.5)
        assert set(record.states().values()) == {"queued"}
        assert sum(record.attempts().values()) == 0
        printer.fault = "ok"
        until(record.settled)
        assert spool.state() == {"state": "ok", "last_error": None, "paper": "ok"}
        assert printer.tickets == [renderer.render(numbered(number), 80).escpos for number in range(1, 6)]
    assert set(record.states().values()) == {"printed"}


def test_trouble_between_check_and_job_sends_the_job_back(renderer: Renderer) -> None:
    """The printer was well when last heard of: the job's own questions find the trouble, before its first byte."""
    record = JobRecord()
    with FakePrinter() as printer, spooling(record, line_to(printer), renderer, check_every=60) as spool:
        until(lambda: spool.state()["state"] == "ok")
        printer.fault = "cover_open"
        record.add("job", numbered(1))
        spool.wake()
        until(lambda: spool.state()["last_error"] == "cover_open")
        assert record.states() == {"job": "queued"}
        assert record.errors() == {"job": "cover_open"}
        printer.fault = "ok"
        until(record.settled)
        assert len(printer.tickets) == 1
    assert record.states() == {"job": "printed"}


@pytest.mark.parametrize(
    ("fault", "code"), [("stall", "stalled"), ("reset", "reset"), ("close", "reset"), ("no_ack", "no_answer")]
)
def test_a_job_that_may_have_come_out_is_never_printed_again_by_itself(
    renderer: Renderer, fault: str, code: str
) -> None:
    """It is `uncertain`, and the jobs after it are printed when the printer is well."""
    record = JobRecord()
    with FakePrinter(fault) as printer, spooling(record, line_to(printer), renderer) as spool:
        record.add("first", numbered(1))
        spool.wake()
        until(lambda: record.states()["first"] == "uncertain")
        printer.fault = "ok"
        record.add("second", numbered(2))
        until(record.settled)
        first, second = (renderer.render(numbered(number), 80).escpos for number in (1, 2))
        assert printer.tickets.count(first) == (1 if fault == "no_ack" else 0)
        assert printer.tickets.count(second) == 1
    assert record.states() == {"first": "uncertain", "second": "printed"}
    assert record.errors()["first"] == code
    assert record.attempts() == {"first": 1, "second": 1}


def test_after_a_crash_a_job_on_its_way_is_uncertain_on_paper_and_repeated_in_a_folder(
    tmp_path: Path, renderer: Renderer
) -> None:
    """Nobody knows what a real printer did; a file can be written again."""
    for transport, expected in ((None, "uncertain"), (VirtualTransport(tmp_path, "p1"), "printed")):
        record = JobRecord()
        record.add("on-its-way", numbered(1))
        record.add("queued", numbered(2))
        assert record.sending("on-its-way", "p1")  # and here the power failed
        with FakePrinter() as printer, spooling(record, transport or line_to(printer), renderer):
            until(record.settled)
            assert transport is not None or len(printer.tickets) == 1
        assert record.states() == {"on-its-way": expected, "queued": "printed"}


def test_what_was_printed_is_recorded_although_the_store_was_down(tmp_path: Path, renderer: Renderer) -> None:
    """The worker tries until the store has it, and prints nothing twice meanwhile."""
    record = JobRecord()

    class Pulled(NetworkTransport):
        """Pulls the database's plug while a ticket is being printed."""

        def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
            paper = super().send(job, ticket, begin)
            record.down = True
            return paper

    with FakePrinter() as printer:
        transport = Pulled("127.0.0.1", printer.port)
        with spooling(record, transport, renderer) as spool:
            record.add("job", numbered(1))
            until(lambda: spool.state()["last_error"] == "store")
            time.sleep(0.3)
            assert record.states() == {"job": "sending"}
            record.down = False
            until(record.settled)
            until(lambda: spool.state()["state"] == "ok")
        assert len(printer.tickets) == 1
    assert record.states() == {"job": "printed"}


def test_a_store_that_can_not_be_read_stops_nothing_for_good(tmp_path: Path, renderer: Renderer) -> None:
    """The state says so, and printing goes on when the store is back."""
    record = JobRecord()
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer) as spool:
        until(lambda: spool.state()["state"] == "ok")
        record.add("job", numbered(1))
        record.down = True
        until(lambda: spool.state()["last_error"] == "store" or record.settled())
        record.down = False
        until(record.settled)
        until(lambda: spool.state() == {"state": "ok", "last_error": None, "paper": "ok"})


class Rendering:
    """A real renderer that can be broken."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.broken = False
        self.slow_numbers: set[int] = set()
        self.tried = 0

    def check(self) -> None:
        if self.broken:
            raise RenderError("no fonts", of_ticket=False)

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        self.tried += 1
        if self.broken or spec["number"] in self.slow_numbers:
            raise RenderError("trouble", of_ticket=False)
        return self.renderer.render(spec, width_mm)


def test_a_broken_installation_fails_no_ticket(tmp_path: Path, renderer: Renderer) -> None:
    """Missing fonts or a wrong template are not the tickets' fault: they wait until it is mended."""
    record, rendering = JobRecord(), Rendering(renderer)
    rendering.broken = True
    for number in (1, 2):
        record.add(f"job-{number}", numbered(number))
    with spooling(record, VirtualTransport(tmp_path, "p1"), rendering) as spool:
        until(lambda: spool.state() == {"state": "trouble", "last_error": "render", "paper": "ok"})
        time.sleep(0.5)
        assert set(record.states().values()) == {"queued"}
        assert rendering.tried == 1
        rendering.broken = False
        until(record.settled)
        assert spool.state()["state"] == "ok"
    assert set(record.states().values()) == {"printed"}


def test_a_ticket_that_only_itself_can_not_be_rendered_is_given_up_after_a_few_attempts(
    tmp_path: Path, renderer: Renderer
) -> None:
    """One that always times out is set aside; the next is printed."""
    record, rendering = JobRecord(), Rendering(renderer)
    rendering.slow_numbers = {1}
    record.add("slow", numbered(1))
    record.add("good", numbered(2))
    with spooling(record, VirtualTransport(tmp_path, "p1"), rendering):
        until(record.settled)
    assert record.states() == {"slow": "failed", "good": "printed"}
    assert record.attempts()["slow"] == MAX_ATTEMPTS


def test_a_mistake_in_a_transport_is_no_reason_to_print_twice(renderer: Renderer) -> None:
    """An error nobody foresaw leaves a real printer's job uncertain, and the worker at work."""

    class Wrong:
        idempotent = False
        acknowledges = True
        sent = 0

        def interrupted(self) -> None:
            """Nothing was."""

        def check(self, *, acknowledge: bool = False) -> Paper:
            return None

        def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
            begin()
            self.sent += 1
            if self.sent == 1:
                raise ZeroDivisionError
            return None

    record, transport = JobRecord(), Wrong()
    record.add("first", numbered(1))
    record.add("second", numbered(2))
    with spooling(record, transport, renderer):
        until(record.settled)
    assert record.states() == {"first": "uncertain", "second": "printed"}
    assert transport.sent == 2


def test_a_job_that_can_never_be_sent_is_set_aside(tmp_path: Path, renderer: Renderer) -> None:
    """A permanent error fails the job and blames no printer."""
    record = JobRecord()
    record.add("../escape", numbered(1))
    record.add("good", numbered(2))
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer) as spool:
        until(record.settled)
        assert spool.state()["state"] == "ok"
    assert record.states() == {"../escape": "failed", "good": "printed"}
    assert record.errors()["../escape"] == "bad_name"


def test_little_paper_is_told_once_and_a_wavering_sensor_takes_nothing_back(renderer: Renderer) -> None:
    """`low` from the first word on, through the jobs that follow, until a new roll or three good words in a row."""
    record, told = JobRecord(), []
    with FakePrinter("near_end") as printer:
        spool = Spool(
            record,
            line_to(printer),
            renderer,
            "p1",
            80,
            poll=0.05,
            check_every=0.05,
            backoff=(0.02, 0.1),
            on_state=lambda: told.append(spool.state()["paper"]),
        )
        spool.start()
        try:
            for number in range(1, 4):
                record.add(f"job-{number}", numbered(number))
            until(record.settled)
            assert set(record.states().values()) == {"printed"}
            assert (spool.state()["state"], told) == ("ok", ["low"])
            printer.fault = "ok"
            until(lambda: spool.state()["paper"] == "ok")
            printer.fault = "near_end"
            until(lambda: spool.state()["paper"] == "low")
            printer.fault = "paper_out"
            until(lambda: spool.state()["paper"] == "out")
            printer.fault = "ok"
            until(lambda: spool.state()["state"] == "ok")
            assert told == ["low", "ok", "low", "out", "ok"]
        finally:
            assert spool.stop(20)


def test_one_good_word_is_not_believed(renderer: Renderer) -> None:
    """Near the end a turning roll makes the sensor waver: no alert comes and goes with it."""

    class Wavering:
        idempotent = True
        acknowledges = True
        words = iter(["low", "ok", "low", "ok", "ok", "low", "ok", "ok", "ok"])
        heard = 0

        def interrupted(self) -> None:
            """Nothing was."""

        def check(self, *, acknowledge: bool = False) -> Paper:
            self.heard += 1
            return cast(Paper, next(self.words, "ok"))

        def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
            raise AssertionError("no job was given")

    told: list[str | None] = []
    way = Wavering()
    spool = Spool(
        JobRecord(),
        way,
        renderer,
        "p1",
        80,
        poll=0.01,
        check_every=0.0,
        on_state=lambda: told.append(spool.state()["paper"]),
    )
    spool.start()
    try:
        until(lambda: way.heard > 12)
        assert told == ["low", "ok"]
    finally:
        assert spool.stop(20)
