"""How pytest is run on a mutant, and the record of each test."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


class Recorder:
    """Keeps what became of each test.

    Args:
        path: the JSON file to write: the outcome and the seconds of each test, by its name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._became: dict[str, tuple[str, float]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up a test's three parts; the worst of them is its outcome."""
        was, seconds = self._became.get(report.nodeid, ("passed", 0.0))
        outcome = report.outcome if was == "passed" else was
        self._became[report.nodeid] = (outcome, seconds + report.duration)

    def pytest_sessionfinish(self) -> None:
        """Write the record."""
        self._path.write_text(json.dumps(self._became), "utf-8")


def run(tests: list[str], record: Path, *, first_failure: bool, marks: str) -> int:
    """Run tests in this process, in the present folder; return pytest's exit code.

    Args:
        tests: their names, as pytest has them.
        record: where to write what became of each.
        first_failure: whether the first failure is enough.
        marks: which of them, as `pytest -m` says it.
    """
    options = ["-q", "--no-header", "--tb=line", "-m", marks, "-p", "no:cacheprovider"]
    os.environ["CI"] = "1"  # the same examples each time
    stop = ["-x"] if first_failure else []
    return int(pytest.main([*options, *stop, *tests], plugins=[Recorder(record)]))
