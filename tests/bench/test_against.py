"""A commit against another: what is compared, and what is said of what can't be."""

from __future__ import annotations

import pytest

from tests.bench import against


def test_the_ratio_is_this_one_s_median_by_the_other_s() -> None:
    """Figures that only one of them has are left out."""
    other = [{"check-in": {"1.cpu_ms_per_request": cpu, "gone": 1.0}} for cpu in (1.0, 9.0, 2.0)]
    this = [{"check-in": {"1.cpu_ms_per_request": cpu, "new": 1.0}} for cpu in (1.0, 3.0, 8.0)]
    assert against.compare(other, this) == [("check-in", "1.cpu_ms_per_request", 2.0, 3.0, 1.5)]


def test_what_decides_is_marked() -> None:
    """The CPU by the request, not the rate."""
    rows = [("check-in", "8.cpu_ms_per_request", 1.0, 1.0, 1.0), ("check-in", "8.requests_per_s", 1.0, 1.0, 1.0)]
    marked = [line for line in against.table({"against": "abc"}, rows).splitlines() if "decides" in line]
    assert len(marked) == 1 and "cpu_ms_per_request" in marked[0]


def test_a_commit_that_is_not_there_is_named() -> None:
    """Before anything is measured."""
    with pytest.raises(SystemExit, match="no commit 'nowhere'"):
        against.checkout("nowhere")
