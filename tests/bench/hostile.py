"""One hostile phone beside a working hall: what does each of its attacks cost those who are let in?

The server alone on one core, the load and the attacker on the other, in the run without an attack too. Everything is
counted that an attack could take away: the time of scans, screens' sockets, memory, open files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench.attacks import ATTACKS
from tests.bench.process import children, part
from tests.bench.venue import LIMIT_S, Loaded

BACK_WITHIN_S = 30.0
"""After an attack everything that was open is closed within this time."""
ATTACKERS_PRIORITY = 10
"""The load and the attacker share a core. The load comes first, else what is measured is how long the load itself waits
for that core; the attacker gets all that it leaves, which is most of it."""
_A_WHILE_S = 5.0
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
    """Return how many connections a process has open, and its memory in MB.

    Its files are those of the store, of which there may be more after many have asked at one moment.
    """
    pages = int(Path(f"/proc/{server}/statm").read_text().split()[1])
    connections = 0
    for one in Path(f"/proc/{server}/fd").iterdir():
        with suppress(FileNotFoundError):
            connections += str(one.readlink()).startswith("socket:")
    return connections, pages * os.sysconf("SC_PAGE_SIZE") / _MB


def measure(
    venue: Loaded, board: str, screens: tuple[int, int], load: tuple[int, float], attack: str
) -> dict[str, float]:
    """Check visitors in at a steady rate while `screens` (boards, others) watch, and one attack (or none) runs.

    `load` is how many visitors, and how many a second. Raises RuntimeError when a screen loses its socket, or a
    visitor is not checked in.
    """
    visitors, rate = load
    lasting = visitors / rate
    stolen = venue.tokens("counter", list(venue.plan.counters), screens[1] + 1)[-1] if attack else ""
    before, memory = held(venue.pid)
    with venue.watching(board, *screens) as watchers:
        if attack:
            with part("attacks", attack, str(venue.demo.port), str(lasting), stolen) as phone:
                os.setpriority(os.PRIO_PROCESS, phone.process.pid, ATTACKERS_PRIORITY)
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
        "left_open": float(max(0, left - before)),
        "closed_after_s": time.monotonic() - ended,
    }


def names(seconds: float) -> list[str]:
    """Return what a run plays one after the other: each attack, or when each has a moment only, some side by side."""
    each = list(ATTACKS)
    return each if seconds >= _A_WHILE_S else [",".join(each[at::3]) for at in range(3)]
