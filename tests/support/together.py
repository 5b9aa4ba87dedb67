"""Doing things at the same moment, in real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def together(jobs: Iterable[Callable[[], T]]) -> list[T]:
    """Start every job at the same moment in a thread of its own; return their results in order, or raise the first."""
    work = list(jobs)
    gate = threading.Barrier(len(work))

    def run(job: Callable[[], T]) -> T:
        gate.wait(30)
        return job()

    with ThreadPoolExecutor(len(work)) as pool:
        futures = [pool.submit(run, job) for job in work]
        return [future.result(60) for future in futures]
