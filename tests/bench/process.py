"""Child processes of a benchmark: started, asked for their CPU time, and always stopped, by their own id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process (without its children) has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    return [int(child) for tasks in Path(f"/proc/{pid}/task").glob("*/children") for child in tasks.read_text().split()]


class Part:
    """A module of this folder run as a process of its own."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{name}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def tell(self, line: Any) -> None:
        """Send one line of JSON."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def line(self) -> str:
        """Wait for a line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def outcome(self, timeout_s: float) -> dict[str, Any]:
        """Close its input and return what it came to. Raises RuntimeError when it failed."""
        output, _ = self.process.communicate(timeout=timeout_s)
        if self.process.returncode != 0:
            raise RuntimeError(f"{self.process.args!r} failed with {self.process.returncode}")
        outcome: dict[str, Any] = json.loads(output)
        return outcome

    def end(self) -> None:
        """Stop it, however it fares."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def part(name: str, *arguments: str) -> Iterator[Part]:
    """Run a part of the benchmark and stop it afterwards, whatever happens."""
    running = Part(name, *arguments)
    try:
        yield running
    finally:
        running.end()
