"""A commit against another: what is compared, and what is said of what can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import against
from tests.bench.venue import SERVER_OF, loaded


def test_the_ratio_is_this_one_s_median_by_the_other_s() -> None:
    """Figures that only one of them has are left out."""
    other = [{"check-in": {"1.cpu_ms_per_request": cpu, "gone": 1.0}} for cpu in (1.0, 9.0, 2.0)]
    this = [{"check-in": {"1.cpu_ms_per_request": cpu, "new": 1.0}} for cpu in (1.0, 3.0, 8.0)]
    assert against.compare(other, this) == [("check-in", "1.cpu_ms_per_request", 2.0, 3.0, 1.5)]


def test_what_decides_is_marked() -> None:
    """The CPU by the request, not the rate."""
    rows = [("check-in", f"8.{figure}", 1.0, 1.0, 1.0) for figure in ("cpu_ms_to_the_last_ticket", "requests_per_s")]
    marked = [line for line in against.table({"against": "abc"}, rows).splitlines() if "decides" in line]
    assert len(marked) == 1 and "cpu_ms_to_the_last_ticket" in marked[0]


def test_a_commit_that_is_not_there_is_named() -> None:
    """Before anything is measured."""
    with pytest.raises(SystemExit, match="no commit 'nowhere'"):
        against.checkout("nowhere")


def test_the_server_that_is_loaded_is_the_other_commit_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not this tree's, whose bench does the loading: else a commit would be compared with itself."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text("#!/bin/sh\necho the other one, in $PWD\nexit 3\n")
    (tmp_path / ".venv/bin/python").chmod(0o755)
    monkeypatch.setenv(SERVER_OF, str(tmp_path))
    with pytest.raises(RuntimeError, match=f"the other one, in {tmp_path}"), loaded(1, seed=1):
        pass
