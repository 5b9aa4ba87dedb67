"""One hostile phone beside a working hall: what does each of its attacks cost those who are let in?

The server alone on one core, the load and the attacker on the other, in the run without an attack too. Everything is
counted that an attack could take away: the time of scans, screens' sockets, memory, open files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.attacks import ATTACKS
from tests.bench.process import children, part
from tests.bench.venue import LIMIT_S, Loaded

BACK_WITHIN_S = 30.0
"""After an attack everything that was open is closed within this time."""
_MB = 1024 * 1024


@contextmanager
def apart(server: int) -> Iterator[None]:
    """Give a server and its helpers one core, and all that this process starts the other."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        yield
        return
    for process in (server, *children(server)):
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores[:1])
    os.sched_setaffinity(0, cores[1:2])
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def held(server: int) -> tuple[int, float]:
    """Return how many files a process has open, and its memory in MB."""
    pages = int(Path(f"/proc/{server}/statm").read_text().split()[1])
    return len(list(Path(f"/proc/{server}/fd").iterdir())), pages * os.sysconf("SC_PAGE_SIZE") / _MB


def measure(
    venue: Loaded, board: str, screens: tuple[int, int], load: tuple[int, float], attack: str
) -> dict[str, float]:
    """Check visitors in at a steady rate while `screens` (boards, others) watch, and one attack (or none) runs.

    `load` is how many visitors, and how many a second. Raises RuntimeError when a screen loses its socket, or a
    visitor is not checked in.
    """
    visitors, rate = load
    lasting = visitors / rate
    before, memory = held(venue.pid)
    with venue.watching(board, *screens) as watchers:
        if attack:
            with part("attacks", attack, str(venue.demo.port), str(lasting)) as phone:
                outcome = venue.check_in(8, visitors, rate)
                after_memory = held(venue.pid)[1]
                phone.outcome(LIMIT_S)
        else:
            outcome = venue.check_in(8, visitors, rate)
            after_memory = held(venue.pid)[1]
        watchers.outcome(LIMIT_S)
    ended = time.monotonic()
    while (left := held(venue.pid)[0]) > before + 2 and time.monotonic() < ended + BACK_WITHIN_S:
        time.sleep(0.2)
    scans = sorted(outcome["scan_ms"])
    return {
        "scan_p50_ms": scans[len(scans) // 2],
        "scan_p95_ms": scans[min(len(scans) - 1, round(len(scans) * 0.95))],
        "scan_max_ms": scans[-1],
        "server_busy": outcome["server_cpu_s"] / outcome["seconds"],
        "memory_mb": after_memory - memory,
        "files_left": float(max(0, left - before)),
        "closed_after_s": time.monotonic() - ended,
    }


def names(quick: bool) -> list[str]:
    """Return which attacks a run plays; a quick one a few."""
    return [name for name in ATTACKS if not quick or name in ("events", "silence", "openapi")]
