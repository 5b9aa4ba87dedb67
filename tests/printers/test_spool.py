from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from printers.renderer import RenderedTicket, Renderer
from printers.spool import Spool
from printers.transports.network import NetworkTransport
from printers.transports.virtual import VirtualTransport
from tests.printers.fake_printer import FakePrinter
from tests.printers.job_record import JobRecord
from tests.printers.spooling import line_to, numbered, spooling, until


def test_stored_jobs_are_printed_in_order(tmp_path: Path, renderer: Renderer) -> None:
    """Also those stored before the spool started; each ends `printed`, with its files."""
    record = JobRecord()
    for number in (1, 2, 3):
        record.add(f"job-{number}", numbered(number))
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer) as spool:
        until(record.settled)
        record.add("job-4", numbered(4))
        spool.wake()
        until(record.settled)
        assert spool.state() == {"state": "ok", "last_error": None, "paper": "ok"}
    assert set(record.states().values()) == {"printed"}
    folder = tmp_path / "p1"
    times = [(folder / f"job-{number}.bin").stat().st_mtime_ns for number in (1, 2, 3, 4)]
    assert times == sorted(times)
    assert (folder / "job-3.bin").read_bytes() == renderer.render(numbered(3), 80).escpos


def test_a_woken_spool_prints_at_once_and_a_missed_wake_costs_the_poll_only(tmp_path: Path, renderer: Renderer) -> None:
    """`wake` saves waiting; without it nothing is lost."""
    record = JobRecord()
    renderer.check()
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer, poll=60) as spool:
        until(lambda: spool.state()["state"] == "ok")
        time.sleep(0.1)
        record.add("woken", numbered(1))
        spool.wake()
        until(record.settled)
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer, poll=0.5) as spool:
        until(lambda: spool.state()["state"] == "ok")
        time.sleep(0.1)
        record.add("not woken", numbered(2))
        until(record.settled)


def test_jobs_of_another_printer_are_left_alone(tmp_path: Path, renderer: Renderer) -> None:
    """One worker for each printer."""
    record = JobRecord()
    record.add("theirs", numbered(1), printer="p2")
    record.add("ours", numbered(2))
    with spooling(record, VirtualTransport(tmp_path, "p1"), renderer):
        until(lambda: record.states()["ours"] == "printed")
    assert record.states()["theirs"] == "queued"


def test_stopping_lets_the_job_at_hand_end(renderer: Renderer) -> None:
    """A ticket being printed is finished and recorded; the others stay queued."""
    record = JobRecord()
    record.add("at hand", numbered(1))
    record.add("later", numbered(2))
    with FakePrinter("late", delay=0.4) as printer:
        transport = NetworkTransport("127.0.0.1", printer.port)
        spool = Spool(record, transport, renderer, "p1", 80)
        spool.start()
        until(lambda: record.states()["at hand"] == "sending")
        assert spool.stop(10)
    assert record.states() == {"at hand": "printed", "later": "queued"}


def test_who_listens_hears_of_each_change_once(renderer: Renderer) -> None:
    """The server is told when a printer's state changes, and an error of its own harms no printing."""
    record = JobRecord()
    heard: list[tuple[str, str | None]] = []
    with FakePrinter("paper_out") as printer:
        fault = "paper_out"
        # From one connection to the next: paper that is put in between two questions makes an answer of its own.
        printer.next_fault = lambda: fault

        def listen() -> None:
            state = spool.state()
            heard.append((state["state"], state["last_error"]))
            raise RuntimeError("the listener's own trouble")

        spool = Spool(record, line_to(printer), renderer, "p1", 80, poll=0.1, backoff=(0.02, 0.1), on_state=listen)
        assert spool.state() == {"state": "unknown", "last_error": None, "paper": None}
        spool.start()
        until(lambda: bool(heard))
        time.sleep(0.3)
        fault = "ok"
        until(lambda: len(heard) > 1)
        record.add("job", numbered(1))
        until(record.settled)
        assert spool.stop(10)
    assert heard == [("trouble", "paper_out"), ("ok", None)]


def test_an_idle_printer_is_asked_how_it_is(renderer: Renderer) -> None:
    """Trouble shows before the next visitor needs a ticket."""
    record = JobRecord()
    with FakePrinter() as printer, spooling(record, line_to(printer), renderer, poll=0.05, check_every=0.1) as spool:
        until(lambda: spool.state()["state"] == "ok")
        printer.fault = "paper_out"
        until(lambda: spool.state() == {"state": "trouble", "last_error": "paper_out", "paper": "out"})
    assert printer.jobs == []


