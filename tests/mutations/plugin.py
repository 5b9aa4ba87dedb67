"""What pytest is run with on a mutant: no PostgreSQL where it was not asked for, and a record of each test."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


class Recorder:
    """Keeps what became of each test.

    Args:
        path: the JSON file to write: the outcome and the seconds of each test, by its name.
        postgres: whether tests on PostgreSQL are run. A server of their own takes longer than most mutations.
    """

    def __init__(self, path: Path, *, postgres: bool = False) -> None:
        self._path = path
        self._postgres = postgres
        self._became: dict[str, tuple[str, float]] = {}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what runs on PostgreSQL."""
        if self._postgres:
            return
        left_out = [item for item in items if _on_postgres(item)]
        if left_out:
            items[:] = [item for item in items if not _on_postgres(item)]
            config.hook.pytest_deselected(items=left_out)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up a test's three parts; the worst of them is its outcome."""
        was, seconds = self._became.get(report.nodeid, ("passed", 0.0))
        outcome = report.outcome if was == "passed" else was
        self._became[report.nodeid] = (outcome, seconds + report.duration)

    def pytest_sessionfinish(self) -> None:
        """Write the record."""
        self._path.write_text(json.dumps(self._became), "utf-8")


def _on_postgres(item: pytest.Item) -> bool:
    params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return "postgres" in params.values() or any(name.startswith("postgres") for name in fixtures)


def run(tests: list[str], record: Path, *, first_failure: bool, postgres: bool, deselect: list[str]) -> int:
    """Run tests in this process, in the present folder; return pytest's exit code."""
    options = ["-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"]
    options += [f"--deselect={test}" for test in deselect]
    os.environ["CI"] = "1"  # the same examples each time
    stop = ["-x"] if first_failure else []
    return int(pytest.main([*options, *stop, *tests], plugins=[Recorder(record, postgres=postgres)]))
