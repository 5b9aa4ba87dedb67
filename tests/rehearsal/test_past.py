"""A past day is read from its log or from a typed table, and refused with file, line and remedy."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from checkin_server.common.faults import WrongUse
from checkin_server.rehearsal import past
from checkin_server.services.reports import day_log
from tests.support.venue import Site

HOURS = (9 / 24, 18 / 24)


def _file(folder: Path, text: str) -> Path:
    path = folder / "day.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_typed_table_spreads_its_visitors_between_its_times(tmp_path: Path) -> None:
    """Nine hours: 90 in the first, 30 in the last; who is early is there when the doors open."""
    read = past.from_file(_file(tmp_path, "time,visitors\n08:00,10\n09:00,90\n10:00,0\n17:00,30\n"), HOURS)
    assert len(read.arrivals) == 130
    assert sum(1 for share in read.arrivals if share == 0) == 10
    assert sum(1 for share in read.arrivals if share <= 1 / 9) == 100
    assert sum(1 for share in read.arrivals if share >= 8 / 9) == 30


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """As spreadsheets here write them."""
    assert len(past.from_file(_file(tmp_path, "\ufeffTime;Visitors\n09:00;4\n"), HOURS).arrivals) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("when,who\n09:00,4\n", "day.csv:1: the first line must name the columns"),
        ("time,visitors\n10:00,4\n09:00,4\n", "day.csv:3: 09:00 does not come after"),
        ("time,visitors\n9h,4\n", 'day.csv:2: "9h" is not a time'),
        ("time,visitors\n09:00,-4\n", 'day.csv:2: "-4" is not a number'),
        ("time,visitors\n09:00,0\n", "nobody comes"),
        ("seq,at,kind,data\n1,yesterday,member_admitted,{}\n", "day.csv:2:"),
        ("seq,at,kind,data\n1,2019-12-27T08:00:00,member_admitted,{}\n", "day.csv:2: a time without an offset"),
        ("seq,at,kind,data\n1,2019-12-27T08:00:00Z,clock_set,{}\n", "nobody was admitted"),
        ("", "the first line must name the columns"),
    ],
)
def test_a_file_that_is_no_day_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """Exit code 2, and words that say what to write."""
    with pytest.raises(WrongUse, match=said):
        past.from_file(_file(tmp_path, text), HOURS)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(WrongUse, match=r"cannot read .*nothing\.csv"):
        past.from_file(tmp_path / "nothing.csv", HOURS)


def test_as_many_visitors_as_that_day_come_at_that_days_times() -> None:
    """Another number is drawn from the same curve."""
    day = past.PastDay("friday", (0.1, 0.2, 0.9))
    assert day.draw(3, random.Random(1)) == [0.1, 0.2, 0.9]
    more = day.draw(3000, random.Random(1))
    assert more == sorted(more) and len(more) == 3000
    assert sum(1 for share in more if share < 0.5) == pytest.approx(2000, rel=0.1)
    assert day.draw(50, random.Random(7)) == day.draw(50, random.Random(7))


def test_a_days_own_log_tells_arrivals_wants_and_service_times(site: Site, tmp_path: Path) -> None:
    """Written by `riwaq day log` and read again: the same day, and neither names nor references in the file."""
    site.press("bank-1", "open")
    for _ in range(5):
        visit = site.visitor("bank", "health")
        site.wait(27)
        site.press("bank-1", "call-next", "start")
        site.wait(12)
        site.press("bank-1", "finish")
    text = day_log.as_csv(site.venue, "2019-12-27")
    assert visit["id"] not in text and "M0000" not in text
    read = past.from_file(_file(tmp_path, text), HOURS)
    assert read.arrivals == pytest.approx([39 * n / 540 for n in range(5)])
    assert read.wanted == {"bank": 1.0, "health": 1.0}
    assert read.minutes == {"bank": 12.0}
    assert past.from_events("day.csv", day_log.read(site.venue, "2019-12-27")) == read


def test_a_day_that_never_opened_has_no_events(site: Site) -> None:
    """And nothing can be rehearsed from it."""
    assert day_log.read(site.venue, "2019-12-28") == []