def test_no_printer_waits_behind_a_dead_one(tmp_path: Path, renderer: Renderer) -> None:
    """A mute printer takes its time; its neighbour prints meanwhile."""
    dead, well = JobRecord(), JobRecord()
    with FakePrinter("mute") as printer:
        slow = NetworkTransport("127.0.0.1", printer.port, status_timeout=5)
        with spooling(dead, slow, renderer) as stuck, spooling(well, VirtualTransport(tmp_path, "p2"), renderer):
            dead.add("job", numbered(1))
            stuck.wake()
            for number in range(5):
                well.add(f"job-{number}", numbered(number + 1))
            until(well.settled)
            # Nobody has given the dead one up yet: its first question still waits for an answer.
            assert stuck.state()["last_error"] is None
            printer.fault = "ok"


class Paused:
    """A real renderer that can be made to wait."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def check(self) -> None:
        pass

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        self.reached.set()
        assert self.go_on.wait(20)
        return self.renderer.render(spec, width_mm)


def test_a_job_that_is_being_rendered_is_still_queued(renderer: Renderer) -> None:
    """Killed there, it is printed after the restart: nobody needs to doubt a ticket of which no byte has left."""
    record, paused = JobRecord(), Paused(renderer)
    record.add("job", numbered(1))
    with FakePrinter() as printer, spooling(record, line_to(printer), paused):
        assert paused.reached.wait(20)
        assert record.states() == {"job": "queued"}
        record.recover("p1", False)  # what a restart would do
        assert record.states() == {"job": "queued"}
        paused.go_on.set()
        until(record.settled)
        assert len(printer.tickets) == 1
    assert record.states() == {"job": "printed"}


def test_a_job_is_marked_when_the_printer_has_answered_and_before_its_first_byte(renderer: Renderer) -> None:
    """A mute printer leaves it queued; when the mark is set, the printer has no byte of it."""
    seen: list[int] = []

    class Watching(JobRecord):
        def sending(self, job_id: str, printer: str) -> bool:
            seen.append(len(fake.jobs))
            return super().sending(job_id, printer)

    record = Watching()
    with FakePrinter() as fake, spooling(record, line_to(fake), renderer, check_every=60) as spool:
        until(lambda: spool.state()["state"] == "ok")
        fake.fault = "mute"
        record.add("job", numbered(1))
        spool.wake()
        until(lambda: spool.state()["last_error"] == "no_answer")
        assert (seen, record.states()) == ([], {"job": "queued"})
        fake.fault = "ok"
        until(record.settled)
        assert len(fake.jobs) == 1
    assert seen == [0]


def test_a_job_that_was_taken_away_while_it_was_rendered_is_not_printed_here(renderer: Renderer) -> None:
    """The other printer has it now; this one goes on with its next."""
    record, paused = JobRecord(), Paused(renderer)
    record.add("moved", numbered(1))
    record.add("ours", numbered(2))
    with FakePrinter() as printer, spooling(record, line_to(printer), paused):
        assert paused.reached.wait(20)
        record.give("moved", "p2")
        paused.go_on.set()
        until(lambda: record.states()["ours"] == "printed")
        assert printer.tickets == [renderer.render(numbered(2), 80).escpos]
    assert record.states()["moved"] == "queued"


@pytest.mark.parametrize("kept", [False, True])
def test_when_the_mark_may_not_be_kept_no_byte_leaves(renderer: Renderer, kept: bool) -> None:
    """Whether or not the store had written before it failed, the job is printed once when the store is back."""

    class Failing(JobRecord):
        failures = 1

        def sending(self, job_id: str, printer: str) -> bool:
            if self.failures:
                self.failures -= 1
                if kept:
                    super().sending(job_id, printer)
                raise OSError("the line to the store is cut")
            return super().sending(job_id, printer)

    record = Failing()
    record.add("job", numbered(1))
    with FakePrinter() as printer, spooling(record, line_to(printer), renderer):
        until(record.settled)
        assert len(printer.jobs) == 1
    assert record.states() == {"job": "printed"}


def test_who_may_help_is_told_while_a_printer_is_down(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the trouble and how long it has lasted; at once for a new job; its errors are borne."""
    record, calls = JobRecord(), list[tuple[str, float]]()

    def help_out(code: str, down_for_s: float) -> None:
        calls.append((code, down_for_s))
        raise RuntimeError("the helper's own trouble")

    with FakePrinter("paper_out") as printer:
        spool = Spool(record, line_to(printer), renderer, "p1", 80, poll=0.1, backoff=(5, 5), on_down=help_out)
        monkeypatch.setattr("printers.spool._TELL_EVERY", 60)
        spool.start()
        until(lambda: len(calls) == 1)
        monkeypatch.undo()
        spool.wake()
        until(lambda: len(calls) == 2)
        until(lambda: len(calls) == 4)
        assert {code for code, _ in calls} == {"paper_out"}
        lengths = [length for _, length in calls]
        assert lengths == sorted(lengths) and lengths[-1] - lengths[0] > 1.5
        printer.fault = "ok"
        until(lambda: spool.state()["state"] == "ok")
        told = len(calls)
        time.sleep(0.3)
        assert len(calls) == told
        assert spool.stop(10)
