"""A spool in a process of its own: killed again and again, and under gevent."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from printers.renderer import Renderer
from tests.printers.conftest import FONTS, ROOT, TEMPLATE
from tests.printers.fake_printer import FakePrinter
from tests.printers.job_record import JobRecord
from tests.printers.spooling import numbered
from tests.support.faults import Faults

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
