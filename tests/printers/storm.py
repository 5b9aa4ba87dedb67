"""Many jobs through spools, network transports and fake printers with random faults, and whose word holds.

    python -m tests.printers.storm --jobs 10000

Everything is real but the paper: the job record is a database, the lines are connections, and store, renderer and
printers fail at random. At the end each job's state is held against what the printers themselves have seen.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from printers.renderer import RenderedTicket, RenderError
from printers.spool import Spool
from printers.transports.network import NetworkTransport
from tests.printers.fake_printer import FAULTS, FakePrinter, Job
from tests.printers.job_record import JobRecord

_TROUBLE = [fault for fault in FAULTS if fault != "ok"]


class Failing(JobRecord):
    """A store that fails now and then, before or after it has written."""

    def __init__(self, dice: random.Random, share: float) -> None:
        super().__init__()
        self._dice = dice
        self._share = share
        self.failures = 0

    def _run(self, sql: str, *values: object) -> list[Any]:
        fate = self._dice.random()
        if sql.startswith("UPDATE") and fate < self._share:
            if fate < self._share / 2:
                super()._run(sql, *values)
            self.failures += 1
            raise OSError("the line to the store is cut")
        return super()._run(sql, *values)


class Prepared:
    """Tickets that are rendered already: each with its number in it; some can't be."""

    def check(self) -> None:
        """All is well."""

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        """Give the bytes of a ticket. Raises RenderError for one that is poisonous."""
        if spec.get("poison"):
            raise RenderError("poison", of_ticket=True)
        return RenderedTicket(png=b"", escpos=content(spec["number"]))


def content(number: int) -> bytes:
    """Give the bytes of a ticket: a small picture with the number in it."""
    return b"\x1b@\x1dv0\x00\x04\x00\x40\x00" + number.to_bytes(4, "big") * 64 + b"\x1dVB\x00\x1dr\x01"


@dataclass
class Outcome:
    """What became of a storm."""

    states: Counter[str]
    wrong: list[str]
    """Each job whose state does not agree with what the printers saw; empty when all is well."""
    faults: Counter[str]
    """How many connections met each fault."""
    store_failures: int
    seconds: float


def storm(jobs: int, printers: int = 8, *, seed: int = 1, faults: float = 0.2, timeout: float = 150.0) -> Outcome:
    """Print `jobs` tickets on `printers` printers, with a fault on one connection in five.

    Raises:
        TimeoutError: not all jobs have ended within `timeout` seconds.
    """
    dice = random.Random(seed)
    record = Failing(dice, 0.003)
    met: Counter[str] = Counter()

    def next_fault() -> str:
        fault = dice.choice(_TROUBLE) if dice.random() < faults else "ok"
        met[fault] += 1
        return fault

    names = [f"p{number}" for number in range(1, printers + 1)]
    for number, name in zip(range(jobs), itertools.cycle(names), strict=False):
        record.add(f"job-{number}", {"number": number, "poison": dice.random() < 0.01}, name)
    fakes = [FakePrinter(after=120, delay=0.03) for _ in names]
    for fake in fakes:
        fake.next_fault = next_fault
        fake.__enter__()
    spools = [
        Spool(
            record,
            NetworkTransport(
                "127.0.0.1",
                fake.port,
                connect_timeout=1,
                status_timeout=0.25,
                write_timeout=0.25,
                answer_timeout=0.25,
                settle=0.001,
            ),
            Prepared(),
            name,
            80,
            poll=0.05,
            backoff=(0.002, 0.02),
        )
        for name, fake in zip(names, fakes, strict=True)
    ]
    began = time.monotonic()
    for spool in spools:
        spool.start()
    try:
        while not record.settled():
            if time.monotonic() - began > timeout:
                raise TimeoutError(f"after {timeout:g} s: {Counter(record.states().values())}")
            time.sleep(0.05)
    finally:
        for spool in spools:
            spool.stop()
        for fake in fakes:
            fake.__exit__()
    took = time.monotonic() - began
    states = record.states()
    return Outcome(Counter(states.values()), disagreements(states, fakes), met, record.failures, took)


def disagreements(states: Mapping[str, str], fakes: list[FakePrinter]) -> list[str]:
    """Hold each job's state against the printers' own records."""
    seen: dict[bytes, list[Job]] = {}
    for fake in fakes:
        for job in fake.jobs:
            # The first 14 bytes, up to the end of the number: one cut off earlier tells nothing of whose it was.
            seen.setdefault(bytes(job.data[:14]), []).append(job)
    wrong: list[str] = []
    for name, state in states.items():
        number = int(name.removeprefix("job-"))
        found = seen.pop(content(number)[:14], [])
        whole = [job for job in found if job.cut and bytes(job.data) == content(number)]
        confirmed = [job for job in whole if job.acknowledged]
        true = {
            "printed": len(found) == len(whole) == len(confirmed) == 1,
            "uncertain": len(found) <= 1,
            "failed": not found,
        }.get(state, False)
        if not true:
            wrong.append(f"{name} is {state}: begun {len(found)}, whole {len(whole)}, confirmed {len(confirmed)}")
    wrong += [f"nobody's job on paper: {start.hex(' ')}" for start in seen if len(start) == 14]
    return wrong


def main() -> int:
    """Run a storm and tell."""
    parser = argparse.ArgumentParser(description="Many jobs, random faults, and whether every state is true.")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--printers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    threading.stack_size(256 * 1024)
    outcome = storm(arguments.jobs, arguments.printers, seed=arguments.seed, timeout=900)
    print(f"{arguments.jobs} jobs in {outcome.seconds:.1f} s: {dict(outcome.states)}")
    print(f"faults met: {dict(outcome.faults)}; store failures: {outcome.store_failures}")
    print("\n".join(outcome.wrong) or "every state agrees with the printers' own records")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
