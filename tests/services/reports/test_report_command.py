"""`riwaq report` as it is typed, on a real venue's settings file."""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checkin_server.cli import main
from checkin_server.common.clock import VirtualClock
from checkin_server.services.day import open_and_close
from checkin_server.services.members import enrol
from checkin_server.settings import load_settings
from checkin_server.venues import real
from tests.support.people import Card, singles
from tests.support.venue import Site

ROOT = Path(__file__).resolve().parents[3]
HOUR = 3_600_000


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's hall as a real venue: two were served on its first day, nobody has come on its second."""
    folder = tmp_path_factory.mktemp("report")
    shutil.copytree(ROOT / "config" / "demo", folder / "demo")
    file = folder / "riwaq.toml"
    text = 'venue = "demo/rabat.toml"\n[data]\ndir = "data"\n[database]\npath = "riwaq.db"\nkey_file = "../key"\n'
    file.write_text(text, encoding="utf-8")
    real.create(load_settings(file, {}))
    venue = real.open_venue(load_settings(file, {}))
    try:
        crowd = singles(2)
        enrol.enrol(venue, crowd, [Card(person.code, person.id, event=venue.plan.event.id) for person in crowd])
        site = Site(venue, VirtualClock(venue.now()), crowd)
        first, second = venue.plan.days[:2]
        open_and_close.open_day(venue, first, venue.now() - HOUR, venue.now() + HOUR)
        for person in crowd:
            site.visitor("enrolment", person=person)
        open_and_close.close_day(venue, anyway=True, now=True)
        open_and_close.open_day(venue, second, venue.now() - HOUR, venue.now() + HOUR)
    finally:
        venue.db.close()
    return file


def typed(config: Path, *words: str | Path) -> Result:
    """Type a command."""
    return CliRunner().invoke(main, ["report", *map(str, words), "--config", str(config)])


def days(config: Path) -> list[str]:
    """The venue's days."""
    return [day.id for day in load_settings(config, {}).plan.days]


def long(text: bytes) -> list[dict[str, str]]:
    """A long table as a spreadsheet reads it."""
    assert text.startswith(b"\xef\xbb\xbf") and b"\r\n" in text
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def figure(rows: list[dict[str, str]], dataset: str, column: str, row: str) -> str:
    """One figure of a long table."""
    (found,) = [one for one in rows if (one["dataset"], one["column"], one["row"]) == (dataset, column, row)]
    return found["value"]


def test_a_report_is_written_whole_for_its_owner_alone_and_replaced_only_when_that_is_said(
    config: Path, tmp_path: Path
) -> None:
    """The second time it is there already, and stays as it is."""
    first, *_ = days(config)
    out = tmp_path / "friday.csv"
    done = typed(config, "--day", first, "--out", out)
    assert done.exit_code == 0, done.output
    assert "2 visits" in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = long(out.read_bytes())
    assert list(rows[0]) == ["dataset", "row", "column", "value", "unit"]
    assert figure(rows, "glance", "arrivals", first) == "2"
    assert figure(rows, "glance", "wait_median", first) == ""
    assert figure(rows, "services", "abandoned", "enrolment") == "2"
    assert figure(rows, "period", "days", "") == first
    out.write_text("kept", encoding="utf-8")
    again = typed(config, "--day", first, "--out", out)
    assert again.exit_code == 1 and "--force" in again.stderr and out.read_text(encoding="utf-8") == "kept"
    assert typed(config, "--day", first, "--out", out, "--force").exit_code == 0
    assert long(out.read_bytes()) == rows
    assert [path.name for path in tmp_path.iterdir()] == ["friday.csv"]


