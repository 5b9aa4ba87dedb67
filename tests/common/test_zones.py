"""The venue's hours come from the pinned zone data, whatever the machine's files say."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

import pytest

from checkin_server.common import zones
from checkin_server.services.paper.ticket import local_time
from checkin_server.services.times import at_venue, hours_at_venue, offset_in_words
from checkin_server.settings.venue import utc_ms
from tests.support.small_plan import small_plan

ROOT = Path(__file__).resolve().parents[2]
CASABLANCA = "Africa/Casablanca"
NINE = 1_796_029_200_000
"""09:00 of 30 November 2026 in Casablanca, which is UTC+0 for good since 20 September 2026."""


@pytest.fixture
def lying_machine(tmp_path: Path) -> Iterator[Path]:
    """A machine whose files for Casablanca are nine hours off."""
    file = tmp_path / CASABLANCA
    file.parent.mkdir(parents=True)
    file.write_bytes((resources.files("tzdata") / "zoneinfo" / "Asia" / "Tokyo").read_bytes())
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def test_the_hours_are_those_of_the_pinned_data(lying_machine: Path) -> None:
    """Settings, paper and the command line alike."""
    assert zoneinfo.ZoneInfo(CASABLANCA).utcoffset(datetime(2026, 11, 30)) == timedelta(hours=9)
    assert utc_ms(date(2026, 11, 30), time(9), CASABLANCA) == NINE
    assert local_time(small_plan(), NINE) == "30/11/2026 09:00"
    assert at_venue(NINE, CASABLANCA) == "2026-11-30 09:00"
    assert utc_ms(date(2019, 12, 27), time(9), CASABLANCA) == 1_577_433_600_000


def test_who_differs_is_found(lying_machine: Path) -> None:
    """The machine's own idea is read to compare with, never to reckon by."""
    theirs = zones.system_zone(CASABLANCA, lying_machine)
    assert theirs is not None
    assert zones.differences(CASABLANCA, theirs, [NINE]) == [NINE]
    assert zones.differences(CASABLANCA, zones.zone(CASABLANCA), [NINE]) == []
    assert zones.system_zone("Africa/Nowhere", lying_machine) is None
    (lying_machine / "Africa" / "Broken").write_bytes(b"no zone")
    assert zones.system_zone("Africa/Broken", lying_machine) is None


@pytest.mark.parametrize(
    "name", ["", "Nowhere", "Africa", "../etc/passwd", "/etc/localtime", "Africa/Casablanca/", "zones"]
)
def test_what_is_no_zone_is_said_so(name: str) -> None:
    """Also what would be a file of the machine's, or a folder."""
    with pytest.raises(KeyError):
        zones.zone(name)


@pytest.mark.parametrize(
    "name", [CASABLANCA, "Africa/El_Aaiun", "Europe/Paris", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"]
)
def test_what_screens_are_told_is_what_the_server_reckons(name: str) -> None:
    """At every hour of three years, around each change to the second."""
    around = NINE
    told = zones.offsets(name, around)
    year = 365 * 86_400_000
    hours = range(around - year, around + 2 * year, 3_600_000)
    for at in (*hours, *(one.since for one in told), *(one.since - 1000 for one in told[1:])):
        right = zones.offset_seconds(at, zones.zone(name))
        assert next(one.seconds for one in reversed(told) if one.since <= at) == right
    assert list(told) == sorted(told) and len(told) < 16


def test_hours_are_written_for_people() -> None:
    """The date once; the day after where a day lasts past midnight."""
    assert hours_at_venue(NINE, NINE + 8 * 3_600_000, CASABLANCA) == "2026-11-30 09:00 to 17:00"
    assert hours_at_venue(NINE, NINE + 16 * 3_600_000, CASABLANCA) == "2026-11-30 09:00 to 2026-12-01 01:00"
    assert [offset_in_words(s) for s in (0, 3600, -12_600, 20_700)] == ["+00:00", "+01:00", "-03:30", "+05:45"]


_OTHERS = re.compile(r"(?<!class )\bZoneInfo\(|timeZone:|\.toLocale(Time|Date)String|\.getHours\(")


def test_nobody_reckons_by_other_zone_data() -> None:
    """Python's `ZoneInfo(name)` reads the machine's files, a browser's `timeZone` its own."""
    kept = {Path("checkin_server/common/zones.py"), Path("checkin_server/shared/static/i18n.js")}
    for folder in ("checkin_server", "kiosk", "booth_display", "printers", "scripts"):
        for file in (*ROOT.glob(f"{folder}/**/*.py"), *ROOT.glob(f"{folder}/**/static/**/*.js")):
            if file.relative_to(ROOT) not in kept and "vendor" not in file.parts:
                assert _OTHERS.search(file.read_text("utf-8")) is None, file


def test_local_times_keep_their_moment() -> None:
    """A moment is the same one, however it is written."""
    assert zones.local(NINE, CASABLANCA) == datetime(2026, 11, 30, 9, tzinfo=UTC)
