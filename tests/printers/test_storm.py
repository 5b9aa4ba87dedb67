from __future__ import annotations

import contextlib
import itertools
import time
from collections import Counter

from printers.spool import Spool
from printers.transports.network import NetworkTransport
from tests.printers.fake_printer import FAULTS, FakePrinter
from tests.printers.job_record import JobRecord
from tests.printers.storm import Prepared, content, storm
from tests.support.faults import Faults


def test_of_thousands_of_jobs_each_ends_as_the_printers_themselves_have_seen_it(faults: Faults) -> None:
    """Random faults of printers, store and tickets: `printed` came out once and whole, `failed` never began.

    `uncertain` began at most once; nothing is lost, nothing comes out that nobody asked for.
    """
    jobs = faults.times(3_000, 30_000)
    outcome = storm(jobs, printers=16, seed=faults.seed, timeout=max(150, jobs / 30))
    assert outcome.wrong == []
    assert sum(outcome.states.values()) == jobs
    assert set(outcome.states) == {"printed", "uncertain", "failed"}
    # The storm did blow: every fault was met often, and most jobs came through it.
    assert set(outcome.faults) == set(FAULTS)
    assert min(outcome.faults.values()) > jobs / 250
    assert outcome.store_failures > jobs / 600
    assert outcome.states["uncertain"] > jobs / 120
    assert outcome.states["printed"] > 0.9 * jobs


def test_of_six_hundred_tickets_at_once_none_waits_behind_a_dead_printer() -> None:
    """Four printers, one that answers nothing: its tickets come out of the other three, each once."""
    names = ["p1", "p2", "p3", "p4"]
    record = JobRecord()
    for number, name in zip(range(600), itertools.cycle(names), strict=False):
        record.add(f"job-{number}", {"number": number}, name)
    neighbours = itertools.cycle(names[1:])

    def hand_over(code: str, down_for_s: float) -> None:
        """Give the dead printer's jobs away, as the server does it."""
        if down_for_s < 1:
            return
        for job in record.queued("p1"):
            record.give(job, next(neighbours))

    with contextlib.ExitStack() as stack:
        fakes = [stack.enter_context(FakePrinter("mute" if name == "p1" else "ok")) for name in names]
        spools = [
            Spool(
                record,
                NetworkTransport("127.0.0.1", fake.port),
                Prepared(),
                name,
                80,
                poll=0.1,
                on_down=hand_over if name == "p1" else None,
            )
            for name, fake in zip(names, fakes, strict=True)
        ]
        began = time.monotonic()
        for spool in spools:
            spool.start()
        while not record.settled():
            assert time.monotonic() - began < 60, Counter(record.states().values())
            time.sleep(0.05)
        took = time.monotonic() - began
        fakes[0].fault = "ok"
        assert all(spool.stop() for spool in spools)
        printed = Counter(ticket for fake in fakes for ticket in fake.tickets)
    assert set(record.states().values()) == {"printed"}
    assert printed == Counter(content(number) for number in range(600))
    assert [len(fake.tickets) for fake in fakes] == [0, 200, 200, 200]
    # Behind the dead one its 150 tickets would have taken two seconds each.
    assert took < 30