def test_a_folder_gets_one_table_a_dataset_and_keeps_what_else_is_in_it(config: Path, tmp_path: Path) -> None:
    """The same figures as in the JSON file."""
    first, *_ = days(config)
    out = tmp_path / "friday"
    assert typed(config, "--day", first, "--out", out).exit_code == 0
    assert typed(config, "--day", first, "--out", tmp_path / "friday.json").exit_code == 0
    told = json.loads((tmp_path / "friday.json").read_bytes())
    assert {path.stem for path in out.iterdir()} == {one["name"] for one in told["datasets"]} | {"definitions"}
    for one in told["datasets"]:
        rows = list(csv.DictReader(io.StringIO((out / f"{one['name']}.csv").read_bytes().decode("utf-8-sig"))))
        assert rows == [{key: "" if value is None else str(value) for key, value in row.items()} for row in one["rows"]]
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    assert typed(config, "--day", first, "--out", out).exit_code == 1
    assert typed(config, "--day", first, "--out", out, "--force").exit_code == 0
    assert (out / "mine.txt").read_text(encoding="utf-8") == "kept"


def test_the_tour_is_every_day_that_was_opened_and_a_day_with_nobody_says_so(config: Path, tmp_path: Path) -> None:
    """A row a day, and one of all; what is not opened yet is no day of it."""
    first, second, *_ = days(config)
    assert typed(config, "--tour", "--out", tmp_path / "tour.csv").exit_code == 0
    rows = long((tmp_path / "tour.csv").read_bytes())
    assert [figure(rows, "glance", "arrivals", row) for row in (first, second, "all")] == ["2", "0", "2"]
    nobody = typed(config, "--from", second, "--to", "2999-01-01", "--out", tmp_path / "second.csv")
    assert nobody.exit_code == 0 and "nobody came" in nobody.stderr


def test_everybodys_reports_are_written_in_one_go(config: Path, tmp_path: Path) -> None:
    """A folder for the organiser, for each partner and for each office."""
    first, *_ = days(config)
    out = tmp_path / "all"
    done = typed(config, "--day", first, "--all", "--out", out)
    assert done.exit_code == 0, done.output
    names = {path.name for path in out.iterdir()}
    plan = load_settings(config, {}).plan
    assert "organizer" in names and {f"office-{office.id}" for office in plan.event.offices} <= names
    assert sum(name.startswith("partner-") for name in names) >= 4
    assert not list((out / "organizer").glob("cases.csv")) and list(out.glob("office-*/cases.csv"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "x.csv"), "say which days"),
        (("--day", "FIRST", "--tour", "--out", "x.csv"), "in one way"),
        (("--day", "2001-01-01", "--out", "x.csv"), "days with figures are FIRST"),
        (("--from", "FIRST", "--out", "x.csv"), "--from and --to go together"),
        (("--from", "2999-01-01", "--to", "FIRST", "--out", "x.csv"), "comes after"),
        (("--from", "2001-01-01", "--to", "2001-01-02", "--out", "x.csv"), "days with figures are FIRST"),
        (("--day", "FIRST", "--out", "x.docx"), ".csv, .json, or a folder"),
        (("--day", "FIRST", "--partner", "nobody", "--out", "x.csv"), "there is no partner nobody"),
        (("--day", "FIRST", "--office", "nowhere", "--out", "x.csv"), "there is no office nowhere"),
        (("--day", "FIRST", "--office", "rabat", "--all", "--out", "x"), "one reader at a time"),
        (("--day", "FIRST", "--all", "--out", "x.csv"), "--all writes a folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_written(
    config: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """Exit 2; what there is is named."""
    first = days(config)[0]
    typed_words = [first if word == "FIRST" else word for word in words]
    typed_words[-1] = str(tmp_path / words[-1])
    refused = typed(config, *typed_words)
    assert refused.exit_code == 2
    assert said.replace("FIRST", first) in refused.stderr and refused.stderr.count("\n") <= 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(config: Path, tmp_path: Path) -> None:
    """There is no such folder."""
    for name in ("report.csv", "report"):
        refused = typed(config, "--tour", "--out", tmp_path / "gone" / name)
        assert refused.exit_code == 1 and "cannot write" in refused.stderr
