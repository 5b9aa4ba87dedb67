from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from printers.renderer import RenderedTicket, Renderer, RenderError
from printers.spool import MAX_ATTEMPTS, JobQueue, Spool, TicketRenderer
from printers.transports.base import Paper, Transport, nothing
from printers.transports.network import NetworkTransport
from printers.transports.virtual import VirtualTransport
from tests.printers import samples
from tests.printers.conftest import FONTS, ROOT, TEMPLATE
from tests.printers.fake_printer import FakePrinter
from tests.printers.job_record import JobRecord
from tests.support.faults import Faults


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def numbered(number: int) -> samples.Spec:
    """A ticket that can be told from others."""
    return samples.EN | {"number": number, "duplicate": None}


@contextmanager
def spooling(
    queue: JobQueue, transport: Transport, renderer: TicketRenderer, *, poll: float = 0.2, check_every: float = 20.0
) -> Iterator[Spool]:
    """A running spool with short pauses."""
    spool = Spool(queue, transport, renderer, "p1", 80, poll=poll, check_every=check_every, backoff=(0.02, 0.1))
    spool.start()
    try:
        yield spool
    finally:
        assert spool.stop(20)


def line_to(printer: FakePrinter) -> NetworkTransport:
    """A transport with time-outs fit for tests."""
    return NetworkTransport(
        "127.0.0.1", printer.port, connect_timeout=2, status_timeout=1, write_timeout=1, answer_timeout=2
    )


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
        sent = 0

        def check(self) -> Paper:
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


CRASHING = """
import sys, threading
from pathlib import Path
from printers.renderer import Renderer
from printers.spool import Spool
from printers.transports.network import NetworkTransport
from tests.printers.job_record import JobRecord
from tests.support.faults import Faults
port, record, template, fonts = int(sys.argv[1]), *map(Path, sys.argv[2:])
Spool(JobRecord(record), NetworkTransport("127.0.0.1", port), Renderer(template, fonts), "p1", 80).start()
threading.Event().wait()
"""


def test_a_spool_killed_again_and_again_loses_no_job_and_prints_none_twice(
    tmp_path: Path, renderer: Renderer, faults: Faults
) -> None:
    """SIGKILL at any instant: `printed` came out once, `uncertain` at most once, nothing is left behind."""
    record = JobRecord(tmp_path / "jobs.db")
    jobs = faults.times(10, 200)
    for number in range(1, jobs + 1):
        record.add(f"job-{number}", numbered(number))

    def ended() -> int:
        return sum(state not in ("queued", "sending") for state in record.states().values())

    deaths = 0
    with FakePrinter() as printer:
        arguments = [str(printer.port), str(tmp_path / "jobs.db"), str(TEMPLATE), str(FONTS)]
        while not record.settled():
            assert deaths < 4 * jobs
            aim = ended() + 2
            with subprocess.Popen([sys.executable, "-c", CRASHING, *arguments], cwd=ROOT) as running:
                # Let it get going, then cut it off a little later each time, to hit each phase of a job.
                while ended() < aim and not record.settled():
                    assert running.poll() is None
                    time.sleep(0.001)
                time.sleep(deaths * 0.007 % 0.08)
                running.kill()
            deaths += 1
        tickets = printer.tickets
    assert deaths > 3
    for job, state in record.states().items():
        came_out = tickets.count(renderer.render(numbered(int(job.removeprefix("job-"))), 80).escpos)
        assert state in ("printed", "uncertain")
        assert came_out == 1 if state == "printed" else came_out <= 1
    # Each death leaves at most the one job in doubt that was on its way.
    assert list(record.states().values()).count("uncertain") <= deaths


GEVENT = """
from gevent import monkey; monkey.patch_all()
import json, sys, time
from pathlib import Path
import gevent
from printers.renderer import Renderer
from printers.spool import Spool
from printers.transports.network import NetworkTransport
from printers.transports.virtual import VirtualTransport
from tests.printers.fake_printer import FakePrinter
from tests.printers.job_record import JobRecord
from tests.support.faults import Faults
from tests.printers import samples

record, renderer = JobRecord(), Renderer(Path(sys.argv[1]), Path(sys.argv[2]))
renderer.check()
with FakePrinter() as fake, FakePrinter("mute") as dead:
    ways = {
        "paper": NetworkTransport("127.0.0.1", fake.port),
        "folder": VirtualTransport(Path(sys.argv[3]), "folder"),
        "dead": NetworkTransport("127.0.0.1", dead.port),
    }
    spools = [Spool(record, way, renderer, printer, 80) for printer, way in ways.items()]
    for number in range(1, 11):
        for printer in ways:
            record.add(f"{printer}-{number}", samples.EN | {"number": number}, printer)
    for spool in spools:
        spool.start()
    slowest, last, deadline = 0.0, time.perf_counter(), time.monotonic() + 30
    while sum(state == "printed" for state in record.states().values()) < 20 and time.monotonic() < deadline:
        gevent.sleep(0.002)
        slowest, last = max(slowest, time.perf_counter() - last), time.perf_counter()
    stopped = [spool.stop(10) for spool in spools]
    print(json.dumps({"states": record.states(), "tickets": len(fake.tickets), "slowest": slowest, "stopped": stopped}))
renderer.close()
"""


def test_under_gevent_printing_holds_up_nothing_else(tmp_path: Path) -> None:
    """Paper, folder and a dead printer at once: all is printed, and the loop never waits for any of them."""
    done = subprocess.run(
        [sys.executable, "-c", GEVENT, str(TEMPLATE), str(FONTS), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    expected = {"paper": "printed", "folder": "printed", "dead": "queued"}
    assert seen["states"] == {job: expected[job.split("-")[0]] for job in seen["states"]}
    assert seen["tickets"] == 10
    assert seen["stopped"] == [True, True, True]
    # The dead printer alone has time-outs of two seconds.
    assert seen["slowest"] < 1


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
        words = iter(["low", "ok", "low", "ok", "ok", "low", "ok", "ok", "ok"])
        heard = 0

        def check(self) -> Paper:
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
